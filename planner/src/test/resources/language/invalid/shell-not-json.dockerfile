FROM a
SHELL /bin/bash -c
SHELL ["a"
