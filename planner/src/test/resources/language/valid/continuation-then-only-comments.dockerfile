FROM a
RUN a \
# x
# y
