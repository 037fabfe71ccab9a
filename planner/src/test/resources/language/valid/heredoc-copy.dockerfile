FROM a
COPY <<EOF /x
FROM $A
RUNN
EOF
ADD --chmod=644 a <<-E2 b <<"E3" /y/
	one
	E2
$two
E3
