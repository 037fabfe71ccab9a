FROM a
ENV naïve=日本語 x=😀
RUN echo "ü😀"  x
LABEL a=" "
