FROM golang
RUN make
FROM scratch
COPY --from=0 /app /app
