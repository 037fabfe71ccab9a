FROM a AS 1b
FROM a AS -b
FROM a AS b/c
FROM a AS ü
FROM a AS $x
