package routes

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gin-gonic/gin"
)

func builtApp() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":               {Data: nil},
		"index.html":             {Data: []byte("<title>plain</title>")},
		"index.html.br":          {Data: []byte("index in br")},
		"index.html.gz":          {Data: []byte("index in gzip")},
		"favicon.svg":            {Data: []byte("<svg/>")},
		"assets/app-1a2b.js":     {Data: []byte("plain()")},
		"assets/app-1a2b.js.br":  {Data: []byte("js in br")},
		"assets/app-1a2b.js.gz":  {Data: []byte("js in gzip")},
		"assets/app-1a2b.css":    {Data: []byte("a{}")},
		"assets/lonely.gz":       {Data: []byte("a file that is only named so")},
		"assets/font.woff2":      {Data: []byte("font")},
		"manifest.webmanifest":   {Data: []byte("{}")},
		".vite/manifest.json":    {Data: []byte("{}")},
		"docs/index.html":        {Data: []byte("<title>viewer</title>")},
		"docs/swagger-ui.css":    {Data: []byte("b{}")},
		"docs/swagger-ui.css.br": {Data: []byte("css in br")},
	}
}

// serveApp is the web app's half of the table alone.
func serveApp(t *testing.T, app fs.FS) http.Handler {
	t.Helper()
	pages, err := newSPA(app)
	if err != nil {
		t.Fatal(err)
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.NoRoute(pages.serve)
	return r
}

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestSPA(t *testing.T) {
	h := serveApp(t, builtApp())
	for _, tt := range []struct {
		name, method, path, accept, encoding string
		status                               int
		body, contentType, contentEncoding   string
		cache                                string
	}{
		{"the start page", "GET", "/", browser, "", 200, "<title>plain</title>", "text/html; charset=utf-8", "", "no-cache"},
		{"the start page for curl", "GET", "/", "*/*", "", 200, "<title>plain</title>", "text/html; charset=utf-8", "", "no-cache"},
		{"by its name", "GET", "/index.html", "*/*", "gzip", 200, "index in gzip", "text/html; charset=utf-8", "gzip", "no-cache"},
		{"br before gzip", "GET", "/", browser, "gzip, deflate, br, zstd", 200, "index in br", "text/html; charset=utf-8", "br", "no-cache"},
		{"gzip alone", "GET", "/", browser, "gzip", 200, "index in gzip", "text/html; charset=utf-8", "gzip", "no-cache"},
		{"br refused", "GET", "/", browser, "br;q=0, gzip;q=0.5", 200, "index in gzip", "text/html; charset=utf-8", "gzip", "no-cache"},
		{"any", "GET", "/", browser, "*", 200, "index in br", "text/html; charset=utf-8", "br", "no-cache"},
		{"any but br", "GET", "/", browser, "br;q=0, *", 200, "index in gzip", "text/html; charset=utf-8", "gzip", "no-cache"},
		{"nothing we have", "GET", "/", browser, "zstd", 200, "<title>plain</title>", "text/html; charset=utf-8", "", "no-cache"},
		{"a hashed file", "GET", "/assets/app-1a2b.js", "*/*", "br", 200, "js in br", "text/javascript; charset=utf-8", "br", "public, max-age=31536000, immutable"},
		{"without another form", "GET", "/assets/app-1a2b.css", "text/css", "br", 200, "a{}", "text/css; charset=utf-8", "", "public, max-age=31536000, immutable"},
		{"a font", "GET", "/assets/font.woff2", "*/*", "br", 200, "font", "font/woff2", "", "public, max-age=31536000, immutable"},
		{"an icon", "GET", "/favicon.svg", "image/*", "br", 200, "<svg/>", "image/svg+xml", "", "no-cache"},
		{"the manifest", "GET", "/manifest.webmanifest", "*/*", "", 200, "{}", "application/manifest+json", "", "no-cache"},
		{"HEAD", "HEAD", "/assets/app-1a2b.js", "*/*", "gzip", 200, "", "text/javascript; charset=utf-8", "gzip", "public, max-age=31536000, immutable"},
		{"a path of the app", "GET", "/decks/12", browser, "br", 200, "index in br", "text/html; charset=utf-8", "br", "no-cache"},
		{"a path of the app, HEAD", "HEAD", "/decks/12", browser, "br", 200, "", "text/html; charset=utf-8", "br", "no-cache"},
		{"a path of the app for a program", "GET", "/decks/12", "application/json", "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"a path of the app for curl", "GET", "/decks/12", "*/*", "", 200, "<title>plain</title>", "text/html; charset=utf-8", "", "no-cache"},
		{"a path of the app for any text", "GET", "/decks/12", "text/*", "", 200, "<title>plain</title>", "text/html; charset=utf-8", "", "no-cache"},
		{"a path of the app for who does not say", "GET", "/decks/12", "", "", 200, "<title>plain</title>", "text/html; charset=utf-8", "", "no-cache"},
		{"a path of the app for an image", "GET", "/decks/12", "image/*", "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"html refused", "GET", "/decks/12", "text/html;q=0, */*", "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"a chunk that is gone", "GET", "/assets/old-9f.js", browser, "br", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"an asset without an extension", "GET", "/assets/old", browser, "br", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"hidden, without an extension", "GET", "/.git/config", browser, "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"well known to others", "GET", "/.well-known/change-password", browser, "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"a file that never was", "GET", "/logo.png", browser, "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"a form by its own name", "GET", "/index.html.br", browser, "br", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"hidden", "GET", "/.gitkeep", browser, "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"in a hidden folder", "GET", "/.vite/manifest.json", browser, "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"upwards", "GET", "/../../etc/passwd.txt", browser, "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"the viewer is not ours", "GET", "/docs/index.html", browser, "", 404, `"not_found"`, "application/problem+json", "", "no-store"},
		{"another method", "POST", "/decks", browser, "", 405, `"method_not_allowed"`, "application/problem+json", "", "no-store"},
		{"another method on a file", "DELETE", "/index.html", browser, "", 405, `"method_not_allowed"`, "application/problem+json", "", "no-store"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, nil)
			if tt.accept != "" {
				r.Header.Set("Accept", tt.accept)
			}
			if tt.encoding != "" {
				r.Header.Set("Accept-Encoding", tt.encoding)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			got := w.Header()
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if body := w.Body.String(); body != tt.body && (tt.status < 400 || !strings.Contains(body, tt.body)) {
				t.Errorf("body %q, want %q", body, tt.body)
			}
			for header, want := range map[string]string{"Content-Type": tt.contentType, "Content-Encoding": tt.contentEncoding, "Cache-Control": tt.cache} {
				if got.Get(header) != want {
					t.Errorf("%s: %q, want %q", header, got.Get(header), want)
				}
			}
			if tt.status == 200 {
				if etag := got.Get("ETag"); len(etag) < 10 || etag[0] != '"' || etag[len(etag)-1] != '"' {
					t.Errorf("ETag %q is not strong and quoted", etag)
				}
				if !strings.Contains(strings.Join(got.Values("Vary"), ","), "Accept-Encoding") {
					t.Errorf("Vary: %q", got.Values("Vary"))
				}
				if got.Get("Content-Length") == "" {
					t.Error("no Content-Length")
				}
				if got.Get("Content-Security-Policy") != appPolicy {
					t.Errorf("policy %q", got.Get("Content-Security-Policy"))
				}
			}
			if tt.status == 405 && got.Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow: %q", got.Get("Allow"))
			}
		})
	}
}

func TestSPAIsAskedAgain(t *testing.T) {
	h := serveApp(t, builtApp())
	get := func(encoding, match string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/assets/app-1a2b.js", nil)
		r.Header.Set("Accept-Encoding", encoding)
		if match != "" {
			r.Header.Set("If-None-Match", match)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	br, gz := get("br", "").Header().Get("ETag"), get("gzip", "").Header().Get("ETag")
	if br == gz {
		t.Fatal("two forms have one tag")
	}
	for _, tt := range []struct {
		encoding, match string
		status          int
	}{
		{"br", br, 304},
		{"br", gz, 200},
		{"gzip", gz, 304},
		{"br", `"other", ` + br, 304},
		{"br", "W/" + br, 304},
		{"br", "*", 304},
		{"br", `"other"`, 200},
		{"", br, 200},
	} {
		w := get(tt.encoding, tt.match)
		if w.Code != tt.status {
			t.Errorf("%q with %s: %d, want %d", tt.encoding, tt.match, w.Code, tt.status)
		}
		if w.Code == 304 && (w.Body.Len() > 0 || w.Header().Get("ETag") == "" || w.Header().Get("Cache-Control") == "") {
			t.Errorf("304 with body %q and headers %v", w.Body, w.Header())
		}
	}
}

func TestSPANotBuilt(t *testing.T) {
	for name, app := range map[string]fs.FS{"fresh clone": fstest.MapFS{".gitkeep": {}}, "no folder": fstest.MapFS{}} {
		w := httptest.NewRecorder()
		serveApp(t, app).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if w.Code != 503 || !strings.Contains(w.Body.String(), "make run") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if got := w.Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
	}
}
