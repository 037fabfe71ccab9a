FROM a
COPY a b/ c* /dest/
COPY a .
