FROM alpine
RUN a \
# nothing more
