FROM a
ENV --x a=b
CMD --x
WORKDIR --x=1 /a
USER --x a
STOPSIGNAL --x 9
ARG --x a
EXPOSE --x 1
VOLUME --x /a
ONBUILD --x RUN a
SHELL --x ["a"]
