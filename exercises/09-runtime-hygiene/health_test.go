package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHealthIsWhatTheGreeterAnswers(t *testing.T) {
	server := httptest.NewServer(routes())
	address := server.Listener.Addr().String()
	if code := health(address); code != 0 {
		t.Errorf("of a greeter that answers the health is %d, want 0", code)
	}
	server.Close()
	if code := health(address); code != 1 {
		t.Errorf("of a greeter that is gone the health is %d, want 1", code)
	}
}

func TestAnyOtherAnswerIsNotHealthy(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	if code := health(server.Listener.Addr().String()); code != 1 {
		t.Errorf("the health is %d, want 1", code)
	}
}

func TestAnAddressWithoutAPortIsNotHealthy(t *testing.T) {
	if code := health("nowhere"); code != 1 {
		t.Errorf("the health is %d, want 1", code)
	}
}
