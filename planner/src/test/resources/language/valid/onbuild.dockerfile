FROM a
ONBUILD RUN echo $x \
  && y
onbuild   copy --chown=a  b   c
ONBUILD ENV a=b
ONBUILD HEALTHCHECK --retries=1 CMD a
