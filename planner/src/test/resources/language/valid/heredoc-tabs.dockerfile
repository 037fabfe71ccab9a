FROM a
RUN <<-EOF
	one
		two
	 three
	EOF
RUN b
