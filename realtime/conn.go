package realtime

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// maxFrame is what a client may send in one message.
	maxFrame = 64 << 10
	// maxOut bounds what waits for a socket besides the log: answers to its own
	// commands, pings. A client that asks on without reading is closed.
	maxOut = 256 << 10
	// pageEvents bounds a page of the log. With the store's own bound in bytes this
	// is what a socket that is stuck holds in memory.
	pageEvents = 128
	// maxKept bounds what is kept of events that the kernel did not take; the rest
	// is read from the store again.
	maxKept = 64 << 10
)

// conn is one socket.
type conn struct {
	hub   *Hub
	shard *shard
	id    uint64
	user  User
	ws    *websocket.Conn
	net   net.Conn
	raw   syscall.RawConn // nil when there is no descriptor to write to (TLS)

	session atomic.Int64
	expires atomic.Int64 // unix seconds
	heard   atomic.Int64 // unix seconds: the last sign of life
	pinged  int64        // unix seconds: the last ping; the beat's alone
	index   int          // in shard.conns; under the shard's lock

	mu       sync.Mutex
	cursor   int64 // the last seq that was written, or is in out
	head     int64 // the newest seq known
	target   int64 // where the replay is done
	ready    bool  // said so
	draining bool  // the drain goroutine writes, nobody else
	closing  bool  // the last frames were handed over
	out      []byte
	inbound  limiter
}

// deliver brings new events of the user's log to the socket: at once when it
// stands right before them, else by the drain.
func (c *conn) deliver(d *delivery, w *rawWriter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.head = max(c.head, d.last())
	if c.draining || c.closing || c.cursor >= c.head {
		return
	}
	from := d.after(c.cursor)
	if from < 0 || c.raw == nil {
		c.startDrain()
		return
	}
	frames := d.frames(from)
	n, err := w.try(c.raw, frames)
	switch {
	case err != nil:
		c.broken()
	case n == len(frames):
		c.cursor = d.last()
	default:
		// Keep only what completes the frame that was cut, the store has the rest.
		rest, seq := d.cut(from, n)
		c.out, c.cursor = append(c.out, rest...), seq
		c.startDrain()
	}
}

// behind tells the socket of a head it may not have been rung for.
func (c *conn) behind(head int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.head = max(c.head, head)
	if !c.draining && !c.closing && c.cursor < c.head {
		c.startDrain()
	}
}

// send writes frames that are not in the log.
func (c *conn) send(frames []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closing:
	case !c.draining:
		c.push(frames)
	case len(c.out)+len(frames) > maxOut:
		c.broken()
	default:
		c.out = append(c.out, frames...)
	}
}

// push writes what the kernel takes now and leaves the rest to a drain. Call it
// with the lock, and only while nothing drains.
func (c *conn) push(frames []byte) {
	n := 0
	if c.raw != nil {
		w := rawWriters.Get().(*rawWriter)
		var err error
		n, err = w.try(c.raw, frames)
		rawWriters.Put(w)
		if err != nil {
			c.broken()
			return
		}
	}
	if n < len(frames) {
		c.out = append(c.out, frames[n:]...)
		c.startDrain()
	}
}

// broken ends a connection that can't be written to any more.
func (c *conn) broken() {
	c.closing = true
	if c.net != nil { // else the upgrade is still under way, and ends by itself
		c.net.Close() // the read loop sees it and ends
	}
}

func (c *conn) cutOff() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken()
}

func (c *conn) startDrain() {
	c.draining = true
	c.hub.running.Add(1)
	go c.drain()
}

// drain writes what waits and then the log from the cursor on, until the cursor
// is at the head. It may block, for at most the write limit at a time.
func (c *conn) drain() {
	defer c.hub.running.Done()
	for {
		c.mu.Lock()
		switch out := c.out; {
		case len(out) > 0:
			c.out = nil
			c.mu.Unlock()
			if !c.write(out) {
				return
			}
		case c.closing:
			c.lingerLocked() // draining stays: nobody writes from here on
			c.mu.Unlock()
			return
		case c.cursor < c.head:
			cursor := c.cursor
			c.mu.Unlock()
			if !c.catchUp(cursor) {
				return
			}
		case !c.ready && c.cursor >= c.target:
			c.ready = true
			c.out = appendEnvelope(nil, envelope{Name: "ready", Message: map[string]int64{"seq": c.cursor}})
			c.mu.Unlock()
		default:
			c.draining = false
			c.mu.Unlock()
			return
		}
	}
}

// catchUp writes the log's next page. It says false when the drain must end.
func (c *conn) catchUp(cursor int64) bool {
	ctx, cancel := context.WithTimeout(c.hub.ctx, c.hub.o.WriteLimit)
	defer cancel()
	page, err := c.hub.o.Log.After(ctx, c.user.ID, cursor, pageEvents)
	if errors.Is(err, ErrTrimmed) {
		return c.restart(ctx, "trimmed")
	}
	if err != nil || len(page) == 0 {
		return c.wait(err)
	}
	var frames []byte
	for i := range page {
		frames = page[i].appendFrame(frames)
	}
	if !c.write(frames) {
		return false
	}
	c.mu.Lock()
	c.cursor = page[len(page)-1].Seq
	c.head = max(c.head, c.cursor)
	c.mu.Unlock()
	return true
}

// wait ends the drain while the store can't be read: the socket stays, and the
// sweep starts the drain again. A goodbye is still said.
func (c *conn) wait(err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		c.head = c.cursor
		return true
	}
	c.draining = false
	c.hub.o.Logger.Warn("a user's log can't be read", "user", c.user.ID, "err", err)
	return false
}

// restart tells the client to load its lists anew and goes on from the head.
func (c *conn) restart(ctx context.Context, reason string) bool {
	head, err := c.hub.o.Log.Head(ctx, c.user.ID)
	if err != nil {
		return c.wait(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reset(head, reason)
	return true
}

// reset is the frame that says why the cursor can't be served. Call it with the
// lock, or before anybody else knows the socket.
func (c *conn) reset(head Head, reason string) {
	c.out = appendEnvelope(c.out, envelope{Name: "reset", Message: Reset{Epoch: c.hub.o.Log.Epoch(), Head: head.Head, Reason: reason}})
	c.cursor, c.head, c.target, c.ready = head.Head, max(c.head, head.Head), head.Head, false
}

// write is a write that waits. It says false when the connection is over.
func (c *conn) write(b []byte) bool {
	c.net.SetWriteDeadline(time.Now().Add(c.hub.o.WriteLimit))
	if _, err := c.net.Write(b); err != nil {
		var network net.Error
		if errors.As(err, &network) && network.Timeout() {
			c.hub.o.Logger.Info("socket closed", "user", c.user.ID, "code", CloseTooSlow, "reason", closeReasons[CloseTooSlow])
		}
		c.mu.Lock()
		c.broken()
		c.mu.Unlock()
		return false
	}
	return true
}

// Reset says that a cursor can't be served: load the lists again and go on from
// Head. Reason is "epoch", "trimmed" or "ahead".
type Reset struct {
	Epoch  string `json:"epoch"`
	Head   int64  `json:"head"`
	Reason string `json:"reason"`
}
