FROM a
RUN echo $((1<<3)) a<<b "<<EOF" '<<EOF' \<<EOF <<<x $(( 1 << 2 )) $((1 <<(3)))x <<
CMD echo <<EOF
RUN ["cat", "<<EOF"]
ENV a=<<EOF
