FROM --platform=a --platform=b c
COPY --chown=a --chown=b c d
COPY --link --link=true a b
RUN --network=none --network=host a
HEALTHCHECK --retries=1 --retries=2 CMD a
