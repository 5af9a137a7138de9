package routes

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPoll(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	for i := range 5 {
		ann.tell("deck.created", fmt.Sprintf(`{"deck":{"id":%d,"name":"a deck","description":""}}`, i+1))
	}
	bob.tell("deck.created", `{"deck":{"id":999,"name":"bob's secret"}}`)
	epoch := w.store.Epoch()

	for _, tt := range []struct {
		query  string
		status int
		first  any // seq of the first event, nil for none
		last   int
		reset  any
	}{
		{"", 200, 1.0, 5, nil},
		{"?since=0", 200, 1.0, 5, nil},
		{"?since=2", 200, 3.0, 5, nil},
		{"?since=2&epoch=" + epoch, 200, 3.0, 5, nil},
		{"?since=1&limit=2", 200, 2.0, 3, nil},
		{"?since=5", 200, nil, 0, nil},
		{"?since=6", 200, nil, 0, "ahead"},
		{"?since=9223372036854775807", 200, nil, 0, "ahead"},
		{"?since=2&epoch=other", 200, nil, 0, "epoch"},
		{"?since=", 400, nil, 0, nil},
		{"?since=-1", 400, nil, 0, nil},
		{"?since=x", 400, nil, 0, nil},
		{"?since=1.5", 400, nil, 0, nil},
		{"?since=99999999999999999999", 400, nil, 0, nil},
		{"?wait=31", 422, nil, 0, nil},
		{"?wait=-1", 422, nil, 0, nil},
		{"?wait=x", 400, nil, 0, nil},
		{"?limit=0", 422, nil, 0, nil},
		{"?limit=201", 422, nil, 0, nil},
	} {
		got := ann.get("/api/v1/events" + tt.query)
		if got.status != tt.status {
			t.Errorf("%s: %d %s", tt.query, got.status, got.body)
			continue
		}
		if strings.Contains(got.body, "secret") {
			t.Errorf("%s shows what is bob's: %s", tt.query, got.body)
		}
		if tt.status != 200 {
			continue
		}
		if got.json("epoch") != epoch || got.json("head") != 5.0 {
			t.Errorf("%s: epoch %v head %v", tt.query, got.json("epoch"), got.json("head"))
		}
		if got.json("events.0.seq") != tt.first || got.json("reset.reason") != tt.reset {
			t.Errorf("%s: %s", tt.query, got.body)
		}
		events, ok := got.json("events").([]any)
		if !ok {
			t.Errorf("%s: events are no list: %s", tt.query, got.body)
		}
		if n := len(events); n > 0 && events[n-1].(map[string]any)["seq"] != float64(tt.last) {
			t.Errorf("%s ends with %v", tt.query, events[n-1])
		}
		if tt.reset != nil && (got.json("reset.head") != 5.0 || got.json("reset.epoch") != epoch) {
			t.Errorf("%s: %s", tt.query, got.body)
		}
	}
	if got := w.call(nil, "GET", "/api/v1/events", ""); got.status != 401 {
		t.Errorf("nobody: %d", got.status)
	}
}

func TestPollWaits(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	ann.tell("deck.created", `{}`)
	answered := make(chan answer, 1)
	go func() { answered <- ann.get("/api/v1/events?since=1&wait=30") }()
	w.untilWaiting(ann.id)
	bob.tell("deck.created", `{}`) // not hers
	select {
	case got := <-answered:
		t.Fatalf("answered before there was anything: %s", got.body)
	default:
	}
	ann.tell("deck.updated", `{"deck":{"id":2,"name":"a deck","description":""}}`)
	got := <-answered
	if got.status != 200 || got.json("events.0.seq") != 2.0 || got.json("events.0.name") != "deck.updated" || got.json("head") != 2.0 {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := ann.get("/api/v1/events?since=1&wait=30"); got.json("events.0.seq") != 2.0 {
		t.Errorf("there already: %s", got.body)
	}
	if got := ann.get("/api/v1/events?since=7&wait=30"); got.json("reset.reason") != "ahead" {
		t.Errorf("a reset is held back: %s", got.body)
	}
	if got := ann.get("/api/v1/events?since=2&wait=1"); got.status != 200 || got.json("events.0") != nil || got.json("head") != 2.0 {
		t.Errorf("nothing came: %s", got.body)
	}

	go func() { answered <- ann.get("/api/v1/events?since=2&wait=30") }()
	w.untilWaiting(ann.id)
	close(w.stopping)
	if got := <-answered; got.status != 200 {
		t.Errorf("stopping: %d %s", got.status, got.body)
	}
}

// A poll that was held while its session ended tells nothing of what came since.
func TestPollEndsWithItsSession(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	answered := make(chan answer, 1)
	go func() { answered <- ann.get("/api/v1/events?wait=30") }()
	w.untilWaiting(ann.id)
	if got := ann.post("/api/v1/auth/logout", ""); got.status != 204 {
		t.Fatalf("logout: %d", got.status)
	}
	ann.tell("deck.created", `{"deck":{"name":"after the end"}}`)
	if got := <-answered; got.status != 401 || got.code() != "session_ended" || strings.Contains(got.body, "after the end") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// A push to everyone reaches who waits, though it is in nobody's log yet.
func TestPollHearsPushToAll(t *testing.T) {
	w := newWorld(t)
	ann, boss := w.user("ann"), w.admin("boss")
	answered := make(chan answer, 1)
	go func() { answered <- ann.get("/api/v1/events?since=0&wait=30") }()
	w.untilWaiting(ann.id)
	if got := boss.post("/api/v1/admin/pushes", `{"to":{"all":true},"title":"hello","body":""}`); got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := <-answered; got.json("events.0.name") != "notification.created" || got.json("events.0.counts.unread") != 1.0 {
		t.Errorf("%s", got.body)
	}
}

func TestTooManyWait(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for range 20 {
		s := ann.stream(ctx, "")
		s.begun(t, "id: "+w.store.Epoch()+":0")
	}
	got := ann.get("/api/v1/events?wait=1")
	if got.status != 429 || got.header.Get("Retry-After") == "" || got.code() != "rate_limited" {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := ann.get("/api/v1/events"); got.status != 200 {
		t.Errorf("a poll that does not wait: %d", got.status)
	}
	if got := bob.get("/api/v1/events?wait=1"); got.status != 200 {
		t.Errorf("somebody else: %d", got.status)
	}
}

// sse reads a stream.
type sse struct {
	resp *http.Response
	body *bufio.Reader
}

func (p *person) stream(ctx context.Context, query string, headers ...string) *sse {
	p.w.t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", p.w.url+"/api/v1/events"+query, nil)
	if err != nil {
		p.w.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Authorization", "Bearer "+p.token)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.w.t.Fatal(err)
	}
	p.w.t.Cleanup(func() { resp.Body.Close() })
	return &sse{resp: resp, body: bufio.NewReader(resp.Body)}
}

// next is the next event: its id and its data. At the stream's end both are "".
func (s *sse) next(t *testing.T) (id, data string) {
	t.Helper()
	for {
		line, err := s.body.ReadString('\n')
		if err != nil {
			return "", ""
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case line == "\n" && data != "":
			return id, data
		case field == "id":
			id = value
		case field == "data":
			data = value
		case field == "event":
			t.Errorf("an event line hides from onmessage: %q", line)
		}
	}
}

// begun reads up to where the stream is live, and wants these lines before it, and
// no others: what is no entry of the log shall not look like one.
func (s *sse) begun(t *testing.T, want ...string) {
	t.Helper()
	var lines []string
	for {
		line, err := s.body.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		switch line = strings.TrimSuffix(line, "\n"); line {
		case "":
			continue
		case ": ready":
			if !slices.Equal(lines, want) {
				t.Errorf("before the stream is live: %q, want %q", lines, want)
			}
			return
		}
		lines = append(lines, line)
	}
}

func (s *sse) want(t *testing.T, wantID string, inside ...string) {
	t.Helper()
	id, data := s.next(t)
	if id != wantID {
		t.Errorf("id %q, want %q (%s)", id, wantID, data)
	}
	for _, part := range inside {
		if !strings.Contains(data, part) {
			t.Errorf("%s lacks %s", data, part)
		}
	}
}

func TestStream(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	ann.tell("deck.created", `{"deck":{"id":1}}`)
	ann.tell("deck.created", `{"deck":{"id":2}}`)
	epoch := w.store.Epoch()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	live := ann.stream(ctx, "")
	if got := live.resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("Content-Type %q", got)
	}
	live.begun(t, "id: "+epoch+":2")
	replay := ann.stream(ctx, "?since=1&epoch="+epoch)
	replay.want(t, epoch+":2", `"name":"deck.created"`, `"seq":2`, `"id":2`)
	replay.begun(t)
	resumed := ann.stream(ctx, "?since=0", "Last-Event-ID: "+epoch+":1")
	resumed.want(t, epoch+":2", `"seq":2`)
	resumed.begun(t)
	nothingNew := ann.stream(ctx, "?since=2")
	nothingNew.begun(t, "id: "+epoch+":2")
	reset := ann.stream(ctx, "", "Last-Event-ID: other:1")
	reset.want(t, epoch+":2", `"name":"reset"`, `"reason":"epoch"`, `"head":2`)
	reset.begun(t)
	ahead := ann.stream(ctx, "?since=7")
	ahead.want(t, epoch+":2", `"name":"reset"`, `"reason":"ahead"`)
	ahead.begun(t)

	bob.tell("deck.created", `{"deck":{"name":"not hers"}}`)
	ann.tell("deck.deleted", `{"deck":{"id":1}}`)
	ann.notify("hello")
	for name, s := range map[string]*sse{"live": live, "replay": replay, "resumed": resumed, "nothing new": nothingNew, "reset": reset, "ahead": ahead} {
		t.Log(name)
		s.want(t, epoch+":3", `"name":"deck.deleted"`)
		s.want(t, epoch+":4", `"name":"notification.created"`, `"counts":{"unread":1,"unseen":1}`)
	}

	for header, status := range map[string]int{"x": 400, epoch + ":": 400, epoch + ":-1": 400, epoch + ":x": 400} {
		if got := ann.get("/api/v1/events", "Accept: text/event-stream", "Last-Event-ID: "+header); got.status != status {
			t.Errorf("Last-Event-ID %q: %d", header, got.status)
		}
	}
	if got := w.call(nil, "GET", "/api/v1/events", "", "Accept: text/event-stream"); got.status != 401 {
		t.Errorf("nobody: %d", got.status)
	}
}

func TestStreamEnds(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()

	ann := w.user("ann")
	s := ann.stream(ctx, "")
	s.begun(t, "id: "+w.store.Epoch()+":0")
	if got := ann.post("/api/v1/auth/logout", ""); got.status != 204 {
		t.Fatalf("logout: %d", got.status)
	}
	ann.tell("deck.created", `{"deck":{"name":"after the end"}}`)
	if _, data := s.next(t); !strings.Contains(data, `"bye"`) || !strings.Contains(data, "4501") {
		t.Errorf("signed out and heard %s", data)
	}
	if _, data := s.next(t); data != "" {
		t.Errorf("after the bye: %s", data)
	}

	bob := w.user("bob")
	w.store.Clock.Add(15*time.Minute - 50*time.Millisecond) // and the rest passes by itself
	s = bob.stream(ctx, "")
	s.begun(t, "id: "+w.store.Epoch()+":0")
	if _, data := s.next(t); !strings.Contains(data, `"bye"`) || !strings.Contains(data, "4001") || !strings.Contains(data, `"reconnect":true`) {
		t.Errorf("expired and heard %s", data)
	}

	cid := w.user("cid")
	s = cid.stream(ctx, "")
	s.begun(t, "id: "+w.store.Epoch()+":0")
	close(w.stopping)
	if _, data := s.next(t); !strings.Contains(data, `"bye"`) || !strings.Contains(data, "4003") {
		t.Errorf("stopping and heard %s", data)
	}
	if _, data := s.next(t); data != "" {
		t.Errorf("after the bye: %s", data)
	}
}

// untilWaiting returns when somebody has begun to wait for the user's log.
func (w *world) untilWaiting(user int64) {
	w.t.Helper()
	late := time.After(10 * time.Second)
	for {
		select {
		case who := <-w.watched:
			if who == user {
				return
			}
		case <-late:
			w.t.Fatal("nobody waits")
		}
	}
}
