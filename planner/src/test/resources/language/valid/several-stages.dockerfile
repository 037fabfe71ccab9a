FROM a AS one
RUN one

FROM b AS two
COPY --from=one /x /y
FROM two
