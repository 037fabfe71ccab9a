FROM a
\
RUN b
