package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// patience is how long a health check waits for an answer.
const patience = 2 * time.Second

// health asks the greeter that listens on address how it is, and returns what HEALTHCHECK wants to know:
// 0 for healthy, 1 for unhealthy. So the image needs no other program to ask with.
func health(address string) int {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if host == "" {
		host = "127.0.0.1"
	}
	client := http.Client{Timeout: patience}
	answer, err := client.Get("http://" + net.JoinHostPort(host, port) + "/healthz")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		fmt.Fprintln(os.Stderr, "the greeter answers", answer.Status)
		return 1
	}
	fmt.Println("healthy")
	return 0
}
