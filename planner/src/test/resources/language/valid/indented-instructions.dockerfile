  FROM alpine
	RUN true
   # comment
    CMD ["a"]
