FROM a
RUN <<EOF
echo 1
EOF
RUN b
