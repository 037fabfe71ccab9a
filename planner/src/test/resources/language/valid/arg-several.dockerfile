ARG a b=1 c="2 3" d=
FROM x
ARG a
ARG e=${a:-b c}
