FROM a
COPY --from=build --chown=1:2 --chmod=755 --link --parents --exclude=*.md --exclude=a/b a b
COPY --link=FALSE --from= a b
