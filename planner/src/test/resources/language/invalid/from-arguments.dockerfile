FROM a b
FROM a AS
FROM a IN b
FROM a AS b c
