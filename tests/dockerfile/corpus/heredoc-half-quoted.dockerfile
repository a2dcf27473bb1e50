FROM alpine
RUN cat <<E"O"F
a
EOF
