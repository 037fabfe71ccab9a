FROM a
CMD [1]
RUN ["a", null]
COPY ["a", ["b"]]
VOLUME [{}]
ENTRYPOINT [true]
