FROM a
HEALTHCHECK --interval=5 CMD a
HEALTHCHECK --timeout=-1s CMD a
HEALTHCHECK --start-period=10us CMD a
HEALTHCHECK --start-interval=1h2 CMD a
HEALTHCHECK --interval=9999999h CMD a
HEALTHCHECK --interval=1..5s CMD a
HEALTHCHECK --interval=.s CMD a
