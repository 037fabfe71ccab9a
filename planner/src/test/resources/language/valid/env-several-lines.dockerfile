FROM a
ENV a=1 \
    # none
    b=2 \
    c=3
