package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"time"
)

// product is something that the shop sells; prices are cents, so that sums stay exact.
type product struct {
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

var products = []product{
	{"Teapot", 2490},
	{"Cup", 690},
	{"Spoon", 290},
}

// pages is the folder that holds what was built from frontend/: $PAGES, or dist/frontend in the working directory.
func pages() string {
	if folder := os.Getenv("PAGES"); folder != "" {
		return folder
	}
	return "dist/frontend"
}

// shop adds what a visitor sees: the products, and the pages in the folder.
func shop(mux *http.ServeMux, folder string) {
	mux.HandleFunc("GET /api/products", sell)
	mux.HandleFunc("GET /api/built", text(built))
	mux.HandleFunc("GET /shop", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, folder, "index.html")
	})
	mux.HandleFunc("GET /{page}", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, folder, r.PathValue("page"))
	})
}

// sell lists the products.
func sell(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(products)
}

// built tells when this program was compiled, by its own file.
func built(*http.Request) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(program)
	if err != nil {
		return "", err
	}
	return info.ModTime().UTC().Format(time.RFC3339Nano) + "\n", nil
}

// show answers with one file of the folder, or says where it looked in vain. A name that no file can have is not there.
func show(w http.ResponseWriter, r *http.Request, folder, name string) {
	files := os.DirFS(folder)
	info, err := fs.Stat(files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrInvalid), err == nil && info.IsDir():
		http.Error(w, fmt.Sprintf("not found: there is no %s in %s", name, folder), http.StatusNotFound)
	case err != nil:
		http.Error(w, fmt.Sprintf("%s cannot be read: %v", name, err), http.StatusInternalServerError)
	default:
		http.ServeFileFS(w, r, files, name)
	}
}
