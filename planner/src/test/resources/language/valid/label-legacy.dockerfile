FROM a
LABEL description  This text
