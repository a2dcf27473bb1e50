FROM alpine
RUN echo $ $$ $(a) ${b} ${c:-d} $((1+2)) <<EOF
x
EOF
