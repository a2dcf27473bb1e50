FROM alpine
RUN -- --not-a-flag
RUN --network=none -- a
