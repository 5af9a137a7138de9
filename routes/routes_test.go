package routes

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/controllers"
	"aoki/models/modelstest"
)

type server struct {
	http.Handler
	api      *controllers.API
	store    *modelstest.Store
	log      *bytes.Buffer
	stopping chan struct{}
}

func newServer(t *testing.T, app fs.FS, change func(*controllers.API)) *server {
	t.Helper()
	s := &server{store: modelstest.Open(t), log: new(bytes.Buffer), stopping: make(chan struct{})}
	s.api = &controllers.API{
		DB: s.store.DB, Now: time.Now, Stopping: s.stopping,
		Log: slog.New(slog.NewJSONHandler(s.log, nil)),
	}
	if change != nil {
		change(s.api)
	}
	var err error
	if s.Handler, err = New(s.api, app); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *server) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestServiceRoutes(t *testing.T) {
	s := newServer(t, builtApp(), nil)
	for _, tt := range []struct {
		method, path string
		status       int
		contentType  string
		contains     string
	}{
		{"GET", "/livez", 200, "application/json", `"ok"`},
		{"HEAD", "/livez", 200, "application/json", ""},
		{"GET", "/readyz", 200, "application/json", `"ok"`},
		{"GET", "/api/v1/livez", 200, "application/json", `"ok"`},
		{"GET", "/api/v1/readyz", 200, "application/json", `"ok"`},
		{"GET", "/api/v1/openapi.yaml", 200, "application/yaml", "openapi: 3.1.0"},
		{"GET", "/api/v1/asyncapi.yaml", 200, "application/yaml", "asyncapi: 3.0.0"},
		{"GET", "/api/v1/docs", 200, "text/html; charset=utf-8", "viewer"},
		{"GET", "/api/v1/docs/swagger-ui.css", 200, "text/css; charset=utf-8", "b{}"},
		{"GET", "/api/v1/docs/nothing.js", 404, "application/problem+json", "not_found"},
		{"GET", "/api/v1/nothing", 404, "application/problem+json", "not_found"},
		{"GET", "/api/v1/livez/", 404, "application/problem+json", "not_found"},
		{"GET", "/api", 404, "application/problem+json", "not_found"},
		{"GET", "/api/", 404, "application/problem+json", "not_found"},
		{"GET", "/api/v2/decks", 404, "application/problem+json", "not_found"},
		{"GET", "/ws/more", 404, "application/problem+json", "not_found"},
		{"DELETE", "/livez", 405, "application/problem+json", "method_not_allowed"},
		{"POST", "/api/v1/openapi.yaml", 405, "application/problem+json", "method_not_allowed"},
		{"GET", "/decks", 200, "text/html; charset=utf-8", "plain"},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, nil)
			r.Header.Set("Accept", browser)
			w := s.do(r)
			if w.Code != tt.status || w.Header().Get("Content-Type") != tt.contentType {
				t.Errorf("%d %s", w.Code, w.Header().Get("Content-Type"))
			}
			if !strings.Contains(w.Body.String(), tt.contains) {
				t.Errorf("body %.200s", w.Body)
			}
			if w.Code == 405 && w.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow %q", w.Header().Get("Allow"))
			}
			if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Content-Security-Policy") == "" {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
}

func TestProblem(t *testing.T) {
	s := newServer(t, builtApp(), nil)
	w := s.do(httptest.NewRequest("GET", "/api/v1/nothing", nil))
	var p map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"type": "about:blank", "title": "Not Found", "status": 404.0, "code": "not_found"}
	for k, v := range want {
		if p[k] != v {
			t.Errorf("%s: %v, want %v", k, p[k], v)
		}
	}
	if fields, ok := p["fields"].([]any); !ok || len(fields) != 0 {
		t.Errorf("fields: %v", p["fields"])
	}
}

func TestReady(t *testing.T) {
	s := newServer(t, builtApp(), nil)
	close(s.stopping)
	w := s.do(httptest.NewRequest("GET", "/readyz", nil))
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), `"stopping"`) {
		t.Errorf("stopping: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := s.do(httptest.NewRequest("GET", "/livez", nil)); w.Code != 200 {
		t.Errorf("livez while stopping: %d", w.Code)
	}

	s = newServer(t, builtApp(), nil)
	s.store.Close()
	w = s.do(httptest.NewRequest("GET", "/readyz", nil))
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), `"unavailable"`) {
		t.Errorf("store away: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if strings.Contains(w.Body.String(), "sql") {
		t.Errorf("the cause went to the client: %s", w.Body)
	}
}

func TestRequestID(t *testing.T) {
	s := newServer(t, builtApp(), nil)
	for _, tt := range []struct {
		sent string
		kept bool
	}{
		{"req-1.A_z", true},
		{"", false},
		{"two words", false},
		{"a\"b", false},
		{strings.Repeat("a", 64), true},
		{strings.Repeat("a", 65), false},
		{"ü", false},
	} {
		r := httptest.NewRequest("GET", "/livez", nil)
		r.Header.Set("X-Request-Id", tt.sent)
		got := s.do(r).Header().Get("X-Request-Id")
		if got == "" || (got == tt.sent) != tt.kept {
			t.Errorf("%q: %q", tt.sent, got)
		}
	}
}

func TestAccessLog(t *testing.T) {
	s := newServer(t, builtApp(), nil)
	r := httptest.NewRequest("POST", "/api/v1/docs/secret-path?token=secret-query", strings.NewReader("secret-body"))
	r.Header.Set("Authorization", "Bearer secret-token")
	r.Header.Set("Cookie", "aoki_access=secret-cookie")
	r.Header.Set("X-Request-Id", "known")
	s.do(r)
	if n := strings.Count(s.log.String(), "\n"); n != 1 {
		t.Fatalf("%d lines:\n%s", n, s.log)
	}
	if strings.Contains(s.log.String(), "secret") {
		t.Errorf("the log tells secrets: %s", s.log)
	}
	var line map[string]any
	if err := json.Unmarshal(s.log.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"id", "method", "route", "status", "duration", "bytes"} {
		if line[k] == nil {
			t.Errorf("no %s in %v", k, line)
		}
	}
	if line["id"] != "known" || line["status"] != 405.0 || line["code"] != "method_not_allowed" {
		t.Errorf("line: %v", line)
	}

	s.log.Reset()
	s.do(httptest.NewRequest("GET", "/api/v1/docs/secret-path", nil))
	if !strings.Contains(s.log.String(), `"route":"/api/v1/docs/:file"`) || strings.Contains(s.log.String(), "secret") {
		t.Errorf("line: %s", s.log)
	}
}

func TestPanic(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	r := gin.New()
	r.Use(requestID(), accessLog(logger, time.Now), recovered(logger))
	r.GET("/early", func(*gin.Context) { panic("the reason") })
	r.GET("/late", func(c *gin.Context) {
		io.WriteString(c.Writer, "half an")
		panic("the reason")
	})
	srv := httptest.NewServer(r)
	defer srv.Close()

	resp, err := http.Get(srv.URL + "/early")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 500 || !strings.Contains(string(body), `"internal"`) || strings.Contains(string(body), "reason") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if resp, err = http.Get(srv.URL + "/late"); err == nil {
		if _, err = io.ReadAll(resp.Body); err == nil {
			t.Error("half an answer looks whole")
		}
	}
	srv.Close()
	if got := log.String(); strings.Count(got, "the reason") < 2 || !strings.Contains(got, "routes_test.go") {
		t.Errorf("log: %s", got)
	}
}

func TestForeignOrigin(t *testing.T) {
	s := newServer(t, builtApp(), func(a *controllers.API) {
		a.Site = controllers.Site{Origin: "https://cards.example", Allowed: []string{"https://friend.example"}}
	})
	for _, tt := range []struct {
		name    string
		method  string
		headers map[string]string
		refused bool
	}{
		{"a program", "POST", nil, false},
		{"this site", "POST", map[string]string{"Origin": "https://cards.example", "Sec-Fetch-Site": "same-origin"}, false},
		{"this site in an old browser", "POST", map[string]string{"Origin": "https://cards.example"}, false},
		{"a friend", "POST", map[string]string{"Origin": "https://friend.example", "Sec-Fetch-Site": "cross-site"}, false},
		{"another site", "POST", map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, true},
		{"another site in an old browser", "POST", map[string]string{"Origin": "https://evil.example"}, true},
		{"a sandboxed page", "POST", map[string]string{"Origin": "null"}, true},
		{"a neighbour", "DELETE", map[string]string{"Origin": "https://x.cards.example", "Sec-Fetch-Site": "same-site"}, true},
		{"reading", "GET", map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, false},
	} {
		r := httptest.NewRequest(tt.method, "https://cards.example/api/v1/guarded", nil)
		for k, v := range tt.headers {
			r.Header.Set(k, v)
		}
		sameSite, err := sameSiteOnly(s.api.Site)
		if err != nil {
			t.Fatal(err)
		}
		e := gin.New()
		e.Any("/api/v1/guarded", sameSite, func(c *gin.Context) { c.Status(204) })
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if (w.Code == 403) != tt.refused {
			t.Errorf("%s: %d %s", tt.name, w.Code, w.Body)
		}
		if tt.refused && !strings.Contains(w.Body.String(), `"foreign_origin"`) {
			t.Errorf("%s: %s", tt.name, w.Body)
		}
	}
}

func TestClientAddress(t *testing.T) {
	for _, tt := range []struct {
		proxies []netip.Prefix
		remote  string
		want    string
	}{
		{nil, "10.0.0.1:1234", "10.0.0.1"},
		{[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "10.0.0.1:1234", "192.0.2.7"},
		{[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "11.0.0.1:1234", "11.0.0.1"},
	} {
		e := gin.New()
		if err := trustProxies(e, tt.proxies); err != nil {
			t.Fatal(err)
		}
		e.GET("/", func(c *gin.Context) { c.String(200, c.ClientIP()) })
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.remote
		r.Header.Set("X-Forwarded-For", "192.0.2.7")
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Body.String() != tt.want {
			t.Errorf("%v from %s: %s, want %s", tt.proxies, tt.remote, w.Body, tt.want)
		}
	}
}
