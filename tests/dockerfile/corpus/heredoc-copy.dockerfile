FROM alpine
COPY <<EOF /etc/motd
FROM nowhere
EOF
