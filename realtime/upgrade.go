package realtime

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Protocol is the subprotocol that clients may ask for.
const Protocol = "aoki.v1"

// Errors of Serve before the upgrade; the caller answers them over HTTP.
var (
	ErrStopping = errors.New("realtime: the server is stopping")
	ErrFull     = errors.New("realtime: too many sockets in all")
)

// HandshakeError is an upgrade that is not correct.
type HandshakeError struct {
	Status int // an HTTP status
	Reason string
}

func (e *HandshakeError) Error() string { return "realtime: " + e.Reason }

// Serve upgrades the request and leaves the socket to the hub. It returns as soon
// as that is done: staying in the handler would keep 17 KiB of it alive. An error
// means that nothing was answered yet.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, who Identity, cursor Cursor) error {
	c, err := h.register(who)
	if err != nil {
		return err
	}
	shard := h.shard(who.User.ID)
	tooMany := !shard.add(c) // before the head is read, so that nothing falls between
	var head Head
	var answer []byte
	if h.Stopping() { // its round may have come before c was there
		err = ErrStopping
	} else if head, err = h.headOf(r.Context(), who.User.ID); err == nil {
		answer, err = c.upgrade(w, r)
	}
	if err != nil {
		shard.remove(c)
		shard.drop(c)
		h.release()
		return err
	}
	c.control()
	if h.ctx.Err() != nil { // the round that cuts off did not find a connection yet
		c.cutOff()
	}
	if tooMany {
		c.turnAway(answer)
	} else {
		c.welcome(answer, who, head, cursor)
	}
	go c.read()
	return nil
}

// headOf is where a user's log stands. Whoever asks is not waited for when the time to
// stop is over.
func (h *Hub) headOf(ctx context.Context, user int64) (Head, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	head, err := h.o.Log.Head(ctx, user)
	if err != nil && h.ctx.Err() != nil {
		err = ErrStopping
	}
	return head, err
}

// register counts a new socket, unless there is no room for it.
func (h *Hub) register(who Identity) (*conn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopping {
		return nil, ErrStopping
	}
	if h.o.MaxTotal > 0 && h.Sockets() >= h.o.MaxTotal {
		return nil, ErrFull
	}
	h.sockets.Add(1)
	h.open.Add(1)
	h.running.Add(1)
	// It drains from the start: rings that come before the welcome only move head.
	c := &conn{hub: h, id: h.lastID.Add(1), user: who.User, draining: true}
	now := h.o.Now().Unix()
	c.session.Store(who.Session)
	c.expires.Store(who.Expires.Unix())
	c.heard.Store(now)
	c.pinged.Store(now)
	return c, nil
}

func (h *Hub) release() {
	h.sockets.Add(-1)
	h.open.Done()
	h.running.Done()
}

// Buffers: net/http's own are freed with the handler, and idle sockets hold no
// write buffer at all.
var upgrader = websocket.Upgrader{
	ReadBufferSize:  128,
	WriteBufferSize: 1024,
	WriteBufferPool: new(sync.Pool),
	Subprotocols:    []string{Protocol},
	CheckOrigin:     func(*http.Request) bool { return true }, // the door did, and knows the scheme
	Error:           func(http.ResponseWriter, *http.Request, int, error) {},
}

// upgrade takes the connection over. It gives the answer to the handshake, which is
// not written yet: it goes out with the first frames.
func (c *conn) upgrade(w http.ResponseWriter, r *http.Request) (answer []byte, err error) {
	// Gorilla reports the status through Error only, so each upgrade has its own.
	up, status := upgrader, 0
	up.Error = func(_ http.ResponseWriter, _ *http.Request, s int, _ error) { status = s }
	hijack := &hijacker{ResponseWriter: w, limit: c.hub.o.WriteLimit}
	ws, err := up.Upgrade(hijack, r, nil)
	if err != nil {
		if hijack.conn != nil {
			hijack.conn.Close()
			return nil, fmt.Errorf("%w: %w", net.ErrClosed, err)
		}
		return nil, &HandshakeError{Status: status, Reason: err.Error()}
	}
	hijack.conn.held = nil
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ws, c.net = ws, hijack.conn.Conn
	c.fd = descriptorOf(c.net)
	return hijack.answer, nil
}

// hijacker lets gorilla take the connection over with its mouth held shut: every byte
// is written by us, or a pong could land inside a frame that is half written. What it
// reads is looked at on the way.
type hijacker struct {
	http.ResponseWriter
	conn   *mutable
	answer []byte // to the handshake; in a buffer of net/http's, who has no use for it any more
	limit  time.Duration
}

func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	raw, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.conn, h.answer = &mutable{Conn: raw, held: &h.answer}, rw.AvailableBuffer()
	if rw.Reader.Buffered() > 0 {
		// Gorilla refuses who speaks before the handshake is done, but without a word. There
		// may be answers before this one that nobody reads.
		raw.SetWriteDeadline(time.Now().Add(h.limit))
		io.WriteString(raw, tooEarly)
	}
	return h.conn, rw, nil
}

const tooEarlyBody = `{"type":"about:blank","title":"Bad Request","status":400,"detail":"frames come after the answer to the handshake","code":"malformed","fields":[]}`

var tooEarly = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: " +
	strconv.Itoa(len(tooEarlyBody)) + "\r\n\r\n" + tooEarlyBody

type mutable struct {
	net.Conn
	in strict
	// held is where what gorilla writes is put; nil for nowhere, once the handshake is
	// done.
	held *[]byte
}

// Read gives what comes before a frame that is at fault, so that it is acted on,
// and then the fault.
func (m *mutable) Read(b []byte) (int, error) {
	if err := m.in.err(); err != nil {
		return 0, err
	}
	n, err := m.Conn.Read(b)
	good := m.in.follow(b[:n])
	if fault := m.in.err(); fault != nil {
		n, err = good, nil
		if good == 0 {
			err = fault
		}
	}
	return n, err
}

func (m *mutable) Write(b []byte) (int, error) {
	if m.held != nil {
		*m.held = append(*m.held, b...)
	}
	return len(b), nil
}
