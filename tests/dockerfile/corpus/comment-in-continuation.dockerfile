FROM alpine
RUN a && \
# why
    b && \
    # and why
    c
