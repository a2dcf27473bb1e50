FROM alpine
ADD --chmod=644 <<EOF /x
a
EOF
