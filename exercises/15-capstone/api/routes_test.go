package main

import (
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRoutes(t *testing.T) {
	t.Setenv("GREETER_COLOR", "blue")
	for _, test := range []struct {
		path   string
		status int
		holds  string
	}{
		{"/", http.StatusOK, greeting},
		{"/healthz", http.StatusOK, "ok"},
		{"/version", http.StatusOK, version},
		{"/args", http.StatusOK, "-test."},
		{"/env?name=GREETER_COLOR", http.StatusOK, "blue"},
		{"/env?name=GREETER_SHAPE", http.StatusInternalServerError, "GREETER_SHAPE"},
		{"/tz?name=UTC", http.StatusOK, "+0000"},
		{"/tz?name=No/Where", http.StatusInternalServerError, "No/Where"},
		{"/write", http.StatusOK, "greeter-"},
		{"/elsewhere", http.StatusNotFound, "not found"},
	} {
		t.Run(test.path, func(t *testing.T) {
			recorder := httptest.NewRecorder()
			routes().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, test.path, nil))
			if recorder.Code != test.status {
				t.Errorf("status is %d, want %d", recorder.Code, test.status)
			}
			if !strings.Contains(recorder.Body.String(), test.holds) {
				t.Errorf("body is %q, want it to hold %q", recorder.Body, test.holds)
			}
		})
	}
}

func TestNowhereToWriteIsAnError(t *testing.T) {
	t.Setenv("TMPDIR", "/no/such/folder")
	recorder := httptest.NewRecorder()
	routes().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/write", nil))
	if recorder.Code != http.StatusInternalServerError {
		t.Errorf("status is %d, want 500", recorder.Code)
	}
}

func TestAnEmptyPoolIsNoRoots(t *testing.T) {
	if notEmpty(x509.NewCertPool()) == nil {
		t.Error("an empty pool passed for root certificates")
	}
	pool := x509.NewCertPool()
	pool.AddCert(&x509.Certificate{Raw: []byte("any"), RawSubject: []byte("any")})
	if err := notEmpty(pool); err != nil {
		t.Errorf("a pool with a certificate: %v", err)
	}
}
