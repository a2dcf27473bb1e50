FROM alpine
RUN <<EOF
echo one

# kept
EOF
RUN two
