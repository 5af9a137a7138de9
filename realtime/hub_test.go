package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// eventually waits for a condition that nothing announces.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !is() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("it never came that " + what)
		}
	}
}

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Unix(1_800_000_000, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// fixture is a hub behind a real server. Who a socket is for stands in its URL:
// ?user=1&session=7 are the defaults.
type fixture struct {
	*Hub
	t    testing.TB
	log  *memory
	url  string
	errs chan error // of Serve
}

func start(t testing.TB, o Options) *fixture {
	t.Helper()
	return startOn(t, o, nil)
}

// startOn has its server listen where it is told to.
func startOn(t testing.TB, o Options, listen func(net.Listener) net.Listener) *fixture {
	t.Helper()
	f := &fixture{t: t, log: newMemory(1, 2, 3), errs: make(chan error, 1000)}
	if o.Log == nil {
		o.Log = f.log
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	f.Hub = New(o)
	server := httptest.NewUnstartedServer(http.HandlerFunc(f.serve))
	if listen != nil {
		server.Listener = listen(server.Listener)
	}
	server.Start()
	f.url = "ws" + strings.TrimPrefix(server.URL, "http")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		f.Shutdown(ctx)
		server.Close()
	})
	return f
}

func (f *fixture) serve(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	number := func(name string, or int64) int64 {
		if n, err := strconv.ParseInt(q.Get(name), 10, 64); err == nil {
			return n
		}
		return or
	}
	id := number("user", 1)
	who := Identity{
		User:    User{ID: id, Username: "user" + strconv.FormatInt(id, 10), Role: "user"},
		Session: number("session", id+6),
		Expires: f.o.Now().Add(time.Duration(number("expires", 3600)) * time.Second),
	}
	cursor := Cursor{Live: !q.Has("since"), Since: number("since", 0), Epoch: q.Get("epoch")}
	err := f.Serve(w, r, who, cursor)
	if err != nil && !errors.Is(err, net.ErrClosed) {
		status := http.StatusServiceUnavailable
		if bad := (*HandshakeError)(nil); errors.As(err, &bad) {
			status = bad.Status
		}
		http.Error(w, err.Error(), status)
	}
	select {
	case f.errs <- err:
	default: // nobody looks at so many
	}
}

// conns is the server's side of a user's sockets.
func (f *fixture) conns(user int64) []*conn { return f.shard(user).of(user) }

// client is a socket that is read frame by frame.
type client struct {
	*websocket.Conn
	t testing.TB
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

// live is a socket that has said it is ready.
func (f *fixture) live(query string) *client {
	f.t.Helper()
	c := f.dial(query)
	c.expect("welcome")
	c.expect("ready")
	user := int64(1)
	if q, err := url.ParseQuery(query); err == nil && q.Has("user") {
		user, _ = strconv.ParseInt(q.Get("user"), 10, 64)
	}
	f.idle(user)
	return c
}

// idle waits until nothing drains on a user's sockets.
func (f *fixture) idle(user int64) {
	f.t.Helper()
	eventually(f.t, "the drains end", func() bool {
		for _, c := range f.conns(user) {
			if c.peek().draining {
				return false
			}
		}
		return true
	})
}

// knows waits until a user's sockets have heard of a head.
func (f *fixture) knows(user, head int64) {
	f.t.Helper()
	eventually(f.t, "the sockets hear of it", func() bool {
		for _, c := range f.conns(user) {
			if c.peek().head < head {
				return false
			}
		}
		return true
	})
}

// peeked is what a test may want to know of a socket's server side.
type peeked struct {
	cursor, head int64
	draining     bool
	out          int
}

func (c *conn) peek() peeked {
	c.mu.Lock()
	defer c.mu.Unlock()
	return peeked{cursor: c.cursor, head: c.head, draining: c.draining, out: len(c.out)}
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
	c.SetReadDeadline(time.Now().Add(patience))
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

// expectSeqs reads log events and checks that they are from to to, each once.
func (c *client) expectSeqs(from, to int64) {
	c.t.Helper()
	for seq := from; seq <= to; seq++ {
		if f := c.next(); f.Seq != seq {
			c.t.Fatalf("got %q with seq %d, want seq %d", f.Name, f.Seq, seq)
		}
	}
}

// say sends a text frame.
func (c *client) say(text string) {
	c.t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// settle is an answer to a command: all that was sent before it has arrived.
func (c *client) settle() {
	c.t.Helper()
	c.say(`{"name":"ping","id":"settle"}`)
	if f := c.expect("reply"); string(f.ID) != `"settle"` {
		c.t.Fatalf("reply to %s", f.ID)
	}
}

// closed reads until the close frame and gives its code.
func (c *client) closed() int {
	c.t.Helper()
	code, _ := c.farewell()
	return code
}

// farewell reads until the close frame, and gives its code and the bye before it.
func (c *client) farewell() (code int, last *bye) {
	c.t.Helper()
	c.SetReadDeadline(time.Now().Add(patience))
	for {
		_, text, err := c.ReadMessage()
		if err != nil {
			var e *websocket.CloseError
			if !errors.As(err, &e) {
				c.t.Fatal("not closed but:", err)
			}
			return e.Code, last
		}
		var f frame
		if json.Unmarshal(text, &f) != nil {
			c.t.Fatalf("no JSON: %s", text)
		}
		if f.Name == "bye" {
			last = new(bye)
			if err := json.Unmarshal(f.Message, last); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}
