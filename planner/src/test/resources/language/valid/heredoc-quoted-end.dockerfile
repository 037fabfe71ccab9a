FROM a
RUN <<'E O F'
FROM b
 EOF
E O F
RUN <<"X"
y
X
