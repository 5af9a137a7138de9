package routes

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"aoki/controllers"
)

// dial opens a socket, or gives the answer that refused it.
func (w *world) dial(query string, headers ...string) (*websocket.Conn, answer) {
	w.t.Helper()
	h := http.Header{}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	conn, resp, err := websocket.DefaultDialer.Dial(strings.Replace(w.url, "http", "ws", 1)+"/ws"+query, h)
	if err != nil && resp == nil {
		w.t.Fatal(err)
	}
	got := answer{status: resp.StatusCode, header: resp.Header}
	if err != nil {
		body, _ := io.ReadAll(resp.Body)
		got.body = string(body)
		return nil, got
	}
	w.t.Cleanup(func() { conn.Close() })
	return conn, got
}

func frame(t *testing.T, conn *websocket.Conn) answer {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, text, err := conn.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	return answer{body: string(text)}
}

func TestSocketDoor(t *testing.T) {
	w := newWorld(t)
	w.api.Site.Allowed = []string{"https://friend.example"}
	ann := w.user("ann")
	gone := w.user("gone")
	if got := gone.post("/api/v1/auth/logout", ""); got.status != 204 {
		t.Fatal(got.body)
	}
	site, _ := url.Parse(w.url)
	bearer := "Authorization: Bearer " + ann.token
	cookie := "Cookie: aoki_access=" + ann.token
	offer := "Sec-WebSocket-Protocol: aoki.v1, bearer." + ann.token
	here := "Origin: http://" + site.Host

	for _, tt := range []struct {
		name, query string
		headers     []string
		status      int
		code        string
		protocol    string
	}{
		{"a program", "", []string{bearer}, 101, "", ""},
		{"a program that asks for the protocol", "", []string{bearer, "Sec-WebSocket-Protocol: aoki.v1"}, 101, "", "aoki.v1"},
		{"a program with this site's origin", "", []string{bearer, here}, 101, "", ""},
		{"a page of this site", "", []string{cookie, here}, 101, "", ""},
		{"a page of a friend", "", []string{offer, "Origin: https://friend.example"}, 101, "", "aoki.v1"},
		{"a cookie from a friend", "", []string{cookie, "Origin: https://friend.example"}, 101, "", ""},
		{"the protocol list, by a program", "", []string{offer}, 101, "", "aoki.v1"},
		{"Bearer before a cookie", "", []string{bearer, "Cookie: aoki_access=bad"}, 101, "", ""},
		{"from a seq", "?since=0", []string{bearer}, 101, "", ""},
		{"from a seq of another epoch", "?since=4&epoch=x", []string{bearer}, 101, "", ""},

		{"nobody", "", nil, 401, "unauthorized", ""},
		{"no JWT", "", []string{"Authorization: Bearer nonsense"}, 401, "unauthorized", ""},
		{"another scheme", "", []string{"Authorization: Basic YTpi"}, 401, "unauthorized", ""},
		{"forged", "", []string{bearer[:len(bearer)-4] + "AAAA"}, 401, "unauthorized", ""},
		{"an ended session", "", []string{"Authorization: Bearer " + gone.token}, 401, "session_ended", ""},
		{"a token in the URL", "?token=" + ann.token + "&access_token=" + ann.token, nil, 401, "unauthorized", ""},
		{"a bad cookie", "", []string{"Cookie: aoki_access=bad", here}, 401, "unauthorized", ""},
		{"a bad protocol", "", []string{"Sec-WebSocket-Protocol: aoki.v1, bearer.bad"}, 401, "unauthorized", ""},

		{"a cookie without an origin", "", []string{cookie}, 403, "foreign_origin", ""},
		{"a cookie from another site", "", []string{cookie, "Origin: https://evil.example"}, 403, "foreign_origin", ""},
		{"a cookie from a friend over another scheme", "", []string{cookie, "Origin: http://friend.example"}, 403, "foreign_origin", ""},
		{"a cookie over another scheme", "", []string{cookie, "Origin: https://" + site.Host}, 403, "foreign_origin", ""},
		{"a cookie from another port", "", []string{cookie, "Origin: http://" + site.Hostname() + ":1"}, 403, "foreign_origin", ""},
		{"a cookie from a sandbox", "", []string{cookie, "Origin: null"}, 403, "foreign_origin", ""},
		{"this site with something behind", "", []string{cookie, here + ".evil.example"}, 403, "foreign_origin", ""},
		{"a token from another site", "", []string{offer, "Origin: https://evil.example"}, 403, "foreign_origin", ""},
		{"a Bearer from another site", "", []string{bearer, "Origin: https://evil.example"}, 403, "foreign_origin", ""},
		{"two origins", "", []string{bearer, here, here}, 403, "foreign_origin", ""},
		{"an empty origin", "", []string{cookie, "Origin: "}, 403, "foreign_origin", ""},

		{"since is no number", "?since=x", []string{bearer}, 400, "malformed", ""},
		{"since is empty", "?since=", []string{bearer}, 400, "malformed", ""},
		{"since is negative", "?since=-1", []string{bearer}, 400, "malformed", ""},
		{"since is a fraction", "?since=1.5", []string{bearer}, 400, "malformed", ""},
		{"since is too large", "?since=9223372036854775808", []string{bearer}, 400, "malformed", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn, got := w.dial(tt.query, tt.headers...)
			if got.status != tt.status || got.code() != tt.code {
				t.Fatalf("%d %s", got.status, got.body)
			}
			if tt.status != 101 {
				if got.header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("headers %v", got.header)
				}
				if strings.Contains(got.body, ann.token) {
					t.Errorf("the token came back: %s", got.body)
				}
				return
			}
			if p := got.header.Get("Sec-WebSocket-Protocol"); p != tt.protocol {
				t.Errorf("protocol %q", p)
			}
			first := frame(t, conn)
			if first.json("name") != "welcome" || first.json("message.user.username") != "ann" || first.json("message.user.role") != "user" {
				t.Errorf("first frame %s", first.body)
			}
			conn.Close()
		})
	}
	if strings.Contains(w.log.String(), ann.token) || strings.Contains(w.log.String(), "nonsense") {
		t.Error("the log has tokens")
	}
	if !strings.Contains(w.log.String(), `"route":"/ws","status":101`) {
		t.Error("the log lacks the upgrade")
	}
}

func TestSocketHandshake(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	good := map[string]string{
		"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		"Authorization": "Bearer " + ann.token,
	}
	for _, tt := range []struct {
		name, method string
		change       map[string]string
		status       int
		header       string // that the answer must have, with this value
		value        string
	}{
		{"no upgrade", "GET", map[string]string{"Upgrade": "", "Connection": ""}, 426, "Upgrade", "websocket"},
		{"no upgrade and nobody", "GET", map[string]string{"Upgrade": "", "Connection": "", "Authorization": ""}, 426, "Upgrade", "websocket"},
		{"another upgrade", "GET", map[string]string{"Upgrade": "h2c"}, 426, "Upgrade", "websocket"},
		{"no Connection", "GET", map[string]string{"Connection": "keep-alive"}, 400, "", ""},
		{"an old version", "GET", map[string]string{"Sec-WebSocket-Version": "8"}, 426, "Sec-WebSocket-Version", "13"},
		{"no version", "GET", map[string]string{"Sec-WebSocket-Version": ""}, 426, "Sec-WebSocket-Version", "13"},
		{"no key", "GET", map[string]string{"Sec-WebSocket-Key": ""}, 400, "", ""},
		{"a short key", "GET", map[string]string{"Sec-WebSocket-Key": "c2hvcnQ="}, 400, "", ""},
		{"a key that is no base64", "GET", map[string]string{"Sec-WebSocket-Key": "????????????????????????"}, 400, "", ""},
		{"POST", "POST", nil, 405, "Allow", "GET"},
		{"HEAD", "HEAD", nil, 405, "Allow", "GET"},
		{"PUT", "PUT", nil, 405, "Allow", "GET"},
		{"DELETE", "DELETE", nil, 405, "Allow", "GET"},
		{"OPTIONS", "OPTIONS", nil, 405, "Allow", "GET"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := http.NewRequest(tt.method, w.url+"/ws", nil)
			for k, v := range good {
				r.Header.Set(k, v)
			}
			for k, v := range tt.change {
				if r.Header.Set(k, v); v == "" {
					r.Header.Del(k)
				}
			}
			resp, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != tt.status || resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%d %v", resp.StatusCode, resp.Header)
			}
			if tt.header != "" && resp.Header.Get(tt.header) != tt.value {
				t.Errorf("%s: %q", tt.header, resp.Header.Get(tt.header))
			}
		})
	}
}

// What comes with a handshake, or right behind it, is no part of one.
func TestSocketHandshakeAlone(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	site, _ := url.Parse(w.url)
	const ping = "\x81\x80\x00\x00\x00\x00" // an empty text frame
	for name, rest := range map[string]string{
		"a body":         "Content-Length: 6\r\n\r\n" + ping,
		"a chunked body": "Transfer-Encoding: chunked\r\n\r\n6\r\n" + ping + "\r\n0\r\n\r\n",
		"an early frame": "\r\n" + ping,
	} {
		conn, err := net.Dial("tcp", site.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		io.WriteString(conn, "GET /ws HTTP/1.1\r\nHost: "+site.Host+"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer "+ann.token+"\r\n"+rest)
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body, err := io.ReadAll(resp.Body)
		got := answer{body: string(body)}
		if err != nil || resp.StatusCode != 400 || resp.Header.Get("Content-Type") != "application/problem+json" || got.code() != "malformed" {
			t.Errorf("%s: %d %v %s %v", name, resp.StatusCode, resp.Header, body, err)
		}
	}
}

func TestSocketLimits(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	bearer := "Authorization: Bearer " + ann.token
	w.api.Handshakes = controllers.NewHandshakes(w.store.Clock.Now, 1)
	for range 3 {
		if _, got := w.dial("", bearer); got.status != 101 {
			t.Fatalf("loopback is limited: %d %s", got.status, got.body)
		}
	}
	w.hub.Shutdown(t.Context())
	if _, got := w.dial("", bearer); got.status != 503 || got.header.Get("Retry-After") == "" || got.code() != "stopping" {
		t.Errorf("stopping: %d %v %s", got.status, got.header, got.body)
	}
}

// Handshakes are counted for each address, whether they come to something or not.
func TestSocketLimitOfAnAddress(t *testing.T) {
	s := newAccounts(t)
	s.api.Handshakes = controllers.NewHandshakes(s.store.Now, 2)
	for i, c := range []struct {
		from   string
		status int
	}{
		{"192.0.2.1:1", 401}, {"192.0.2.1:2", 401}, {"192.0.2.1:3", 429}, {"192.0.2.2:1", 401}, {"127.0.0.1:1", 401}, {"127.0.0.1:2", 401}, {"127.0.0.1:3", 401}, {"192.0.2.1:4", 429},
	} {
		r := httptest.NewRequest("GET", "/ws", nil)
		r.RemoteAddr = c.from
		for name, value := range map[string]string{"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
			r.Header.Set(name, value)
		}
		w := s.do(r)
		if w.Code != c.status || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%d: %d %s", i, w.Code, w.Body)
		}
		if after := w.Header().Get("Retry-After"); c.status == 429 && after != "30" {
			t.Errorf("%d: Retry-After %q", i, after)
		}
	}
}

func TestSocketEndsWithItsSession(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	other := w.signIn("ann")
	first, _ := w.dial("", "Authorization: Bearer "+ann.token)
	second, _ := w.dial("", "Authorization: Bearer "+other.token)
	for _, c := range []*websocket.Conn{first, second} {
		for range 2 {
			frame(t, c)
		}
	}
	if got := ann.post("/api/v1/auth/logout", ""); got.status != 204 {
		t.Fatal(got.body)
	}
	if bye := frame(t, first); bye.json("name") != "bye" || bye.json("message.code") != 4501.0 {
		t.Errorf("bye: %s", bye.body)
	}
	if _, _, err := first.ReadMessage(); !websocket.IsCloseError(err, 4501) {
		t.Errorf("close: %v", err)
	}
	other.notify("still here")
	if got := frame(t, second); got.json("name") != "notification.created" {
		t.Errorf("the other session: %s", got.body)
	}
	if _, got := w.dial("", "Authorization: Bearer "+ann.token); got.status != 401 {
		t.Errorf("the ended session came back: %d", got.status)
	}
}

// The main job: what one device does reaches the others, and nobody else.
func TestSocketHearsPush(t *testing.T) {
	w := newWorld(t)
	boss, ann, bob := w.admin("boss"), w.user("ann"), w.user("bob")
	open := func(p *person, query string) *websocket.Conn {
		c, got := w.dial(query, "Authorization: Bearer "+p.token)
		if c == nil {
			t.Fatalf("%d %s", got.status, got.body)
		}
		if f := frame(t, c); f.json("name") != "welcome" {
			t.Fatal(f.body)
		}
		return c
	}
	phone, laptop, his := open(ann, ""), open(ann, "?since=0"), open(bob, "")
	for _, c := range []*websocket.Conn{phone, laptop, his} {
		if f := frame(t, c); f.json("name") != "ready" {
			t.Fatal(f.body)
		}
	}
	got := boss.post("/api/v1/admin/pushes", `{"to":{"users":["ann"]},"title":"for ann","body":""}`)
	if got.status != 201 || got.json("online") != 1.0 {
		t.Errorf("%d %s", got.status, got.body)
	}
	for name, c := range map[string]*websocket.Conn{"phone": phone, "laptop": laptop} {
		f := frame(t, c)
		if f.json("name") != "notification.created" || f.json("seq") != 1.0 || f.json("message.notification.title") != "for ann" {
			t.Errorf("%s: %s", name, f.body)
		}
	}
	boss.post("/api/v1/admin/pushes", `{"to":{"online":true},"title":"for who is here","body":""}`)
	for name, c := range map[string]*websocket.Conn{"phone": phone, "bob": his} {
		if f := frame(t, c); f.json("message.notification.title") != "for who is here" {
			t.Errorf("%s: %s", name, f.body)
		}
	}
	late := open(ann, "?since=1")
	if f := frame(t, late); f.json("seq") != 2.0 {
		t.Errorf("the replay: %s", f.body)
	}
	if f := frame(t, late); f.json("name") != "ready" {
		t.Errorf("after the replay: %s", f.body)
	}
}
