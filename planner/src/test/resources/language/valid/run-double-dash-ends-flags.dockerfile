FROM a
RUN --network=host -- --version
