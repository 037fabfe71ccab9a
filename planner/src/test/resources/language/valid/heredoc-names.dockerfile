FROM a
RUN <<eo\'f
a
eo'f
RUN <<e"o"\"f
b
eo"f
RUN <<$X
c
$X
RUN <<X <<Y cat
Y
X
X
Y
USER <<Z
