FROM a
ENTRYPOINT exec top -b
ENTRYPOINT ["top", "-b"]
ENTRYPOINT [ ]
