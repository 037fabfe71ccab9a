FROM a
RUN x \
  y

# c
ENV a=b
