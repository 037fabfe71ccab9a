FROM a
CMD ["a", "b",]
ENTRYPOINT ["a" "b"]
RUN ["a"] && b
