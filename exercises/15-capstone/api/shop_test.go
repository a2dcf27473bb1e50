package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// visit asks a shop whose pages are in folder.
func visit(folder, path string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	shop(mux, folder)
	recorder := httptest.NewRecorder()
	mux.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder
}

// put writes a file into a new folder, and returns the folder.
func put(t *testing.T, name, text string) string {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestShowsTheFilesOfTheFolder(t *testing.T) {
	for _, test := range []struct{ file, path, kind string }{
		{"index.html", "/shop", "text/html"},
		{"style.css", "/style.css", "text/css"},
		{"app.js", "/app.js", "text/javascript"},
		{"build.json", "/build.json", "application/json"},
	} {
		t.Run(test.path, func(t *testing.T) {
			answer := visit(put(t, test.file, "as it was built"), test.path)
			if answer.Code != http.StatusOK || answer.Body.String() != "as it was built" {
				t.Errorf("answered %d: %s", answer.Code, answer.Body)
			}
			if kind := answer.Header().Get("Content-Type"); !strings.HasPrefix(kind, test.kind) {
				t.Errorf("the type is %q, want %s", kind, test.kind)
			}
		})
	}
}

func TestSaysWhereItLookedForAPage(t *testing.T) {
	folder := put(t, "index.html", "")
	answer := visit(folder, "/app.js")
	if answer.Code != http.StatusNotFound || !strings.Contains(answer.Body.String(), "no app.js in "+folder) {
		t.Errorf("answered %d: %q, want 404 that names the file and the folder", answer.Code, answer.Body)
	}
}

func TestDoesNotCallAFileMissingThatCannotBeRead(t *testing.T) {
	folder := t.TempDir()
	if err := os.Symlink("app.js", filepath.Join(folder, "app.js")); err != nil { // a link to itself
		t.Fatal(err)
	}
	answer := visit(folder, "/app.js")
	if answer.Code != http.StatusInternalServerError || strings.Contains(answer.Body.String(), "not found") {
		t.Errorf("answered %d: %q, want 500", answer.Code, answer.Body)
	}
}

func TestShowsFilesOfTheFolderAlone(t *testing.T) {
	folder := put(t, "index.html", "")
	if err := os.Mkdir(filepath.Join(folder, "inner"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/inner", "/..%2F" + filepath.Base(folder) + "%2Findex.html"} {
		if answer := visit(folder, path); answer.Code != http.StatusNotFound {
			t.Errorf("%s: status is %d, want 404", path, answer.Code)
		}
	}
}

func TestSellsItsProducts(t *testing.T) {
	answer := visit(t.TempDir(), "/api/products")
	if !strings.Contains(answer.Body.String(), `{"name":"Cup","cents":690}`) {
		t.Errorf("answered %q, want a cup in it", answer.Body)
	}
}

func TestTellsWhenItWasCompiled(t *testing.T) {
	answer := visit(t.TempDir(), "/api/built")
	when, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(answer.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	if age := time.Since(when); age < 0 || age > time.Hour {
		t.Errorf("compiled at %s, want just now", when)
	}
}

func TestLooksForItsPagesWhereItIsTold(t *testing.T) {
	t.Setenv("PAGES", "")
	if got := pages(); got != "dist/frontend" {
		t.Errorf("the folder is %q, want dist/frontend", got)
	}
	t.Setenv("PAGES", "/srv/pages")
	if got := pages(); got != "/srv/pages" {
		t.Errorf("the folder is %q, want that of the environment", got)
	}
}
