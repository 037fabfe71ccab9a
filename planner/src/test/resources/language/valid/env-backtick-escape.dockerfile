# escape=`
FROM a
ENV a=C:\ b=x` y c=d
