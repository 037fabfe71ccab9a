# c

#
FROM a
# c
   	  
#d
RUN b
# e