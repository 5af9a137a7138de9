package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// clientPipe is a port without a network, so that the clock of synctest rules everything.
type clientPipe struct {
	conns chan net.Conn
	done  chan struct{}
}

func newClientPipe() clientPipe {
	return clientPipe{make(chan net.Conn), make(chan struct{})}
}

func (l clientPipe) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}
func (l clientPipe) Close() error   { close(l.done); return nil }
func (l clientPipe) Addr() net.Addr { return &net.TCPAddr{} }
func (l clientPipe) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	l.conns <- far
	return near, nil
}

// clientScript is one connection as the server plays it: a refusal, or frames and an end.
type clientScript struct {
	status int           // refuse with this, if not 0
	retry  string        // Retry-After of the refusal
	frames []string      // what is sent
	hold   time.Duration // silence after the frames
	code   int           // close code; 0 drops the line without a word
}

type clientAttempt struct {
	at    time.Duration
	query string
	token string
}

// play runs a client against the scripts, one for each attempt, and stops behind the last.
func playClient(t *testing.T, since *Position, scripts []clientScript, during func(*Client)) (tried []clientAttempt, got []string, sent []string, c *Client, err error) {
	t.Helper()
	began := time.Now()
	listener := newClientPipe()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var playing sync.WaitGroup
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		playing.Add(1)
		defer playing.Done()
		tried = append(tried, clientAttempt{time.Since(began), r.URL.RawQuery, r.Header.Get("Authorization")})
		if len(tried) > len(scripts) {
			cancel()
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		s := scripts[len(tried)-1]
		if s.status != 0 {
			w.Header().Set("Retry-After", s.retry)
			w.WriteHeader(s.status)
			return
		}
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		read := make(chan struct{})
		go func() {
			defer close(read)
			for {
				_, data, err := conn.ReadMessage()
				if err != nil {
					return
				}
				sent = append(sent, string(data))
			}
		}()
		for _, f := range s.frames {
			if conn.WriteMessage(websocket.TextMessage, []byte(f)) != nil {
				break
			}
		}
		select {
		case <-time.After(s.hold):
		case <-read:
			return
		}
		if s.code != 0 {
			_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(s.code, "because"), time.Now().Add(time.Second))
		}
		_ = conn.Close()
		<-read
	})}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close(); playing.Wait() }()

	c = NewClient(ClientOptions{
		URL: "http://aoki.test", Since: since, Ack: true,
		Token: func(_ context.Context, fresh bool) (string, error) { return fmt.Sprintf("t-%v", fresh), nil },
		Handle: func(f Frame) error {
			if f.Seq > 0 || f.Name == "reset" {
				got = append(got, strings.TrimSpace(fmt.Sprint(f.Name, " ", f.Seq)))
			}
			return nil
		},
		Dialer: &websocket.Dialer{NetDialContext: listener.dial},
		Random: func() float64 { return 0.5 },
	})
	if during != nil {
		go during(c)
	}
	err = c.Run(ctx)
	return tried, got, sent, c, err
}

func clientWelcome(epoch string, head int64) string {
	return fmt.Sprintf(`{"name":"welcome","message":{"epoch":%q,"head":%d,"ping_seconds":25}}`, epoch, head)
}
func clientEntry(seq int64) string { return fmt.Sprintf(`{"name":"e","seq":%d,"message":{}}`, seq) }
func clientReady(seq int64) string { return fmt.Sprintf(`{"name":"ready","message":{"seq":%d}}`, seq) }

func TestClientKeepsItsPlaceInTheLog(t *testing.T) {
	for name, test := range map[string]struct {
		since   *Position
		scripts []clientScript
		queries []string // of each attempt
		got     []string
		at      Position
	}{
		"a live start takes the log up at ready": {
			scripts: []clientScript{{frames: []string{clientWelcome("A", 4), clientReady(5), clientEntry(5), clientEntry(6)}}},
			queries: []string{"", "epoch=A&since=6"}, got: []string{"e 6"}, at: Position{"A", 6},
		},
		"it comes back behind the last event": {
			since: &Position{"A", 1},
			scripts: []clientScript{
				{frames: []string{clientWelcome("A", 3), clientEntry(2), clientEntry(3), clientReady(3)}},
				{frames: []string{clientWelcome("A", 4), clientEntry(4), clientReady(4)}},
			},
			queries: []string{"epoch=A&since=1", "epoch=A&since=3", "epoch=A&since=4"},
			got:     []string{"e 2", "e 3", "e 4"}, at: Position{"A", 4},
		},
		"a number without an epoch is taken at its word": {
			since:   &Position{"", 1},
			scripts: []clientScript{{frames: []string{clientWelcome("A", 2), clientEntry(2), clientReady(2)}}},
			queries: []string{"since=1", "epoch=A&since=2"}, got: []string{"e 2"}, at: Position{"A", 2},
		},
		"what came already is dropped": {
			since:   &Position{"A", 2},
			scripts: []clientScript{{frames: []string{clientWelcome("A", 3), clientEntry(1), clientEntry(2), clientEntry(3), clientEntry(3), clientReady(3)}}},
			queries: []string{"epoch=A&since=2", "epoch=A&since=3"}, got: []string{"e 3"}, at: Position{"A", 3},
		},
		"a gap asks again and does not move the cursor": {
			since: &Position{"A", 1},
			scripts: []clientScript{
				{frames: []string{clientWelcome("A", 4), clientEntry(2), clientEntry(4)}, hold: time.Hour},
				{frames: []string{clientWelcome("A", 4), clientEntry(3), clientEntry(4), clientReady(4)}},
			},
			queries: []string{"epoch=A&since=1", "epoch=A&since=2", "epoch=A&since=4"},
			got:     []string{"e 2", "e 3", "e 4"}, at: Position{"A", 4},
		},
		"a ready ahead of us is a gap too": {
			since: &Position{"A", 1},
			scripts: []clientScript{
				{frames: []string{clientWelcome("A", 2), clientReady(2)}, hold: time.Hour},
				{frames: []string{clientWelcome("A", 2), clientEntry(2), clientReady(2)}},
			},
			queries: []string{"epoch=A&since=1", "epoch=A&since=1", "epoch=A&since=2"},
			got:     []string{"e 2"}, at: Position{"A", 2},
		},
		"a head that stays ahead is a gap, once it had time": {
			since: &Position{"A", 1},
			scripts: []clientScript{
				{frames: []string{clientWelcome("A", 1), clientReady(1), `{"name":"ping","message":{"head":2}}`, clientEntry(2),
					`{"name":"ping","message":{"head":3}}`, `{"name":"ping","message":{"head":3}}`}, hold: time.Hour},
			},
			queries: []string{"epoch=A&since=1", "epoch=A&since=2"}, got: []string{"e 2"}, at: Position{"A", 2},
		},
		"a reset goes on from its head": {
			since: &Position{"A", 9},
			scripts: []clientScript{{frames: []string{clientWelcome("B", 2),
				`{"name":"reset","message":{"epoch":"B","head":2,"reason":"epoch"}}`, clientReady(3), clientEntry(4)}}},
			queries: []string{"epoch=A&since=9", "epoch=B&since=4"}, got: []string{"reset 0", "e 4"}, at: Position{"B", 4},
		},
		"what is no frame ends the connection": {
			since:   &Position{"A", 1},
			scripts: []clientScript{{frames: []string{clientWelcome("A", 1), `nonsense`}, hold: time.Hour}},
			queries: []string{"epoch=A&since=1", "epoch=A&since=1"}, at: Position{"A", 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tried, got, _, c, err := playClient(t, test.since, test.scripts, nil)
				if err != nil {
					t.Fatal(err)
				}
				var queries []string
				for _, a := range tried {
					queries = append(queries, a.query)
				}
				if fmt.Sprint(queries) != fmt.Sprint(test.queries) {
					t.Errorf("asked %q, want %q", queries, test.queries)
				}
				if fmt.Sprint(got) != fmt.Sprint(test.got) {
					t.Errorf("handled %q, want %q", got, test.got)
				}
				if at, ok := c.Position(); !ok || at != test.at {
					t.Errorf("stands at %v, want %v", at, test.at)
				}
			})
		})
	}
}

func TestClientComesBackWhenItShould(t *testing.T) {
	open := []string{clientWelcome("A", 1), clientReady(1)}
	bye := func(code int, back bool, after int) []string {
		return append(open[:2:2], fmt.Sprintf(`{"name":"bye","message":{"code":%d,"reason":"because","reconnect":%v,"after_ms":%d}}`, code, back, after))
	}
	for name, test := range map[string]struct {
		scripts []clientScript
		times   []time.Duration // of each attempt after the first
		tokens  []string        // of each attempt, if it matters
		final   string          // Run's error
	}{
		"backoff grows, and starts over after 30 s": {
			scripts: []clientScript{{frames: open}, {frames: open, code: 1011}, {frames: open}, {frames: open, hold: 30 * time.Second}},
			times:   []time.Duration{750 * time.Millisecond, 1750 * time.Millisecond, 3250 * time.Millisecond, 34 * time.Second},
		},
		"bye says when": {
			scripts: []clientScript{{frames: bye(1012, true, 1234), code: 1012}},
			times:   []time.Duration{1234 * time.Millisecond},
		},
		"Retry-After says when": {
			scripts: []clientScript{{status: 503, retry: "7"}, {status: 429, retry: "3"}, {status: 502}},
			times:   []time.Duration{7 * time.Second, 10 * time.Second, 10750 * time.Millisecond},
		},
		"silence is a broken line": {
			scripts: []clientScript{{frames: open, hold: time.Hour}},
			times:   []time.Duration{35*time.Second + 750*time.Millisecond},
		},
		"a refused token is renewed at once": {
			scripts: []clientScript{{status: 401}, {frames: open}},
			times:   []time.Duration{0, 750 * time.Millisecond}, tokens: []string{"t-false", "t-true", "t-false"},
		},
		"an expired token is renewed before the way back": {
			scripts: []clientScript{{frames: open, code: 4001}},
			times:   []time.Duration{750 * time.Millisecond}, tokens: []string{"t-false", "t-true"},
		},
		"a second refusal is final": {
			scripts: []clientScript{{status: 401}, {status: 401}}, times: []time.Duration{0},
			final: "the server refused the socket: 401 Unauthorized",
		},
		"forbidden is final":     {scripts: []clientScript{{status: 403}}, final: "the server refused the socket: 403 Forbidden"},
		"no socket here":         {scripts: []clientScript{{status: 404}}, final: "the server refused the socket: 404 Not Found"},
		"a kick is not final":    {scripts: []clientScript{{frames: open, code: 4006}}, times: []time.Duration{750 * time.Millisecond}},
		"session ended is final": {scripts: []clientScript{{frames: bye(4501, false, 0), code: 4501}}, final: "the server closed the connection for good: because (4501)"},
		"a code without a bye":   {scripts: []clientScript{{frames: open, code: 4504}}, final: "the server closed the connection for good: because (4504)"},
		"a bye without a code":   {scripts: []clientScript{{frames: bye(4502, false, 0)}}, final: "the server closed the connection for good: because (4502)"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tried, _, _, _, err := playClient(t, nil, test.scripts, nil)
				if got := fmt.Sprint(err); err != nil && got != test.final || err == nil && test.final != "" {
					t.Fatalf("ended with %v, want %q", err, test.final)
				}
				var times []time.Duration
				var tokens []string
				for i, a := range tried {
					tokens = append(tokens, strings.TrimPrefix(a.token, "Bearer "))
					if i > 0 {
						times = append(times, a.at)
					}
				}
				if fmt.Sprint(times) != fmt.Sprint(test.times) {
					t.Errorf("came back at %v, want %v", times, test.times)
				}
				if test.tokens != nil && fmt.Sprint(tokens) != fmt.Sprint(test.tokens) {
					t.Errorf("showed %v, want %v", tokens, test.tokens)
				}
			})
		})
	}
}

func TestClientAcknowledgesAndRefreshes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		expires := time.Now().Add(3 * time.Minute).Format(time.RFC3339)
		w := fmt.Sprintf(`{"name":"welcome","message":{"epoch":"A","head":1,"ping_seconds":600,"expires_at":%q}}`, expires)
		_, _, sent, _, err := playClient(t, &Position{"A", 1}, []clientScript{{frames: []string{w, clientEntry(2), clientEntry(3), clientReady(3)}, hold: 4 * time.Minute}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			`{"message":{"seq":3},"name":"ack"}`,
			`{"id":"aoki-refresh","message":{"token":"t-true"},"name":"refresh"}`,
		}
		for i := range sent {
			sent[i] = strings.TrimSpace(sent[i])
		}
		if fmt.Sprint(sent) != fmt.Sprint(want) {
			t.Errorf("sent %q, want %q", sent, want)
		}
	})
}

func TestClientSends(t *testing.T) {
	if err := NewClient(ClientOptions{URL: "http://aoki.test"}).Send("too early"); !errors.Is(err, ErrOffline) {
		t.Errorf("Send before the connection: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		_, _, sent, c, err := playClient(t, nil, []clientScript{{frames: []string{clientWelcome("A", 0), clientReady(0)}, hold: 10 * time.Second}}, func(c *Client) {
			time.Sleep(5 * time.Second)
			if err := c.Send(map[string]any{"name": "echo", "id": 1}); err != nil {
				t.Error(err)
			}
		})
		if err != nil || len(sent) != 1 || strings.TrimSpace(sent[0]) != `{"id":1,"name":"echo"}` {
			t.Errorf("sent %q, %v", sent, err)
		}
		if err := c.Send("too late"); !errors.Is(err, ErrOffline) {
			t.Errorf("Send after the connection: %v", err)
		}
	})
}

func TestClientStopsForItsUser(t *testing.T) {
	enough := errors.New("enough")
	for name, o := range map[string]ClientOptions{
		"an error of Handle":   {URL: "http://aoki.test", Handle: func(Frame) error { return enough }},
		"a final token source": {URL: "http://aoki.test", Token: func(context.Context, bool) (string, error) { return "", Permanent(enough) }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				listener := newClientPipe()
				server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
					if err == nil {
						_ = conn.WriteMessage(websocket.TextMessage, []byte(clientWelcome("A", 1)))
						_, _, _ = conn.ReadMessage()
						_ = conn.Close()
					}
				})}
				go func() { _ = server.Serve(listener) }()
				defer server.Close()
				if o.Token == nil {
					o.Token = func(context.Context, bool) (string, error) { return "t", nil }
				}
				o.Dialer = &websocket.Dialer{NetDialContext: listener.dial}
				if err := NewClient(o).Run(t.Context()); !errors.Is(err, enough) {
					t.Errorf("Run: %v", err)
				}
			})
		})
	}
}

func TestBackoffStaysWithinTheContract(t *testing.T) {
	for n := range 100 {
		if least, most := backoff(n, 0), backoff(n, 0.999999); least != 500*time.Millisecond || most > 20*time.Second {
			t.Errorf("attempt %d waits from %v to %v", n, least, most)
		}
	}
}

func TestFrameIsReadAsTheContractHasIt(t *testing.T) {
	var f Frame
	text := `{"name":"notification.created","message":{"notification":{}},"seq":7,"time":"2026-01-02T03:04:05.000006Z","counts":{"unread":3,"unseen":2}}`
	if err := json.Unmarshal([]byte(text), &f); err != nil || f.Seq != 7 || f.Counts == nil || f.Counts.Unseen != 2 || f.Time.Nanosecond() != 6000 {
		t.Errorf("%+v, %v", f, err)
	}
}
