# escape=`
FROM windows
RUN dir C:\ `
  && more
COPY a c:\windows\
RUN echo done
