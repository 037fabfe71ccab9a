# a

#b
