FROM --platform a
COPY --from a b c
RUN --mount a
COPY --link= a b
COPY --link=maybe a b
