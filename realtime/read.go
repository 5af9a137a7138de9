package realtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

var (
	errBinary  = errors.New("realtime: a binary message")
	errUTF8    = errors.New("realtime: a text message that is not UTF-8")
	errHandled = errors.New("realtime: closed by us")
)

// maxMalformed is how many frames a socket may send that are no commands.
const maxMalformed = 10

// Limits of what a client may send: a burst, and then so many a second.
const (
	inboundBurst = 200
	inboundRate  = 50
)

// read is a socket's one goroutine while it is idle. It has a small stack as long
// as nothing is said, so whatever needs room is in functions that it calls.
func (c *conn) read() {
	for {
		kind, r, err := c.ws.NextReader()
		if err == nil {
			err = c.message(kind, r)
		}
		if err != nil {
			c.over(err)
			return
		}
	}
}

// over is the end of a socket that nothing more is read from.
func (c *conn) over(err error) {
	shard := c.hub.shard(c.user.ID)
	shard.remove(c)
	c.end(err)
	shard.drop(c)
	c.hub.sockets.Add(-1)
	c.hub.open.Done()
	c.hub.running.Done()
}

func (c *conn) message(kind int, r io.Reader) error {
	c.alive()
	if kind != websocket.TextMessage {
		return errBinary
	}
	return c.receive(r)
}

func (c *conn) alive() { c.heard.Store(c.hub.o.Now().Unix()) }

// control makes the control frames take the same way out as everything else.
func (c *conn) control() {
	c.ws.SetReadLimit(maxFrame)
	c.ws.SetPongHandler(func(string) error {
		c.alive()
		if !c.take() {
			return errHandled
		}
		return nil
	})
	c.ws.SetPingHandler(func(payload string) error {
		c.alive()
		if !c.take() {
			return errHandled
		}
		c.send(appendFrame(nil, opPong, []byte(payload)))
		return nil
	})
	c.ws.SetCloseHandler(func(int, string) error { return nil })
}

var messages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// receive reads one message and does what it says.
func (c *conn) receive(r io.Reader) error {
	buf := messages.Get().(*bytes.Buffer)
	defer messages.Put(buf)
	buf.Reset()
	if _, err := buf.ReadFrom(r); err != nil {
		return err
	}
	if !utf8.Valid(buf.Bytes()) {
		return errUTF8
	}
	if !c.take() {
		return errHandled
	}
	return c.command(buf.Bytes())
}

// take counts a message against the socket's rate: a warning when it is over,
// and the end when it goes on.
func (c *conn) take() bool {
	switch c.inbound.take(c.hub.o.Now()) {
	case warn:
		c.fail(nil, "rate_limited", "too many messages: slow down, or be disconnected")
	case refuse:
		c.closeWith(CloseTooMany, 5*time.Second)
		return false
	}
	return true
}

// limiter is a token bucket, with a second bucket of the same size between the
// warning and the end. Only the read loop uses it.
type limiter struct {
	spent     float64
	at        int64 // nanoseconds since 1970, 0 before the first
	malformed uint8
	warned    bool
}

const (
	pass = iota
	warn
	refuse
)

func (l *limiter) take(now time.Time) int {
	at := now.UnixNano()
	if l.at != 0 {
		l.spent = max(0, l.spent-max(0, time.Duration(at-l.at).Seconds())*inboundRate) // a clock may be set back
	}
	l.at = at
	if l.spent++; l.spent < inboundBurst {
		l.warned = false
		return pass
	}
	if l.spent >= 2*inboundBurst {
		return refuse
	}
	if !l.warned {
		l.warned = true
		return warn
	}
	return pass
}

// fail answers a command with an error.
func (c *conn) fail(id json.RawMessage, code, detail string) {
	c.send(appendEnvelope(nil, envelope{Name: "error", ID: id, Message: map[string]string{"code": code, "detail": detail}}))
}

// reply answers a command that carries an id; others asked for no answer.
func (c *conn) reply(id json.RawMessage, message any) {
	if id != nil {
		c.send(appendEnvelope(nil, envelope{Name: "reply", ID: id, Message: message}))
	}
}
