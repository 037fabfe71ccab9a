FROM a
RUN a \
# one
   # two \
  && b
