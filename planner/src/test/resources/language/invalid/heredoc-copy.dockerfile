FROM a
COPY x <<EOF
FROM
EOF
ADD a <<"E 2" /y
E 2
COPY <<a/b /x
a/b
COPY <<A <<A /x/
A
A
RUNN z
