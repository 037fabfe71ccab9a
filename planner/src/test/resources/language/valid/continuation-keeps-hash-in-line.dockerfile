FROM a
RUN a # not a comment \
  b
