FROM a
RUN echo $(( 1 << 3
RUN b
