# first
FROM alpine
  # indented
RUN true # for the shell
#last
