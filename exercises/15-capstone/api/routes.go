package main

import (
	"crypto/x509"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// greeting is compiled into the program: the text that greeting.txt had at build time.
//
//go:embed greeting.txt
var greeting string

// routes maps each path to what answers it.
func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", text(func(*http.Request) (string, error) { return greeting, nil }))
	mux.HandleFunc("GET /healthz", text(func(*http.Request) (string, error) { return "ok\n", nil }))
	mux.HandleFunc("GET /version", text(func(*http.Request) (string, error) { return version + "\n", nil }))
	mux.HandleFunc("GET /args", text(args))
	mux.HandleFunc("GET /env", text(env))
	mux.HandleFunc("GET /tls", text(tlsRoots))
	mux.HandleFunc("GET /tz", text(timeZone))
	mux.HandleFunc("GET /write", text(writeFile))
	shop(mux, pages())
	return mux
}

// text answers with what answer returns, or with status 500 and the reason.
func text(answer func(*http.Request) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := answer(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprint(w, body)
	}
}

// args tells the arguments that the program was started with, one on each line.
func args(*http.Request) (string, error) {
	return strings.Join(os.Args[1:], "\n") + "\n", nil
}

// env tells one environment variable.
func env(r *http.Request) (string, error) {
	name := r.FormValue("name")
	value, ok := os.LookupEnv(name)
	if !ok {
		return "", fmt.Errorf("the environment has no %q", name)
	}
	return value + "\n", nil
}

// tlsRoots tells whether HTTPS requests could be made: without root certificates every one fails.
func tlsRoots(*http.Request) (string, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return "", err
	}
	return "root certificates found\n", notEmpty(pool)
}

// notEmpty exists because a system without certificates is no error to x509.
func notEmpty(pool *x509.CertPool) error {
	if pool.Equal(x509.NewCertPool()) {
		return errors.New("no root certificates found")
	}
	return nil
}

// timeZone tells the time at another place, which takes time zone data.
func timeZone(r *http.Request) (string, error) {
	zone, err := time.LoadLocation(r.FormValue("name"))
	if err != nil {
		return "", err
	}
	return time.Now().In(zone).Format(time.RFC1123Z) + "\n", nil
}

// writeFile writes a temporary file and removes it again.
func writeFile(*http.Request) (string, error) {
	file, err := os.CreateTemp("", "greeter-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name())
	_, err = file.WriteString(greeting)
	return "wrote " + file.Name() + "\n", errors.Join(err, file.Close())
}
