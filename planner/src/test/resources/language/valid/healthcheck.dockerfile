FROM a
HEALTHCHECK --interval=1h2m3.5s --timeout=30s --start-period=0 --start-interval=1ms --retries=3 CMD curl -f http://localhost/ || exit 1
HEALTHCHECK cmd ["/bin/check"]
HEALTHCHECK --timeout=1.5h CMD x
