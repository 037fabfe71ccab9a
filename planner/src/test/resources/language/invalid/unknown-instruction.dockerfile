FROM a
FRM b
RUNN x
CPY a b
ENTRYPIONT x
xyzzy
run:
&& more
