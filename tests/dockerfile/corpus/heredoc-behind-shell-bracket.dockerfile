FROM alpine
RUN [ -f x ] || cat <<EOF
a
EOF
