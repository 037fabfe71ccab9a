FROM a
ENV a
LABEL b
ENV a=b c
ENV =b
LABEL a=b =c
ARG =x
