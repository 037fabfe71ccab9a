FROM a
RUN echo $((1<<3)) a<<b "<<EOF" '<<EOF' \<<EOF <<<x << x 1 << 2
CMD echo <<EOF
RUN ["cat", "<<EOF"]
ENV a=<<EOF
