package realtime

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestShutdownSaysGoodbye(t *testing.T) {
	const sockets = 40
	f := start(t, Options{MaxSockets: -1})
	var all []*client
	for range sockets {
		all = append(all, f.live(""))
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.Shutdown(context.Background())
	}()
	seen := map[int64]bool{}
	for _, c := range all {
		code, last := c.farewell()
		if code != CloseStopping || last == nil || !last.Reconnect || last.AfterMS < 200 || last.AfterMS > 1300 {
			t.Fatal(code, last)
		}
		seen[last.AfterMS] = true
		c.Close()
	}
	if len(seen) < sockets/4 {
		t.Errorf("%d sockets come back at %d moments", sockets, len(seen))
	}
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	if !f.Stopping() || f.Sockets() != 0 {
		t.Error(f.Stopping(), f.Sockets())
	}
	// Who calls on is not in the way, and nothing happens.
	f.Ring([]Event{f.log.add(1, "card.created")})
	f.RingAll()
	f.CloseUser(1)
	f.Prolong(7, time.Now())
	f.Shutdown(context.Background())
}

func TestShutdownRefusesNewSockets(t *testing.T) {
	f := start(t, Options{})
	f.Shutdown(t.Context())
	_, resp, err := websocket.DefaultDialer.Dial(f.url, nil)
	if err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Fatal(resp, err)
	}
	if err := <-f.errs; !errors.Is(err, ErrStopping) {
		t.Error(err)
	}
}

func TestShutdownEndsInTime(t *testing.T) {
	before := goleak.IgnoreCurrent()
	f := startOn(t, Options{MaxSockets: -1, WriteLimit: time.Hour}, small)
	for range 500 {
		f.log.addSized(1, "card.created", 5000)
	}
	for range 5 {
		f.wire("since=0", 4096) // and never reads
	}
	for range 5 {
		f.wire("user=2", 0).ready() // reads, and does not answer a close
	}
	f.live("user=3") // has hung up, but not in order
	for range 3 {
		f.wire("user=3", 0).put(masked(fin|0x2, nil))
	}
	eventually(t, "some are stuck", func() bool { return len(f.conns(1)) == 5 })
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	f.Shutdown(ctx)
	if took := time.Since(began); took > time.Second { // the lingering would take two
		t.Errorf("it took %v", took)
	}
	if f.Sockets() != 0 {
		t.Errorf("%d sockets are left", f.Sockets())
	}
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("net/http.(*Server).Serve"), goleak.IgnoreAnyFunction("net/http/httptest.(*Server).goServe.func1"))
}

// Sockets that are being opened while the hub stops are closed or refused, and
// never overlooked.
func TestShutdownDuringAStorm(t *testing.T) {
	for range 20 {
		f := start(t, Options{MaxSockets: -1})
		var all sync.WaitGroup
		begin := make(chan struct{})
		for range 12 {
			all.Go(func() {
				<-begin
				for {
					ws, _, err := websocket.DefaultDialer.Dial(f.url, nil)
					if err != nil {
						return
					}
					all.Go(func() {
						defer ws.Close()
						for {
							if _, _, err := ws.ReadMessage(); err != nil {
								if !websocket.IsCloseError(err, CloseStopping) {
									t.Error(err)
								}
								return
							}
						}
					})
				}
			})
		}
		close(begin)
		eventually(t, "there are some", func() bool { return f.Sockets() > 5 })
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		f.Shutdown(ctx)
		if ctx.Err() != nil {
			t.Error("somebody was overlooked")
		}
		cancel()
		all.Wait()
	}
}

func TestHandshakeThatIsNone(t *testing.T) {
	f := start(t, Options{})
	address := "http" + strings.TrimPrefix(f.url, "ws")
	good := map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg=="}
	for _, c := range []struct {
		name, method, header, value string
		status                      int
	}{
		{"plain GET", "GET", "Upgrade", "", 400},
		{"no Connection", "GET", "Connection", "", 400},
		{"another protocol", "GET", "Upgrade", "h2c", 400},
		{"no version", "GET", "Sec-WebSocket-Version", "", 400},
		{"an old version", "GET", "Sec-WebSocket-Version", "8", 400},
		{"no key", "GET", "Sec-WebSocket-Key", "", 400},
		{"a short key", "GET", "Sec-WebSocket-Key", "c2hvcnQ=", 400},
		{"POST", "POST", "", "", 405},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequest(c.method, address, nil)
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range good {
				if name == c.header {
					value = c.value
				}
				if value != "" {
					req.Header.Set(name, value)
				}
			}
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != c.status {
				t.Errorf("status %d, want %d", resp.StatusCode, c.status)
			}
			var bad *HandshakeError
			if err := <-f.errs; !errors.As(err, &bad) || bad.Status != c.status || bad.Reason == "" {
				t.Errorf("error %v", err)
			}
			if f.Sockets() != 0 || len(f.conns(1)) != 0 {
				t.Error("something is kept of it")
			}
		})
	}
}

func TestHandshakeWhileTheStoreIsAway(t *testing.T) {
	f := start(t, Options{})
	away := errors.New("the disk is gone")
	f.log.setFail(away)
	_, resp, err := websocket.DefaultDialer.Dial(f.url, nil)
	if err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Fatal(resp, err)
	}
	if err := <-f.errs; !errors.Is(err, away) {
		t.Error(err)
	}
	_, resp, err = websocket.DefaultDialer.Dial(f.url+"?user=99", nil)
	if err == nil || resp.StatusCode != http.StatusServiceUnavailable || f.Sockets() != 0 {
		t.Fatal(resp, err)
	}
}

func TestSubprotocol(t *testing.T) {
	f := start(t, Options{})
	for _, c := range []struct {
		offer []string
		want  string
	}{{nil, ""}, {[]string{"aoki.v1"}, "aoki.v1"}, {[]string{"aoki.v1", "bearer.x.y.z"}, "aoki.v1"}, {[]string{"bearer.x", "aoki.v1"}, "aoki.v1"}, {[]string{"graphql-ws"}, ""}} {
		dialer := websocket.Dialer{Subprotocols: c.offer}
		ws, _, err := dialer.Dial(f.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := ws.Subprotocol(); got != c.want {
			t.Errorf("%v: %q, want %q", c.offer, got, c.want)
		}
		ws.Close()
	}
}

// A client that speaks before it was answered has no socket, and nothing stays.
func TestHandshakeWithWordsBehindIt(t *testing.T) {
	f := start(t, Options{})
	conn, err := net.Dial("tcp", strings.TrimPrefix(f.url, "ws://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.Write(append([]byte("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"), masked(textFin, []byte(`{}`))...))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != http.StatusBadRequest {
		t.Error(resp, err)
	}
	if err := <-f.errs; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if f.Sockets() != 0 {
		t.Error("a socket is left")
	}
}

// early is an answer to a handshake that came with more behind it.
type early struct {
	http.ResponseWriter
	conn net.Conn
}

func (e early) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	br := bufio.NewReader(strings.NewReader("more"))
	br.Peek(1)
	return e.conn, bufio.NewReadWriter(br, bufio.NewWriter(e.conn)), nil
}

// Who speaks too early and reads nothing is not waited for without end.
func TestRefusalThatNobodyReads(t *testing.T) {
	f := start(t, Options{WriteLimit: 20 * time.Millisecond})
	ours, theirs := net.Pipe() // takes nothing that nobody reads
	defer ours.Close()
	served := make(chan error, 1)
	go func() {
		served <- f.Serve(early{conn: theirs}, handshake, Identity{User: User{ID: 1}}, Cursor{Live: true})
	}()
	select {
	case err := <-served:
		if err == nil || f.Sockets() != 0 {
			t.Error(err, f.Sockets())
		}
	case <-time.After(patience):
		t.Error("somebody still waits")
		ours.Close()
		<-served
	}
}

// stuck is a log whose head nobody ever hears.
type stuck struct {
	*memory
	asked chan struct{}
}

func (s stuck) Head(ctx context.Context, _ int64) (Head, error) {
	close(s.asked)
	<-ctx.Done()
	return Head{}, ctx.Err()
}

// A handshake that waits for the store keeps nobody who stops.
func TestShutdownWhileAHandshakeWaits(t *testing.T) {
	log := stuck{newMemory(1), make(chan struct{})}
	h := New(Options{Log: log, Logger: slog.New(slog.DiscardHandler)})
	asking, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	served := make(chan error, 1)
	go func() {
		served <- h.Serve(nil, handshake.WithContext(asking), Identity{User: User{ID: 1}}, Cursor{Live: true})
	}()
	<-log.asked
	over, cancel := context.WithCancel(t.Context())
	cancel()
	late := time.AfterFunc(patience, func() {
		t.Error("it is still waited for")
		hangUp()
	})
	defer late.Stop()
	h.Shutdown(over)
	if err := <-served; !errors.Is(err, ErrStopping) || h.Sockets() != 0 {
		t.Error(err, h.Sockets())
	}
}
