package routes

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/controllers"
	"aoki/models"
)

func TestSetupRoute(t *testing.T) {
	s := newAccounts(t)
	token, err := s.api.Accounts.PrepareSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	with := func(token, name, password string) string {
		return `{"token":"` + token + `","username":"` + name + `","password":"` + password + `"}`
	}
	s.run(t, nil, []call{
		{name: "needed", method: "GET", path: "/setup", status: 200, contains: []string{`{"needed":true,"registration":"closed"}`}, excludes: []string{token}},
		{name: "wrong token", method: "POST", path: "/setup", body: with("wrong", "ann", "correct horse"), status: 403, code: "invalid_setup_token", excludes: []string{token}},
		{name: "no token", method: "POST", path: "/setup", body: `{"username":"ann","password":"correct horse"}`, status: 422, contains: []string{`"field":"token"`}},
		{name: "token in the URL", method: "POST", path: "/setup?token=" + token, body: `{"username":"ann","password":"correct horse"}`, status: 422},
		{name: "short password", method: "POST", path: "/setup", body: with(token, "ann", "short"), status: 422, contains: []string{`"field":"password"`}},
		{name: "a role", method: "POST", path: "/setup", body: `{"token":"x","username":"ann","password":"correct horse","role":"user"}`, status: 400, code: "unknown_field"},
		{name: "right", method: "POST", path: "/setup", body: with(token, "ann", "correct horse"), status: 201,
			contains: []string{`"user":{"id":1,"username":"ann","role":"admin"}`, `"token_type":"Bearer","expires_in":900`}, excludes: []string{"refresh_token"}},
		{name: "once", method: "POST", path: "/setup", body: with(token, "eve", "correct horse"), status: 409, code: "setup_done"},
		{name: "not needed", method: "GET", path: "/setup", status: 200, contains: []string{`{"needed":false,"registration":"closed"}`}},
		{name: "the first admin signs in", method: "POST", path: "/auth/login", body: `{"username":"ann","password":"correct horse"}`, status: 200},
	})
}

func TestRegisterRoute(t *testing.T) {
	s := newAccounts(t)
	ann := `{"username":"ann","password":"correct horse"}`
	s.run(t, nil, []call{
		{name: "closed", method: "POST", path: "/auth/register", body: ann, status: 403, code: "registration_closed"},
	})
	s.api.Open = true
	s.run(t, nil, []call{
		{name: "open", method: "GET", path: "/setup", status: 200, contains: []string{`"registration":"open"`}},
		{name: "register", method: "POST", path: "/auth/register", body: ann, status: 201, contains: []string{`"username":"ann","role":"user"`, `"access_token"`}, excludes: []string{"refresh_token"}},
		{name: "taken", method: "POST", path: "/auth/register", body: `{"username":"Ann","password":"correct horse"}`, status: 409, code: "conflict"},
		{name: "as an admin", method: "POST", path: "/auth/register", body: `{"username":"eve","password":"correct horse","role":"admin"}`, status: 400, code: "unknown_field"},
		{name: "no JSON", method: "POST", path: "/auth/register", body: `username=ann`, status: 400, code: "malformed"},
		{name: "long name", method: "POST", path: "/auth/register", body: `{"username":"` + strings.Repeat("x", 33) + `","password":"correct horse"}`, status: 422},
	})
	for i := range 7 {
		w := s.call("POST", "/auth/register", "", `{"username":"far`+strconv.Itoa(i)+`","password":"correct horse"}`, "From", "192.0.2.1:1")
		if limited := w.Code == 429; limited != (i >= 5) || limited && w.Header().Get("Retry-After") != "60" {
			t.Errorf("%d from one address: %d %s", i, w.Code, w.Body)
		}
	}
}

func TestLoginRoute(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	gone := s.store.Account(s.api.Accounts, "gone", models.RoleUser)
	disabled := true
	if _, err := s.api.Accounts.UpdateUser(t.Context(), 0, 0, gone.ID, models.UserChange{Disabled: &disabled}); err != nil {
		t.Fatal(err)
	}
	s.run(t, nil, []call{
		{name: "right", method: "POST", path: "/auth/login", body: `{"username":"Ann","password":"correct horse"}`, status: 200,
			contains: []string{`"token_type":"Bearer","expires_in":900,"user":{"id":1,"username":"ann","role":"user"}}`}, excludes: []string{"refresh_token", "aokir_"}},
		{name: "offline", method: "POST", path: "/auth/login", body: `{"username":"ann","password":"correct horse","offline":true}`, status: 200, contains: []string{`"refresh_token":"aokir_`}},
		{name: "in the query", method: "POST", path: "/auth/login?username=ann&password=x", status: 415},
		{name: "by GET", method: "GET", path: "/auth/login", status: 405},
		{name: "nothing", method: "POST", path: "/auth/login", body: `{}`, status: 422, contains: []string{`"username"`, `"password"`}},
		{name: "a list", method: "POST", path: "/auth/login", body: `[]`, status: 422},
		{name: "wrong types", method: "POST", path: "/auth/login", body: `{"username":{"$ne":""},"password":"x"}`, status: 422},
		{name: "two values", method: "POST", path: "/auth/login", body: `{"username":"ann","password":"correct horse"}{}`, status: 400},
	})
	// Nothing tells who exists.
	var answers []string
	for _, name := range []string{"ann", "nobody", "gone", "no body"} {
		w := s.call("POST", "/auth/login", "", `{"username":"`+name+`","password":"wrong donkey"}`)
		if w.Code != 401 || w.Header().Get("WWW-Authenticate") != "Bearer" || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
		answers = append(answers, w.Body.String())
	}
	w := s.call("POST", "/auth/login", "", `{"username":"gone","password":"correct horse"}`)
	for i, a := range append(answers, w.Body.String()) {
		if a != answers[0] || !strings.Contains(a, `"invalid_credentials"`) {
			t.Errorf("%d: %s", i, a)
		}
	}
}

func TestLoginLimit(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	wrong, right := `{"username":"ann","password":"wrong donkey"}`, `{"username":"ANN","password":"correct horse"}`
	for range 20 {
		if w := s.call("POST", "/auth/login", "", wrong); w.Code != 401 {
			t.Fatal(w.Code, w.Body)
		}
	}
	w := s.call("POST", "/auth/login", "", right)
	if w.Code != 429 || w.Header().Get("Retry-After") != "300" || !strings.Contains(w.Body.String(), `"rate_limited"`) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := s.call("POST", "/auth/login", "", right, "From", "192.0.2.9:1"); w.Code != 200 {
		t.Errorf("from elsewhere: %d", w.Code)
	}
	s.store.Clock.Add(5 * time.Minute)
	if w := s.call("POST", "/auth/login", "", right); w.Code != 200 {
		t.Errorf("later: %d", w.Code)
	}
}

func TestCookies(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	for _, origin := range []string{"", "https://cards.example"} {
		s.api.Site.Origin = origin
		w := s.call("POST", "/auth/login", "", `{"username":"ann","password":"correct horse"}`)
		cookies := map[string]*http.Cookie{}
		for _, c := range w.Result().Cookies() {
			cookies[c.Name] = c
			if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure != (origin != "") || c.Domain != "" {
				t.Errorf("%+v", c)
			}
		}
		access, refresh := cookies["aoki_access"], cookies["aoki_refresh"]
		if len(cookies) != 2 || access.Path != "/" || access.MaxAge != 900 || refresh.Path != "/api/v1/auth" || refresh.MaxAge != 30*24*3600 {
			t.Errorf("%v", cookies)
		}
		if strings.Contains(w.Body.String(), refresh.Value) {
			t.Error("a page's script can read the refresh token")
		}
	}
}

func TestRefreshRoute(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	first := s.login(t, "ann")
	s.store.Clock.Add(16 * time.Minute)

	// A browser: by cookie, and no token that scripts could read.
	w := s.call("POST", "/auth/refresh", "", "", "Cookie", first.cookie("aoki_refresh"))
	second := entered(t, w)
	if w.Code != 200 || second.RefreshToken != "" || second.cookie("aoki_refresh") == first.cookie("aoki_refresh") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if got := s.call("GET", "/me", second.AccessToken, "").Code; got != 200 {
		t.Errorf("with the new token: %d", got)
	}
	if end := s.sockets.prolonged[1]; !end.Equal(s.store.Now().Add(15 * time.Minute)) {
		t.Errorf("sockets live until %v", end)
	}
	// A program, with the same predecessor: the same successor.
	third := entered(t, s.call("POST", "/auth/refresh", "", `{"refresh_token":"`+first.RefreshToken+`"}`))
	if "aoki_refresh="+third.RefreshToken != second.cookie("aoki_refresh") {
		t.Error("another successor")
	}

	s.run(t, nil, []call{
		{name: "nothing", method: "POST", path: "/auth/refresh", status: 401, code: "unauthorized"},
		{name: "empty", method: "POST", path: "/auth/refresh", body: `{}`, status: 401, code: "unauthorized"},
		{name: "garbage", method: "POST", path: "/auth/refresh", body: `{"refresh_token":"garbage"}`, status: 401, code: "session_ended"},
		{name: "an access token", method: "POST", path: "/auth/refresh", body: `{"refresh_token":"` + second.AccessToken + `"}`, status: 401, code: "session_ended"},
		{name: "in the URL", method: "POST", path: "/auth/refresh?refresh_token=" + third.RefreshToken, status: 401, code: "unauthorized"},
		{name: "a number", method: "POST", path: "/auth/refresh", body: `{"refresh_token":5}`, status: 422},
		{name: "huge", method: "POST", path: "/auth/refresh", body: `{"refresh_token":"` + strings.Repeat("x", 600) + `"}`, status: 422},
	})

	// An old one ends it all, and the access token is refused at once.
	s.store.Clock.Add(11 * time.Second)
	if w := s.call("POST", "/auth/refresh", "", `{"refresh_token":"`+first.RefreshToken+`"}`); w.Code != 401 || !strings.Contains(w.Body.String(), "session_ended") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.call("GET", "/me", second.AccessToken, ""); w.Code != 401 {
		t.Errorf("after a theft: %d", w.Code)
	}
	if w := s.call("POST", "/auth/refresh", "", `{"refresh_token":"`+third.RefreshToken+`"}`); w.Code != 401 {
		t.Errorf("the newest after a theft: %d", w.Code)
	}
	if sessions, _ := s.sockets.Take(); len(sessions) != 1 || sessions[0] != 1 {
		t.Errorf("closed %v", sessions)
	}
}

func TestRefreshRouteInParallel(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	first := s.login(t, "ann")
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if w := s.call("POST", "/auth/refresh", "", `{"refresh_token":"`+first.RefreshToken+`"}`); w.Code != 200 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	all.Wait()
}

func TestLogoutRoute(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	for _, c := range []struct {
		name    string
		wait    time.Duration
		headers func(e entry) []string
		status  int
	}{
		{"Bearer", 0, func(e entry) []string { return []string{"Authorization", "Bearer " + e.AccessToken} }, 204},
		{"cookie", 0, func(e entry) []string { return []string{"Cookie", e.cookie("aoki_access")} }, 204},
		{"expired, with the refresh cookie", time.Hour, func(e entry) []string {
			return []string{"Cookie", e.cookie("aoki_access") + "; " + e.cookie("aoki_refresh")}
		}, 204},
		{"expired", time.Hour, func(e entry) []string { return []string{"Cookie", e.cookie("aoki_access")} }, 401},
		{"nothing", 0, func(e entry) []string { return nil }, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := s.login(t, "ann")
			other := s.login(t, "ann")
			s.sockets.Take()
			s.store.Clock.Add(c.wait)
			w := s.call("POST", "/auth/logout", "", "", c.headers(e)...)
			if w.Code != c.status || w.Code == 204 && w.Body.Len() != 0 {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			for _, k := range w.Result().Cookies() {
				if k.MaxAge >= 0 || k.Value != "" {
					t.Errorf("cookie %v", k)
				}
			}
			if n := len(w.Result().Cookies()); n != 2 {
				t.Errorf("%d cookies taken away", n)
			}
			if c.status != 204 {
				return
			}
			if sessions, _ := s.sockets.Take(); len(sessions) != 1 {
				t.Errorf("closed %v", sessions)
			}
			s.store.Clock.Add(-c.wait)
			if got := s.call("GET", "/me", e.AccessToken, "").Code; got != 401 {
				t.Errorf("the token still opens: %d", got)
			}
			if got := s.call("POST", "/auth/logout", e.AccessToken, "").Code; got != 401 {
				t.Errorf("again: %d", got)
			}
			if got := s.call("GET", "/me", other.AccessToken, "").Code; got != 200 {
				t.Errorf("the other device: %d", got)
			}
		})
	}
}

func TestSessionRoutes(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	s.store.Account(s.api.Accounts, "bob", models.RoleUser)
	phone := s.login(t, "ann")
	s.store.Clock.Add(time.Second)
	desk := s.login(t, "ann")
	bob := s.login(t, "bob")
	tokens := map[string]string{"phone": phone.AccessToken, "desk": desk.AccessToken, "bob": bob.AccessToken}
	secrets := []string{"aokir_", phone.AccessToken, "generation", "bob's phone"}
	s.run(t, tokens, []call{
		{name: "list", method: "GET", path: "/auth/sessions", as: "phone", status: 200, excludes: secrets,
			contains: []string{`{"items":[{"id":2,"current":false,`, `{"id":1,"current":true,"user_agent":"ann's phone","ip":"127.0.0.1","created_at":"2026-05-13T12:00:00Z","last_seen_at":"2026-05-13T12:00:00Z"}],"next":null}`}},
		{name: "a page", method: "GET", path: "/auth/sessions?limit=1", as: "phone", status: 200, excludes: append(secrets, `"id":1`)},
		{name: "list as nobody", method: "GET", path: "/auth/sessions", status: 401},
		{name: "another's", method: "DELETE", path: "/auth/sessions/3", as: "phone", status: 404, code: "not_found"},
		{name: "nobody's", method: "DELETE", path: "/auth/sessions/99", as: "phone", status: 404, code: "not_found"},
		{name: "no id", method: "DELETE", path: "/auth/sessions/current", as: "phone", status: 404},
		{name: "the other device", method: "DELETE", path: "/auth/sessions/2", as: "phone", status: 204},
		{name: "is out", method: "GET", path: "/me", as: "desk", status: 401, code: "session_ended"},
		{name: "once", method: "DELETE", path: "/auth/sessions/2", as: "phone", status: 404},
		{name: "is off the list", method: "GET", path: "/auth/sessions", as: "phone", status: 200, excludes: []string{`"id":2`}},
		{name: "this one", method: "DELETE", path: "/auth/sessions/1", as: "phone", status: 204},
		{name: "is out too", method: "GET", path: "/me", as: "phone", status: 401, code: "session_ended"},
		{name: "bob stays", method: "GET", path: "/me", as: "bob", status: 200},
	})
	if sessions, _ := s.sockets.Take(); len(sessions) != 2 {
		t.Errorf("closed %v", sessions)
	}
}

func TestMeRoutes(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	s.store.Account(s.api.Accounts, "bob", models.RoleUser)
	ann, desk := s.login(t, "ann"), s.login(t, "ann")
	tokens := map[string]string{"ann": ann.AccessToken, "desk": desk.AccessToken, "bob": s.login(t, "bob").AccessToken}
	s.run(t, tokens, []call{
		{name: "get", method: "GET", path: "/me", as: "ann", status: 200, excludes: []string{"bob"},
			contains: []string{`{"id":1,"username":"ann","role":"user","locale":"en","time_zone":"UTC","preferences":{},"created_at":"2026-05-13T12:00:00Z"}`}},
		{name: "change", method: "PATCH", path: "/me", as: "ann", body: `{"locale":"zh-CN","time_zone":"Asia/Shanghai","preferences":{"theme":"dark","x":{"y":[1]}}}`, status: 200,
			contains: []string{`"locale":"zh-CN","time_zone":"Asia/Shanghai","preferences":{"theme":"dark","x":{"y":[1]}}`}},
		{name: "a key goes", method: "PATCH", path: "/me", as: "ann", body: `{"preferences":{"x":null}}`, status: 200, contains: []string{`"preferences":{"theme":"dark"}`}},
		{name: "null is nothing", method: "PATCH", path: "/me", as: "ann", body: `{"locale":null,"time_zone":null,"preferences":null}`, status: 200, contains: []string{`"locale":"zh-CN"`, `"preferences":{"theme":"dark"}`}},
		{name: "locale", method: "PATCH", path: "/me", as: "ann", body: `{"locale":"zh"}`, status: 422, contains: []string{`"field":"locale"`}},
		{name: "zone", method: "PATCH", path: "/me", as: "ann", body: `{"time_zone":"Mars/Olympus"}`, status: 422, contains: []string{`"field":"time_zone"`}},
		{name: "preferences as a list", method: "PATCH", path: "/me", as: "ann", body: `{"preferences":[]}`, status: 422, contains: []string{`"field":"preferences"`}},
		{name: "large preferences", method: "PATCH", path: "/me", as: "ann", body: `{"preferences":{"x":"` + strings.Repeat("x", 9000) + `"}}`, status: 422, contains: []string{`"field":"preferences"`}},
		{name: "huge preferences", method: "PATCH", path: "/me", as: "ann", body: `{"preferences":{"x":"` + strings.Repeat("x", 900_000) + `"}}`, status: 422, contains: []string{`"field":"preferences"`}},
		{name: "role", method: "PATCH", path: "/me", as: "ann", body: `{"role":"admin"}`, status: 400, code: "unknown_field"},
		{name: "id", method: "PATCH", path: "/me", as: "ann", body: `{"id":2,"locale":"en"}`, status: 400, code: "unknown_field"},
		{name: "as nobody", method: "PATCH", path: "/me", body: `{"locale":"en"}`, status: 401},
		{name: "bob has his own", method: "GET", path: "/me", as: "bob", status: 200, contains: []string{`"username":"bob"`, `"preferences":{}`}},
		{name: "wrong current password", method: "PUT", path: "/me/password", as: "ann", body: `{"current_password":"wrong donkey","new_password":"battery staple"}`, status: 403, code: "wrong_password"},
		{name: "no current password", method: "PUT", path: "/me/password", as: "ann", body: `{"new_password":"battery staple"}`, status: 422, contains: []string{`"field":"current_password"`}},
		{name: "short password", method: "PUT", path: "/me/password", as: "ann", body: `{"current_password":"correct horse","new_password":"short"}`, status: 422, contains: []string{`"field":"new_password"`}},
		{name: "password as nobody", method: "PUT", path: "/me/password", body: `{"current_password":"correct horse","new_password":"battery staple"}`, status: 401},
		{name: "the other device is in", method: "GET", path: "/me", as: "desk", status: 200},
		{name: "password", method: "PUT", path: "/me/password", as: "ann", body: `{"current_password":"correct horse","new_password":"battery staple"}`, status: 204},
		{name: "this device stays", method: "GET", path: "/me", as: "ann", status: 200},
		{name: "the other is out", method: "GET", path: "/me", as: "desk", status: 401, code: "session_ended"},
		{name: "the old password", method: "POST", path: "/auth/login", body: `{"username":"ann","password":"correct horse"}`, status: 401, code: "invalid_credentials"},
		{name: "the new one", method: "POST", path: "/auth/login", body: `{"username":"ann","password":"battery staple"}`, status: 200},
	})
}

// Guessing the current password with a stolen session is limited as signing in is.
func TestPasswordGuessingIsLimited(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	token := s.login(t, "ann").AccessToken
	var last int
	for range 21 {
		last = s.call("PUT", "/me/password", token, `{"current_password":"wrong donkey","new_password":"battery staple"}`).Code
	}
	if last != 429 {
		t.Error(last)
	}
}

// A page of another site can't use the cookie, and needs no token to be told so.
func TestCookieFromAnotherSite(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	e := s.login(t, "ann")
	w := s.call("PATCH", "/me", "", `{"locale":"zh-CN"}`, "Cookie", e.cookie("aoki_access"), "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	if w.Code != 403 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = s.call("PATCH", "/me", "", `{"locale":"zh-CN"}`, "Cookie", e.cookie("aoki_access"), "Origin", "http://example.com", "Sec-Fetch-Site", "same-origin")
	if w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A token of a user of the same number in another installation, or before a
// restore, opens nothing.
func TestTokenOfAnotherKey(t *testing.T) {
	s := newAccounts(t)
	s.store.Account(s.api.Accounts, "ann", models.RoleUser)
	e := s.login(t, "ann")
	other, err := controllers.NewTokens(s.store.Now, []byte("another secret of tests, of 32 bytes or more"))
	if err != nil {
		t.Fatal(err)
	}
	forged, _, _ := other.Issue(e.User.ID, 1)
	mismatched, _, _ := s.api.Tokens.Issue(e.User.ID+1, 1)
	for _, token := range []string{forged, mismatched} {
		if w := s.call("GET", "/me", token, ""); w.Code != 401 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	var answer map[string]any
	w := s.call("GET", "/me", e.AccessToken, "")
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer["username"] != "ann" {
		t.Errorf("%v %v", answer, err)
	}
}
