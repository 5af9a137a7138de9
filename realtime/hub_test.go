package realtime

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a Log in memory.
type memory struct {
	mu      sync.Mutex
	epoch   string
	logs    map[int64][]Event
	trimmed map[int64]int64
	acked   map[int64]int64
	fail    error
	reads   int
}

func newMemory(users ...int64) *memory {
	m := &memory{epoch: "e1", logs: map[int64][]Event{}, trimmed: map[int64]int64{}, acked: map[int64]int64{}}
	for _, u := range users {
		m.logs[u] = nil
	}
	return m
}

func (m *memory) add(user int64, name string) Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := Event{User: user, Seq: int64(len(m.logs[user]) + 1), Time: time.Unix(1_700_000_000, 0).UTC(), Name: name, Message: json.RawMessage(`{"n":1}`)}
	m.logs[user] = append(m.logs[user], e)
	return e
}

func (m *memory) Epoch() string { return m.epoch }

func (m *memory) Head(ctx context.Context, user int64) (Head, error) {
	heads, err := m.Heads(ctx, []int64{user})
	if err != nil || len(heads) == 0 {
		return Head{}, ErrNoUser
	}
	return heads[0], nil
}

func (m *memory) Heads(_ context.Context, users []int64) ([]Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var heads []Head
	for _, u := range users {
		if log, ok := m.logs[u]; ok {
			heads = append(heads, Head{User: u, Head: int64(len(log)), Trimmed: m.trimmed[u]})
		}
	}
	return heads, m.fail
}

func (m *memory) After(_ context.Context, user, seq int64, limit int) ([]Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	if m.fail != nil {
		return nil, m.fail
	}
	if seq < m.trimmed[user] {
		return nil, ErrTrimmed
	}
	log := m.logs[user][seq:]
	return log[:min(limit, len(log))], nil
}

func (m *memory) Delivered(_ context.Context, upTo map[int64]int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for u, seq := range upTo {
		m.acked[u] = max(m.acked[u], seq)
	}
	return nil
}

// fixture is a hub behind a real server.
type fixture struct {
	*Hub
	t   *testing.T
	log *memory
	url string
}

func start(t *testing.T, o Options) *fixture {
	t.Helper()
	f := &fixture{t: t, log: newMemory(1, 2, 3)}
	o.Log = f.log
	f.Hub = New(o)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := Identity{User: User{ID: 1, Username: "ann", Role: "user"}, Session: 7, Expires: f.o.Now().Add(time.Hour)}
		if r.URL.Query().Get("user") == "2" {
			who.User, who.Session = User{ID: 2, Username: "bob", Role: "user"}, 8
		}
		cursor := Cursor{Live: !r.URL.Query().Has("since"), Epoch: r.URL.Query().Get("epoch")}
		json.Unmarshal([]byte(r.URL.Query().Get("since")), &cursor.Since)
		if err := f.Serve(w, r, who, cursor); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	}))
	f.url = "ws" + strings.TrimPrefix(server.URL, "http")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		f.Shutdown(ctx)
		server.Close()
	})
	return f
}

// client is a socket that is read frame by frame.
type client struct {
	*websocket.Conn
	t *testing.T
}

func (f *fixture) dial(query string) *client {
	f.t.Helper()
	ws, resp, err := websocket.DefaultDialer.Dial(f.url+"/?"+query, nil)
	if err != nil {
		f.t.Fatal(err, resp)
	}
	f.t.Cleanup(func() { ws.Close() })
	return &client{Conn: ws, t: f.t}
}

type frame struct {
	Name    string          `json:"name"`
	Seq     int64           `json:"seq"`
	ID      json.RawMessage `json:"id"`
	Counts  *Counts         `json:"counts"`
	Message json.RawMessage `json:"message"`
}

func (c *client) next() frame {
	c.t.Helper()
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	kind, text, err := c.ReadMessage()
	if err != nil || kind != websocket.TextMessage {
		c.t.Fatal("read:", kind, err)
	}
	var f frame
	if err := json.Unmarshal(text, &f); err != nil {
		c.t.Fatalf("%s: %v", text, err)
	}
	return f
}

// expect reads one frame and checks its name.
func (c *client) expect(name string) frame {
	c.t.Helper()
	f := c.next()
	if f.Name != name {
		c.t.Fatalf("got %q %s, want %q", f.Name, f.Message, name)
	}
	return f
}

// closed reads until the close frame and gives its code.
func (c *client) closed() int {
	c.t.Helper()
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			if e, ok := err.(*websocket.CloseError); ok {
				return e.Code
			}
			c.t.Fatal("not closed but:", err)
		}
	}
}

func TestLiveEventsFollowTheWelcome(t *testing.T) {
	f := start(t, Options{})
	f.log.add(1, "old")
	c := f.dial("")
	c.expect("welcome")
	if got := c.expect("ready"); string(got.Message) != `{"seq":1}` {
		t.Fatalf("ready %s", got.Message)
	}
	for i := range 5 {
		f.Ring([]Event{f.log.add(1, "card.created")})
		if got := c.expect("card.created"); got.Seq != int64(i+2) {
			t.Fatalf("seq %d, want %d", got.Seq, i+2)
		}
	}
	if f.log.reads != 0 {
		t.Errorf("the store was read %d times: a live event needs no read", f.log.reads)
	}
}
