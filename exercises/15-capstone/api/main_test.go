package main

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"
)

func TestListensOnPort8080UnlessToldOtherwise(t *testing.T) {
	t.Setenv("ADDRESS", "")
	if got := address(); got != ":8080" {
		t.Errorf("address is %q, want :8080", got)
	}
	t.Setenv("ADDRESS", "127.0.0.1:3000")
	if got := address(); got != "127.0.0.1:3000" {
		t.Errorf("address is %q, want that of the environment", got)
	}
}

func TestServesUntilToldToStop(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener) }()

	answer, err := http.Get("http://" + listener.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("status is %d, want 200", answer.StatusCode)
	}

	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("serve ended with %v, want no error", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("serve did not end")
	}
}
