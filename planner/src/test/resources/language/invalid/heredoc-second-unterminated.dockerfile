FROM a
RUN cat <<A <<B
a
A
A
