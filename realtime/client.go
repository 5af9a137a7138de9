package realtime

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// What the contract asks of a client that comes back.
const (
	backoffStep   = 500 * time.Millisecond
	backoffMost   = 20 * time.Second
	stableAfter   = 30 * time.Second // a connection this old starts the backoff over
	watchdogGrace = 10 * time.Second // silence allowed beyond ping_seconds
	finalCode     = 4500             // close codes from here on mean: don't come back
)

// Position is how far a client has come in its user's log.
type Position struct {
	Epoch string `json:"epoch"` // "" takes the number at its word
	Seq   int64  `json:"seq"`
}

// ClientOptions say where to connect and as whom. URL, Token and Handle are required.
type ClientOptions struct {
	URL    string    // the site, such as http://127.0.0.1:8080
	Since  *Position // go on behind this event; nil begins live, at the head
	Ack    bool      // tell the server, at most once a second, what Handle has taken
	Header http.Header

	// Token gives an access token. fresh asks for another than the last, which the
	// server has refused or is about to. An error made with Permanent ends Run.
	Token func(ctx context.Context, fresh bool) (string, error)

	// Handle takes each frame, one at a time: every log event exactly once and in
	// order. The client's position moves when it has returned nil, and Moved is told;
	// an error of either ends Run.
	Handle func(Frame) error
	Moved  func(Position) error

	// Waiting is told why the connection ended and when the next attempt is due.
	Waiting func(why error, delay time.Duration)

	Dialer *websocket.Dialer
	Now    func() time.Time
	After  func(time.Duration) <-chan time.Time
	Random func() float64 // in [0, 1)
}

// Client follows a user's log over a socket and comes back whenever it breaks.
type Client struct {
	o        ClientOptions
	position *Position // nil until the first welcome of a live start
	live     bool      // the next ready says where the log is taken up
	fresh    bool      // the last token was refused
	attempt  int       // failures since the last stable connection
	mu       sync.Mutex
	conn     *websocket.Conn // of the connection that stands, for Send
}

// permanent is an error that trying again does not mend.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks an error of a token source as final: Run returns it instead of trying again.
func Permanent(err error) error { return permanent{err} }

// ClosedError is a close of the server that asks the client not to come back.
type ClosedError struct {
	Code   int
	Reason string
}

func (e *ClosedError) Error() string {
	return fmt.Sprintf("the server closed the connection for good: %s (%d)", e.Reason, e.Code)
}

// NewClient makes a client. It connects when Run is called.
func NewClient(o ClientOptions) *Client {
	if o.Dialer == nil {
		o.Dialer = &websocket.Dialer{HandshakeTimeout: 15 * time.Second, Proxy: http.ProxyFromEnvironment}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	if o.Moved == nil {
		o.Moved = func(Position) error { return nil }
	}
	if o.Waiting == nil {
		o.Waiting = func(error, time.Duration) {}
	}
	c := &Client{o: o}
	if o.Since != nil {
		p := *o.Since
		c.position = &p
	}
	return c
}

// Run follows the log until ctx ends (nil), Handle fails (its error), or the
// server or the token source say that coming back is of no use. All its
// goroutines have ended when it returns.
func (c *Client) Run(ctx context.Context) error {
	for {
		began := c.o.Now()
		connected, after, err := c.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		var stop permanent
		if errors.As(err, &stop) {
			return stop.error
		}
		if connected && c.o.Now().Sub(began) >= stableAfter {
			c.attempt = 0
		}
		delay := after
		if delay <= 0 {
			delay = backoff(c.attempt, c.o.Random())
			c.attempt++
		}
		c.o.Waiting(err, delay)
		select {
		case <-ctx.Done():
			return nil
		case <-c.o.After(delay):
		}
	}
}

// backoff is the contract's: min(20 s, 0.5 s + random(0, 0.5 s · 2^n)).
func backoff(n int, random float64) time.Duration {
	spread := float64(backoffStep) * float64(uint64(1)<<min(n, 16))
	return min(backoffMost, backoffStep+time.Duration(random*spread))
}

// Position says how far Handle has come; false before the first welcome of a live start.
// Only Handle and Waiting may ask while Run runs.
func (c *Client) Position() (Position, bool) {
	if c.position == nil {
		return Position{}, false
	}
	return *c.position, true
}

// dial opens the socket. Of the refusals, only those that time can mend are tried again.
func (c *Client) dial(ctx context.Context) (*websocket.Conn, time.Duration, error) {
	at, err := c.address()
	if err != nil {
		return nil, 0, permanent{err}
	}
	for second := false; ; second = true {
		token, err := c.o.Token(ctx, c.fresh)
		if err != nil {
			return nil, 0, err
		}
		header := c.o.Header.Clone()
		if header == nil {
			header = http.Header{}
		}
		header.Set("Authorization", "Bearer "+token)
		conn, response, err := c.o.Dialer.DialContext(ctx, at, header)
		if err == nil {
			c.fresh = false
			return conn, 0, nil
		}
		if response == nil {
			return nil, 0, fmt.Errorf("can't connect: %w", err)
		}
		err = fmt.Errorf("the server refused the socket: %s", response.Status)
		switch code := response.StatusCode; {
		case code == http.StatusUnauthorized && !second:
			c.fresh = true
		case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500:
			seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
			return nil, time.Duration(seconds) * time.Second, err
		default:
			return nil, 0, permanent{err}
		}
	}
}

func (c *Client) address() (string, error) {
	u, err := url.Parse(c.o.URL)
	if err != nil {
		return "", err
	}
	switch u.Scheme {
	case "http", "ws":
		u.Scheme = "ws"
	case "https", "wss":
		u.Scheme = "wss"
	default:
		return "", fmt.Errorf("%q is not an address that begins with http:// or https://", c.o.URL)
	}
	u = u.JoinPath("ws")
	if c.position != nil {
		q := url.Values{"since": {strconv.FormatInt(c.position.Seq, 10)}}
		if c.position.Epoch != "" {
			q.Set("epoch", c.position.Epoch)
		}
		u.RawQuery = q.Encode()
	}
	return u.String(), nil
}
