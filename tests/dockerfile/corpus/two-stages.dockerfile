FROM golang:1.26 AS builder
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM scratch
COPY --from=builder /app /app
ENTRYPOINT ["/app"]
