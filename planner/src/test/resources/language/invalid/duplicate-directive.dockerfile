# escape=`
# escape=`
# syntax=a
# syntax=b
FROM a
