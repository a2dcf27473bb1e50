// Greeter is a small web server: it greets, and it tells what it finds in the container around it.
package main

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is set by the linker: go build -ldflags "-X main.version=1.2.3"
var version = "dev"

// shutdownTime is how long requests under way may still take after a signal.
const shutdownTime = 500 * time.Millisecond

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

// run listens and serves until a signal says to stop.
func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	listener, err := net.Listen("tcp", address())
	if err != nil {
		return err
	}
	log.Printf("greeter %s listens on %s", version, listener.Addr())
	return serve(ctx, listener)
}

// address is where to listen: $ADDRESS, or port 8080 on every interface.
func address() string {
	if address := os.Getenv("ADDRESS"); address != "" {
		return address
	}
	return ":8080"
}

// serve answers requests until ctx is done, then lets those under way finish.
func serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: routes(), ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}

	log.Print("told to stop: finishing the requests under way")
	grace, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}
