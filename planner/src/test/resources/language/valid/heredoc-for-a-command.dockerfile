FROM a
RUN --network=none cat <<EOF > /x && python3 3<<-E2
from x
EOF
	print(1)
	E2
CMD ["a"]
