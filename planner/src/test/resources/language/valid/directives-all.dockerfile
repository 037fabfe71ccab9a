# syntax=docker/dockerfile:1
#check=skip=all;error=true
#   ESCAPE   =   `   
FROM a
RUN x`
y
