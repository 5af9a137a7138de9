package cmd

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// patient is a server under a fault, with somebody who is signed in and somebody
// who has a socket open.
type patient struct {
	*process
	ledger
	ann, ben *client
	ws       *websocket.Conn
	replies  chan error
	keyed    int
}

func newPatient(t *testing.T, p *process) *patient {
	t.Helper()
	s := &patient{process: p}
	s.ann, s.ben = p.setUp(t)
	for range 5 {
		if !s.push(t.Context(), s.ann) {
			t.Fatal(s.refused)
		}
	}
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(p.url, "http")+"/ws", http.Header{"Authorization": {"Bearer " + s.ben.access}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	s.ws, s.replies = ws, make(chan error, 1)
	go func() {
		for {
			_, text, err := ws.ReadMessage()
			if err != nil || strings.HasPrefix(string(text), `{"name":"reply"`) {
				s.replies <- err
			}
			if err != nil {
				return
			}
		}
	}()
	s.alive(t)
	return s
}

// alive reads, as those who are signed in may, and talks over the socket.
func (s *patient) alive(t *testing.T) {
	t.Helper()
	for _, path := range []string{"/me", "/notifications", "/decks", "/events?since=0&limit=5", "/livez"} {
		s.ben.do(t, http.MethodGet, path, nil, nil)
	}
	s.answers(t)
}

// answers has the socket give an answer.
func (s *patient) answers(t *testing.T) {
	t.Helper()
	if err := s.ws.WriteMessage(websocket.TextMessage, []byte(`{"name":"ping","id":1}`)); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-s.replies:
		if err != nil {
			t.Fatalf("the socket is gone: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the socket is silent")
	}
}

// refuses pushes until one is refused, which must be in the right words.
func (s *patient) refuses(t *testing.T, status int, code string) {
	t.Helper()
	for range 3000 {
		if s.push(t.Context(), s.ann) {
			continue
		}
		var answer *answerError
		err := s.refused[len(s.refused)-1]
		if !errors.As(err, &answer) || answer.status != status || answer.Code != code || answer.retryAfter <= 0 || answer.Detail == "" || strings.ContainsAny(answer.Detail, "/\n") {
			t.Fatalf("refused with %v, %+v", err, answer)
		}
		return
	}
	t.Fatal("nothing was refused")
}

// isReady holds /readyz against what is so.
func (s *patient) isReady(t *testing.T, code string) {
	t.Helper()
	err := s.ben.call(t.Context(), http.MethodGet, "/readyz", "", "", nil, nil)
	var answer *answerError
	switch {
	case code == "" && err != nil:
		t.Errorf("not ready: %v", err)
	case code != "" && (!errors.As(err, &answer) || answer.status != http.StatusServiceUnavailable || answer.Code != code):
		t.Errorf("ready? %v, want %s", err, code)
	}
}

// keyedPush repeats one push with its Idempotency-Key until it is acknowledged, and
// then once more.
func (s *patient) keyedPush(t *testing.T, want bool) {
	t.Helper()
	s.keyed++
	body := map[string]any{"to": map[string]any{"users": []string{"benny", "annie"}}, "title": fmt.Sprint("keyed ", s.keyed), "body": strings.Repeat("字", 4000)}
	call := func() error {
		return s.ann.call(t.Context(), http.MethodPost, "/admin/pushes", s.ann.access, fmt.Sprint("key ", s.keyed), body, nil)
	}
	if err := call(); (err == nil) != want {
		t.Errorf("a push with a key: %v", err)
	}
	if !want {
		s.keyed-- // the next one repeats it
		return
	}
	if err := call(); err != nil {
		t.Error(err)
	}
	s.acked[fmt.Sprint("keyed ", s.keyed)] = true
}

// recovers waits until all is well again, without a restart.
func (s *patient) recovers(t *testing.T) {
	t.Helper()
	s.isReady(t, "")
	s.keyedPush(t, true)
	if !s.push(t.Context(), s.ann) {
		t.Fatal("it does not come back:", s.refused[len(s.refused)-1])
	}
	s.alive(t)
	s.verify(t, s.ben)
}

// noSecrets looks for what no log may hold.
func (s *patient) noSecrets(t *testing.T) {
	t.Helper()
	for _, secret := range []string{"annieannie", s.ann.access, "字字", "push 1"} {
		if strings.Contains(s.stderr.String(), secret) {
			t.Errorf("%.20q is in the log", secret)
		}
	}
}
