FROM a
ENV a=b c="d e" f='g h' i=j\ k l= m="x\"y" n=$o p=a=b
