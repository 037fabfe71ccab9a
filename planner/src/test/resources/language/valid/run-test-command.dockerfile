FROM a
RUN [ -f /x ] && echo y
RUN [ "$a" = "b" ]
