FROM alpine
CMD cat <<EOF
ENV A=<<EOF
