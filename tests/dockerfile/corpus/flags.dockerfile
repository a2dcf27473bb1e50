FROM --platform=linux/amd64 alpine
COPY --from=x --chown=1:1 --link a b
ADD --checksum="sha256:0" --keep-git-dir=true a b
RUN --mount=type=bind,from=x,target=/y --mount=type=cache,target=/z a
