FROM a
RUN cat <<  EOF > x 3<< -E2 <<- "E3"
x
EOF
y
-E2
	z
	E3
RUN <<	A
b
A
RUN c
