FROM a
ADD --chown=u --chmod=u+x --link=true --checksum=sha256:12 --keep-git-dir=false --unpack --exclude=x https://example.com/x.tar /y
