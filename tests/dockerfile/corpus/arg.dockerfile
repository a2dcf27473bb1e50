ARG A
ARG B=c D E="f g"
FROM alpine:${B:-latest}
ARG A
