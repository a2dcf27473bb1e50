FROM alpine
RUN a && \
  cat <<EOF
b \
EOF
