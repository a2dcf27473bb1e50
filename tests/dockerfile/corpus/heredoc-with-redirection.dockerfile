FROM alpine
RUN cat <<EOF > /x && cat <<EOG >> /y
a
EOF
b
EOG
