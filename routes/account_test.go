package routes

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/controllers"
	"aoki/models"
	"aoki/models/modelstest"
)

// accountServer is a server with accounts; requests come from loopback.
type accountServer struct {
	*server
	sockets *hub
}

// hub stands in for the sockets.
type hub struct {
	modelstest.Sockets
	controllers.Hub // what accounts don't use
	mu              sync.Mutex
	prolonged       map[int64]time.Time
}

func (h *hub) CloseSession(id int64) { h.Sockets.CloseSession(id) }
func (h *hub) CloseUser(id int64)    { h.Sockets.CloseUser(id) }
func (h *hub) Prolong(id int64, expires time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.prolonged[id] = expires
}

func newAccounts(t *testing.T) *accountServer {
	t.Helper()
	s := &accountServer{server: newServer(t, builtApp(), nil), sockets: &hub{prolonged: map[int64]time.Time{}}}
	tokens, err := controllers.NewTokens(s.store.Now, []byte("a secret of tests, of 32 bytes or more"))
	if err != nil {
		t.Fatal(err)
	}
	s.api.Now, s.api.Tokens, s.api.Hub = s.store.Now, tokens, s.sockets
	s.api.Accounts = s.store.Accounts(s.sockets)
	s.api.Attempts = controllers.NewAttempts(s.store.Now, 5)
	return s
}

// call sends a request with a Bearer token, "" for none.
func (s *accountServer) call(method, path, token, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:40000"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "From" {
			r.RemoteAddr = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return s.do(r)
}

// entry is the answer to signing in.
type entry struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	User         struct {
		ID       int64
		Username string
	}
	cookies []*http.Cookie
}

func entered(t *testing.T, w *httptest.ResponseRecorder) entry {
	t.Helper()
	var e entry
	if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || e.AccessToken == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	e.cookies = w.Result().Cookies()
	return e
}

func (e entry) cookie(name string) string {
	for _, c := range e.cookies {
		if c.Name == name {
			return name + "=" + c.Value
		}
	}
	return ""
}

func (s *accountServer) login(t *testing.T, name string) entry {
	t.Helper()
	return entered(t, s.call("POST", "/auth/login", "", `{"username":"`+name+`","password":"`+modelstest.Password+`","offline":true}`, "User-Agent", name+"'s phone"))
}

// never stands in no answer at all.
var never = []string{"argon2", "password_hash", "refresh_hash", "horse", "username_key"}

type call struct {
	name               string
	method, path       string
	as                 string // whose token
	body               string
	status             int
	code               string
	contains, excludes []string
}

func (s *accountServer) run(t *testing.T, tokens map[string]string, calls []call) {
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			w := s.call(c.method, c.path, tokens[c.as], c.body)
			body := w.Body.String()
			if w.Code != c.status || c.code != "" && !strings.Contains(body, `"code":"`+c.code+`"`) {
				t.Errorf("%d, want %d %s: %s", w.Code, c.status, c.code, body)
			}
			if w.Code >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("an error as %s", w.Header().Get("Content-Type"))
			}
			if w.Code == 401 && w.Header().Get("WWW-Authenticate") != "Bearer" {
				t.Error("401 without WWW-Authenticate")
			}
			for _, want := range c.contains {
				if !strings.Contains(body, want) {
					t.Errorf("no %s in %s", want, body)
				}
			}
			for _, not := range slices.Concat(never, c.excludes) {
				if strings.Contains(body, not) {
					t.Errorf("%s in %s", not, body)
				}
			}
		})
	}
}

func TestDoors(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "root", models.RoleAdmin)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	ann, root := s.login(t, "ann"), s.login(t, "root")
	expired := ann.AccessToken
	s.store.Clock.Add(15 * time.Minute)
	ann = s.login(t, "ann")
	root = s.login(t, "root")
	forged := ann.AccessToken[:len(ann.AccessToken)-4] + "AAAA"

	for _, c := range []struct {
		name, path string
		headers    []string
		status     int
	}{
		{"Bearer", "/me", []string{"Authorization", "Bearer " + ann.AccessToken}, 200},
		{"bearer, in lower case", "/me", []string{"Authorization", "bearer " + ann.AccessToken}, 200},
		{"cookie", "/me", []string{"Cookie", ann.cookie("aoki_access")}, 200},
		{"cookie beside a proxy's Basic", "/me", []string{"Cookie", ann.cookie("aoki_access"), "Authorization", "Basic YTpi"}, 200},
		{"nothing", "/me", nil, 401},
		{"Bearer without a token", "/me", []string{"Authorization", "Bearer"}, 401},
		{"a token without Bearer", "/me", []string{"Authorization", ann.AccessToken}, 401},
		{"garbage", "/me", []string{"Authorization", "Bearer garbage"}, 401},
		{"a forged one", "/me", []string{"Authorization", "Bearer " + forged}, 401},
		{"an expired one", "/me", []string{"Authorization", "Bearer " + expired}, 401},
		{"a refresh token", "/me", []string{"Authorization", "Bearer " + ann.RefreshToken}, 401},
		{"a refresh token as access cookie", "/me", []string{"Cookie", "aoki_access=" + ann.RefreshToken}, 401},
		{"Bearer wins, forged", "/me", []string{"Cookie", ann.cookie("aoki_access"), "Authorization", "Bearer " + forged}, 401},
		{"in the URL", "/me?access_token=" + ann.AccessToken + "&token=" + ann.AccessToken, nil, 401},
		{"a user at the admins' door", "/admin/users", []string{"Authorization", "Bearer " + ann.AccessToken}, 403},
		{"nobody at the admins' door", "/admin/users", nil, 401},
		{"an admin", "/admin/users", []string{"Authorization", "Bearer " + root.AccessToken}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := s.call("GET", c.path, "", "", c.headers...)
			if w.Code != c.status {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if (w.Code == 401) != (w.Header().Get("WWW-Authenticate") == "Bearer") {
				t.Errorf("%d with WWW-Authenticate %q", w.Code, w.Header().Get("WWW-Authenticate"))
			}
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Error("may be kept in a cache")
			}
		})
	}
	if strings.Contains(s.log.String(), ann.AccessToken) || strings.Contains(s.log.String(), "aokir_") {
		t.Error("a token is in the log")
	}
}

func TestAdminUsers(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "root", models.RoleAdmin)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	tokens := map[string]string{"root": s.login(t, "root").AccessToken, "ann": s.login(t, "ann").AccessToken}
	s.run(t, tokens, []call{
		{name: "list", method: "GET", path: "/admin/users", as: "root", status: 200,
			contains: []string{`{"items":[{"id":2,"username":"ann","role":"user","disabled":false,"created_at":"2026-05-13T12:00:00Z"},{"id":1,"username":"root"`, `"next":null`}},
		{name: "a page", method: "GET", path: "/admin/users?limit=1", as: "root", status: 200, contains: []string{`"ann"`, `"next":"ann"`}, excludes: []string{"root"}},
		{name: "the next", method: "GET", path: "/admin/users?limit=1&after=ann", as: "root", status: 200, contains: []string{`"root"`, `"next":null`}, excludes: []string{`"ann"`}},
		{name: "no limit", method: "GET", path: "/admin/users?limit=0", as: "root", status: 422, code: "validation_failed"},
		{name: "list as a user", method: "GET", path: "/admin/users", as: "ann", status: 403, code: "forbidden", excludes: []string{"root"}},
		{name: "create as a user", method: "POST", path: "/admin/users", as: "ann", body: `{"username":"eve","password":"correct horse"}`, status: 403, code: "forbidden"},
		{name: "create as nobody", method: "POST", path: "/admin/users", body: `{"username":"eve","password":"correct horse"}`, status: 401, code: "unauthorized"},
		{name: "create", method: "POST", path: "/admin/users", as: "root", body: `{"username":"bob","password":"correct horse"}`, status: 201,
			contains: []string{`{"id":3,"username":"bob","role":"user","disabled":false`}},
		{name: "create an admin", method: "POST", path: "/admin/users", as: "root", body: `{"username":"cid","password":"correct horse","role":"admin"}`, status: 201, contains: []string{`"role":"admin"`}},
		{name: "name taken", method: "POST", path: "/admin/users", as: "root", body: `{"username":"BOB","password":"correct horse"}`, status: 409, code: "conflict", contains: []string{`"field":"username"`}},
		{name: "bad name", method: "POST", path: "/admin/users", as: "root", body: `{"username":"b b","password":"correct horse"}`, status: 422, contains: []string{`"field":"username"`}},
		{name: "short password", method: "POST", path: "/admin/users", as: "root", body: `{"username":"dan","password":"hoarse"}`, status: 422, contains: []string{`"field":"password"`}, excludes: []string{"hoarse"}},
		{name: "bad role", method: "POST", path: "/admin/users", as: "root", body: `{"username":"dan","password":"correct horse","role":"root"}`, status: 422, contains: []string{`"field":"role"`}},
		{name: "empty role", method: "POST", path: "/admin/users", as: "root", body: `{"username":"dan","password":"correct horse","role":""}`, status: 422, contains: []string{`"field":"role"`}},
		{name: "no name", method: "POST", path: "/admin/users", as: "root", body: `{"password":"correct horse"}`, status: 422, contains: []string{`"field":"username"`}},
		{name: "a name that is a number", method: "POST", path: "/admin/users", as: "root", body: `{"username":5,"password":"correct horse"}`, status: 422, contains: []string{`"field":"username"`}},
		{name: "with an id", method: "POST", path: "/admin/users", as: "root", body: `{"id":9,"username":"dan","password":"correct horse"}`, status: 400, code: "unknown_field"},
		{name: "with a hash", method: "PATCH", path: "/admin/users/2", as: "root", body: `{"PasswordHash":"x"}`, status: 400, code: "unknown_field"},
		{name: "change as a user", method: "PATCH", path: "/admin/users/2", as: "ann", body: `{"role":"admin"}`, status: 403},
		{name: "change nothing", method: "PATCH", path: "/admin/users/2", as: "root", body: `{}`, status: 200, contains: []string{`"username":"ann","role":"user","disabled":false`}},
		{name: "disable", method: "PATCH", path: "/admin/users/2", as: "root", body: `{"disabled":true}`, status: 200, contains: []string{`"disabled":true`}},
		{name: "who is disabled is out at once", method: "GET", path: "/me", as: "ann", status: 401, code: "session_ended"},
		{name: "nobody's id", method: "PATCH", path: "/admin/users/99", as: "root", body: `{"disabled":true}`, status: 404},
		{name: "no id", method: "PATCH", path: "/admin/users/ann", as: "root", body: `{"disabled":true}`, status: 404},
		{name: "an id with more", method: "DELETE", path: "/admin/users/2%20OR%201=1", as: "root", status: 404},
		{name: "demote the other admin", method: "PATCH", path: "/admin/users/4", as: "root", body: `{"role":"user"}`, status: 200},
		{name: "demote the last", method: "PATCH", path: "/admin/users/1", as: "root", body: `{"role":"user"}`, status: 409, code: "last_admin"},
		{name: "disable the last", method: "PATCH", path: "/admin/users/1", as: "root", body: `{"disabled":true}`, status: 409, code: "last_admin"},
		{name: "delete the last", method: "DELETE", path: "/admin/users/1", as: "root", status: 409, code: "last_admin"},
		{name: "delete as nobody", method: "DELETE", path: "/admin/users/2", status: 401},
		{name: "delete", method: "DELETE", path: "/admin/users/2", as: "root", status: 204},
		{name: "delete again", method: "DELETE", path: "/admin/users/2", as: "root", status: 404},
		{name: "one's own password keeps one's session", method: "PATCH", path: "/admin/users/1", as: "root", body: `{"password":"battery staple"}`, status: 200},
		{name: "so it does", method: "GET", path: "/me", as: "root", status: 200},
	})
	if _, users := s.sockets.Take(); !slices.Equal(users, []int64{2, 2}) {
		t.Errorf("closed the sockets of %v", users)
	}
	var audit []models.Audit
	s.store.Read(t.Context()).Order("id").Find(&audit)
	var lines []string
	for _, a := range audit[2:] {
		lines = append(lines, a.Action+" "+a.Target+" "+a.Detail)
	}
	want := `user.create user:3 {"role":"user","username":"bob"}
user.create user:4 {"role":"admin","username":"cid"}
user.update user:2 {"disabled":true}
user.update user:4 {"role":"user"}
user.delete user:2 {"username":"ann"}
user.update user:1 {"password":true}`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("audit:\n%s", got)
	}
}

func TestCreateUserTwiceUnderOneKey(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "root", models.RoleAdmin)
	token := s.login(t, "root").AccessToken
	body := `{"username":"bob","password":"correct horse"}`
	first := s.call("POST", "/admin/users", token, body, "Idempotency-Key", "k1")
	again := s.call("POST", "/admin/users", token, body, "Idempotency-Key", "k1")
	if first.Code != 201 || again.Code != 201 || first.Body.String() != again.Body.String() {
		t.Errorf("%d %s, then %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	other := s.call("POST", "/admin/users", token, `{"username":"bob","password":"incorrect horse"}`, "Idempotency-Key", "k1")
	if other.Code != 422 || !strings.Contains(other.Body.String(), "idempotency_conflict") {
		t.Errorf("%d %s", other.Code, other.Body)
	}
}
