FROM --platfrom=x a
COPY --form=b c d
RUN --mont=type=x y
RUN --privileged y
ADD --from=a b c
