FROM alpine
COPY <<"EOF" <<'E2' /x/
$HOME
EOF
$x
E2
