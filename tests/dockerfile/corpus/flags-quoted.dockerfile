FROM alpine
COPY --chown="a b" --chmod='7'55 c\ d e
RUN --mount=type=bind,"source=a b",target=/c d
