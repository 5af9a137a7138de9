package realtime

import (
	"net"
	"sync"
	"sync/atomic"

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
)

// conn is one socket.
type conn struct {
	// What a delivery touches comes first, to lie in one cache line.
	mu       sync.Mutex
	fd       descriptor // none when the connection shows none, or was closed
	ready    bool       // said so
	draining bool       // the drain goroutine writes, nobody else
	closing  bool       // the last frames were handed over
	cursor   int64      // the last seq that was written, or is in out
	head     int64      // the newest seq known
	target   int64      // where the replay is done
	out      []byte

	hub  *Hub
	id   uint64
	user User
	ws   *websocket.Conn
	net  net.Conn

	session atomic.Int64
	expires atomic.Int64 // unix seconds
	heard   atomic.Int64 // unix seconds: the last sign of life
	pinged  atomic.Int64 // unix seconds: the last ping
	index   int          // in shard.conns; under the shard's lock
	inbound limiter
}

// writeFunc is descriptor.write, and in tests what stands for it.
type writeFunc func(fd descriptor, b []byte) (int, error)

// deliver brings new events of the user's log to the socket: at once when it
// stands right before them, else by the drain.
func (c *conn) deliver(d *delivery, write writeFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.head = max(c.head, d.last())
	if c.draining || c.closing || c.cursor >= c.head {
		return
	}
	from := d.after(c.cursor)
	if from < 0 || c.fd == 0 || !c.ready {
		c.startDrain()
		return
	}
	frames := d.frames(from)
	n, err := write(c.fd, frames)
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
	if !c.draining && !c.closing && (c.cursor < c.head || !c.ready) {
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
	if c.fd != 0 {
		var err error
		if n, err = c.fd.write(frames); err != nil {
			c.broken()
			return
		}
	}
	if n < len(frames) {
		c.out = append(c.out, frames[n:]...)
		c.startDrain()
	}
}

// broken ends a connection that can't be written to any more. Call it with the lock.
func (c *conn) broken() {
	c.closing, c.fd = true, 0
	if c.net != nil { // else the upgrade is still under way, and ends by itself
		c.net.Close() // the read loop sees it and ends
	}
}

// cutOff closes the connection.
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
