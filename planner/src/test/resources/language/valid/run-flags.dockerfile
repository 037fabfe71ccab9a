FROM a
RUN --mount=type=cache,target=/x --mount=type=bind,"source=a b" --network=none --security=insecure --device=gpu echo --mount
