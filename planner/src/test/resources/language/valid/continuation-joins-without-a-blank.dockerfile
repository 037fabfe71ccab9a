FROM a
RUN ab\
cd\
  ef
