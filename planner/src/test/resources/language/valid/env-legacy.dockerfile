FROM a
ENV name  a value  with "blanks" and = signs
