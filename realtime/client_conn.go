package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

const (
	clientWriteWait = 10 * time.Second
	ackEvery        = time.Second
	refreshAhead    = time.Minute // a token is renewed this long before it expires
	firstFrameWait  = 35 * time.Second
	clientReadLimit = 16 << 20
)

// ErrOffline is Send's answer while there is no connection.
var ErrOffline = errors.New("not connected")

// Send writes one command on the connection that stands. It is not repeated on the next one.
func (c *Client) Send(command any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == nil {
		return ErrOffline
	}
	_ = c.conn.SetWriteDeadline(time.Now().Add(clientWriteWait)) // the kernel's clock, whatever Now says
	return c.conn.WriteJSON(command)
}

func (c *Client) use(conn *websocket.Conn) {
	c.mu.Lock()
	c.conn = conn
	c.mu.Unlock()
}

// link is one connection: what is known from its welcome to its end.
type link struct {
	client  *Client
	silence time.Duration // how long the server may say nothing
	expires <-chan time.Time
	bye     *farewell
	acked   int64
	stale   bool // the last ping told of a head that we have not reached
}

type farewell struct {
	Code      int    `json:"code"`
	Reason    string `json:"reason"`
	Reconnect bool   `json:"reconnect"`
	AfterMS   int64  `json:"after_ms"`
}

// connect holds one connection from dial to end. It says whether there was one,
// how long the server wants us to stay away (0: the backoff decides), and why it ended.
func (c *Client) connect(ctx context.Context) (connected bool, after time.Duration, err error) {
	conn, after, err := c.dial(ctx)
	if err != nil {
		return false, after, err
	}
	conn.SetReadLimit(clientReadLimit)
	c.use(conn)
	frames, ended, done := make(chan []byte), make(chan error, 1), make(chan struct{})
	go func() {
		for {
			kind, data, err := conn.ReadMessage()
			if err != nil {
				ended <- err
				return
			}
			if kind != websocket.TextMessage {
				continue
			}
			select {
			case frames <- data:
			case <-done:
				ended <- nil
				return
			}
		}
	}()
	finished := false
	defer func() {
		c.use(nil)
		close(done)
		goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		_ = conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(time.Second))
		_ = conn.Close()
		if !finished {
			<-ended
		}
	}()

	s := &link{client: c, silence: firstFrameWait}
	watchdog := c.o.After(s.silence)
	var ack <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			s.ack()
			return true, 0, ctx.Err()
		case data := <-frames:
			if err := s.take(data); err != nil {
				return true, 0, err
			}
			watchdog = c.o.After(s.silence)
			if c.o.Ack && ack == nil && c.position != nil && c.position.Seq > s.acked {
				ack = c.o.After(ackEvery)
			}
		case <-ack:
			ack = nil
			s.ack()
		case <-s.expires:
			s.refresh(ctx)
		case <-watchdog:
			return true, 0, fmt.Errorf("nothing heard for %s", s.silence)
		case err := <-ended:
			finished = true
			after, err := s.over(err)
			return true, after, err
		}
	}
}

func (s *link) ack() {
	c := s.client
	if !c.o.Ack || c.position == nil || c.position.Seq <= s.acked {
		return
	}
	s.acked = c.position.Seq
	_ = c.Send(map[string]any{"name": "ack", "message": map[string]any{"seq": s.acked}})
}

// refreshID marks the answer to the client's own refresh; Send's callers use ids of their own.
const refreshID = `"aoki-refresh"`

func (s *link) expire(at time.Time) {
	if at.IsZero() {
		return
	}
	s.expires = s.client.o.After(max(at.Sub(s.client.o.Now())-refreshAhead, time.Second))
}

// refresh renews the connection's token while it stands. When that fails, the
// server closes with 4001 in its time and the way back asks for a token again.
func (s *link) refresh(ctx context.Context) {
	s.expires = nil
	ctx, cancel := context.WithTimeout(ctx, clientWriteWait)
	defer cancel()
	token, err := s.client.o.Token(ctx, true)
	if err != nil {
		return
	}
	_ = s.client.Send(map[string]any{"id": json.RawMessage(refreshID), "name": "refresh", "message": map[string]any{"token": token}})
}

// over turns the end of a connection into what to do next.
func (s *link) over(err error) (time.Duration, error) {
	code, reason := 0, ""
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		code, reason = closed.Code, closed.Text
	}
	if s.bye != nil {
		if code < 4000 {
			code = s.bye.Code
		}
		reason = s.bye.Reason
	}
	if code == CloseExpired {
		s.client.fresh = true
	}
	if code >= finalCode || (s.bye != nil && !s.bye.Reconnect) {
		return 0, permanent{&ClosedError{code, reason}}
	}
	var after time.Duration
	if s.bye != nil {
		after = time.Duration(s.bye.AfterMS) * time.Millisecond
	}
	if reason != "" {
		err = fmt.Errorf("the server closed the connection: %s (%d)", reason, code)
	}
	return after, err
}
