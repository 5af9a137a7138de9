package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"aoki/realtime"
)

// env is what a client command of a user needs.
func (s *server) env(name string) map[string]string {
	return map[string]string{"AOKI_URL": s.url, "AOKI_USER": name, "AOKI_PASSWORD": name + name}
}

func TestPush(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	ann, ben := s.setUp(t)
	anns, _ := ann.follow(t, nil)
	bens, _ := ben.follow(t, nil)
	before := ann.devices(t)
	push := func(name string, args ...string) result {
		return run(t, t.Context(), s.env(name), "", append([]string{"push"}, args...)...)
	}

	if r := push("annie", "--all", "--title", "Only asking", "--dry-run"); r.code != exitOK || r.stdout != "would reach 2 users, 2 online\n" {
		t.Errorf("a dry run: %+v", r)
	}
	first := push("annie", "--to", "benny", "--title", "Hello", "--body", "It is me", "--link", "/decks", "--data", `{"n":1}`, "--key", "once")
	if first.code != exitOK || !strings.HasPrefix(first.stdout, "sent to 1 user, 1 online (push ") || first.stderr != "" {
		t.Fatalf("a push: %+v", first)
	}
	if again := push("annie", "--to", "benny", "--title", "Hello", "--body", "It is me", "--link", "/decks", "--data", `{"n":1}`, "--key", "once"); again != first {
		t.Errorf("the same push again: %+v", again)
	}
	push("annie", "--to", "benny", "--title", "Another", "--key", "once").oneSentence(t, exitFailed, "422")
	push("benny", "--all", "--title", "Not for me").oneSentence(t, exitFailed, "403")
	push("annie", "--to", "benny,carol", "--title", "To nobody").oneSentence(t, exitFailed, "422", "carol")
	run(t, t.Context(), map[string]string{"AOKI_URL": s.url, "AOKI_TOKEN": "nonsense"}, "", "push", "--all", "--title", "x").oneSentence(t, exitFailed, "401")
	run(t, t.Context(), map[string]string{"AOKI_URL": s.url, "AOKI_USER": "annie"}, "wrong password\n", "push", "--all", "--title", "x").oneSentence(t, exitFailed, "401")
	if r := push("annie", "--all", "--title", "To everyone"); r.code != exitOK || !strings.HasPrefix(r.stdout, "sent to 2 users, 2 online") {
		t.Errorf("a push to all: %+v", r)
	}

	for who, want := range map[string]struct {
		frames <-chan realtime.Frame
		titles []string
	}{
		"ben": {bens, []string{"Hello", "To everyone"}},
		"ann": {anns, []string{"To everyone"}},
	} {
		for i, title := range want.titles {
			f := next(t, want.frames)
			if f.Name != "notification.created" || !strings.Contains(string(f.Message), `"title":"`+title+`"`) || f.Counts == nil || f.Counts.Unread != int64(i+1) {
				t.Errorf("%s got %s %s %+v in place of %q", who, f.Name, f.Message, f.Counts, title)
			}
		}
	}
	if n := ann.devices(t); n != before {
		t.Errorf("push left %d sessions behind", n-before)
	}
}

// devices is how many sessions the user has.
func (c *client) devices(t *testing.T) int {
	t.Helper()
	var list struct{ Items []json.RawMessage }
	c.do(t, http.MethodGet, "/auth/sessions", nil, &list)
	return len(list.Items)
}

// unreliable is a line to a server that swallows some answers, after the server
// has given them.
func unreliable(t *testing.T, to string, swallow func(r *http.Request) bool) *httptest.Server {
	t.Helper()
	line := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		request, err := http.NewRequestWithContext(r.Context(), r.Method, to+r.URL.Path, bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		request.Header = r.Header.Clone()
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			if r.Context().Err() == nil { // who asked has given up: that is no failure
				t.Error(err)
			}
			return
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		if swallow(r) {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = w.Write(text)
	}))
	t.Cleanup(func() { line.Close(); http.DefaultTransport.(*http.Transport).CloseIdleConnections() })
	return line
}

func TestPushThroughAnUnreliableLineHappensOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	_, ben := s.setUp(t)
	bens, _ := ben.follow(t, nil)
	var pushes atomic.Int32
	keys := map[string]bool{}
	line := unreliable(t, s.url, func(r *http.Request) bool {
		if r.URL.Path != "/api/v1/admin/pushes" {
			return false
		}
		keys[r.Header.Get("Idempotency-Key")] = true
		return pushes.Add(1) <= 2
	})
	env := s.env("annie")
	env["AOKI_URL"] = line.URL
	r := run(t, t.Context(), env, "", "push", "--to", "benny", "--title", "Once")
	if r.code != exitOK || pushes.Load() != 3 || len(keys) != 1 || keys[""] {
		t.Errorf("%+v after %d requests with %d keys", r, pushes.Load(), len(keys))
	}
	run(t, t.Context(), s.env("annie"), "", "push", "--to", "benny", "--title", "Last")
	for _, title := range []string{"Once", "Last"} {
		if f := next(t, bens); !strings.Contains(string(f.Message), title) {
			t.Errorf("got %s in place of %q", f.Message, title)
		}
	}

	deaf := unreliable(t, s.url, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "pushes") })
	env["AOKI_URL"] = deaf.URL
	run(t, t.Context(), env, "", "push", "--to", "benny", "--title", "Unheard", "--timeout", "300ms").
		oneSentence(t, exitFailed, "not acknowledged", "--key ")
}

func TestListen(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	s.setUp(t)
	push := func(title string) {
		t.Helper()
		if r := run(t, t.Context(), s.env("annie"), "", "push", "--to", "benny", "--title", title); r.code != exitOK {
			t.Fatalf("%+v", r)
		}
	}
	listen := func(args ...string) result {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		return run(t, ctx, s.env("benny"), "", append([]string{"listen"}, args...)...)
	}
	push("one")
	push("two\nlines")

	state := filepath.Join(t.TempDir(), "state")
	r := listen("--since", "0", "--limit", "2", "--state", state)
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	if r.code != exitOK || len(lines) != 2 {
		t.Fatalf("%+v", r)
	}
	for i, want := range []string{"one", "two lines"} {
		if !strings.HasPrefix(lines[i], strconv.Itoa(i+1)+"  20") || !strings.HasSuffix(lines[i], "Z  notification.created  "+want) {
			t.Errorf("line %d is %q", i+1, lines[i])
		}
	}
	push("three")
	if r := listen("--limit", "1", "--state", state); r.code != exitOK || strings.Count(r.stdout, "\n") != 1 || !strings.HasPrefix(r.stdout, "3  ") {
		t.Errorf("going on from the state file: %+v", r)
	}
	var kept struct {
		Epoch, User string
		Seq         int64
	}
	if data, err := os.ReadFile(state); err != nil || json.Unmarshal(data, &kept) != nil || kept.Seq != 3 || kept.Epoch == "" || kept.User != "benny" {
		t.Errorf("the state file holds %+v, %v", kept, err)
	}

	var names []string
	r = listen("--json", "--since", "1", "--limit", "2")
	for line := range strings.Lines(r.stdout) {
		var f realtime.Frame
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Errorf("no frame: %q", line)
		}
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); r.code != exitOK || got != "welcome notification.created notification.created" {
		t.Errorf("frames as they came: %s, %+v", got, r)
	}

	env := s.env("annie")
	run(t, t.Context(), env, "", "listen", "--state", state).oneSentence(t, exitUsage, state, "benny")
	env["AOKI_PASSWORD"] = "not hers at all"
	run(t, t.Context(), env, "", "listen").oneSentence(t, exitFailed, "401")
	if err := os.WriteFile(state, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	listen("--state", state).oneSentence(t, exitFailed, state, "damaged")
}

// TestListenComesBack stops the server under a listener and starts it again.
func TestListenComesBack(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serve(t, data)
	s.setUp(t)
	stdout, stderr := &buffer{}, &buffer{}
	connected := make(chan struct{}, 10)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	address := strings.TrimPrefix(s.url, "http://")
	p := &program{stdin: strings.NewReader(""), stdout: stdout, stderr: writerFunc(func(text []byte) (int, error) {
		if strings.Contains(string(text), "connected to") {
			connected <- struct{}{}
		}
		return stderr.Write(text)
	}), env: s.env("benny"), now: time.Now}
	code := make(chan int, 1)
	go func() { code <- p.run(ctx, []string{"listen", "--since", "0", "--limit", "2"}) }()
	<-connected
	for i, title := range []string{"before", "after"} {
		if i > 0 {
			s.stop()
			s = serve(t, data, "--listen", address)
		}
		if r := run(t, ctx, s.env("annie"), "", "push", "--to", "benny", "--title", title); r.code != exitOK {
			t.Fatalf("%+v", r)
		}
	}
	if got := <-code; got != exitOK || strings.Count(stdout.String(), "\n") != 2 || !strings.HasSuffix(stdout.String(), "after\n") {
		t.Errorf("exit code %d, printed %q, said %q", got, stdout, stderr)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestUserCommandsBesideARunningServer(t *testing.T) {
	t.Parallel() // it waits for the server to notice what another process did
	data := t.TempDir()
	s := serve(t, data)
	ann, ben := s.setUp(t)
	user := func(stdin string, args ...string) result {
		return run(t, t.Context(), map[string]string{"AOKI_DATA": data}, stdin, append([]string{"user"}, args...)...)
	}
	if r := user("carolcarol\n", "add", "carol"); r.code != exitOK || r.stdout != "added carol (user)\n" {
		t.Errorf("add: %+v", r)
	}
	if r := user("daviddavid", "add", "david", "--admin"); r.code != exitOK || r.stdout != "added david (admin)\n" {
		t.Errorf("add --admin: %+v", r)
	}
	s.as(t, "carol")
	user("carolcarol\n", "add", "Carol").oneSentence(t, exitFailed, "taken")
	user("short\n", "add", "edgar").oneSentence(t, exitUsage, "password")
	user("", "add", "edgar").oneSentence(t, exitUsage, "password")
	user("edgaredgar\n", "add", "ed gar").oneSentence(t, exitUsage, "username")
	user("", "disable", "nobody").oneSentence(t, exitFailed, `"nobody"`)
	list := user("", "list")
	for _, want := range []string{"annie  admin  active", "carol  user   active", "david  admin  active"} {
		if !strings.Contains(list.stdout, want) {
			t.Errorf("list lacks %q:\n%s", want, list.stdout)
		}
	}
	if strings.Contains(list.stdout, "argon2") {
		t.Error("list shows a hash")
	}

	_, anns := ann.follow(t, nil)
	_, bens := ben.follow(t, nil)
	if r := user("", "disable", "benny"); r.code != exitOK || r.stdout != "benny is disabled\n" {
		t.Errorf("disable: %+v", r)
	}
	if r := user("newpassword\n", "passwd", "ANNIE"); r.code != exitOK || !strings.Contains(r.stdout, "annie") {
		t.Errorf("passwd: %+v", r)
	}
	for name, test := range map[string]struct {
		ended <-chan error
		code  string
	}{"benny": {bens, "4502"}, "annie": {anns, "4501"}} {
		select {
		case err := <-test.ended:
			if err == nil || !strings.Contains(err.Error(), test.code) {
				t.Errorf("%s's socket ended with %v", name, err)
			}
		case <-time.After(20 * time.Second):
			t.Errorf("%s still has a socket", name)
		}
	}
	refused := &client{base: s.url, user: "benny", password: "bennybenny", http: ben.http}
	if _, err := refused.token(t.Context(), false); err == nil {
		t.Error("who is disabled can sign in")
	}
	if r := user("", "enable", "benny"); r.code != exitOK {
		t.Errorf("enable: %+v", r)
	}
	s.as(t, "benny")
	for _, secret := range []string{"carolcarol", "newpassword"} {
		if strings.Contains(s.stderr.String()+s.stdout.String(), secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}
