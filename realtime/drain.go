package realtime

import (
	"context"
	"errors"
	"net"
	"slices"
	"sort"
	"time"
)

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
			c.mu.Unlock() // draining stays: nobody writes from here on
			c.linger()
			return
		case !c.ready && c.cursor >= c.target: // before what came meanwhile, or a busy log is never ready
			c.sayReady()
			c.mu.Unlock()
		case c.cursor < c.head:
			cursor := c.cursor
			c.mu.Unlock()
			if !c.catchUp(cursor) {
				return
			}
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
	c.mu.Lock()
	c.head = max(c.head, page[len(page)-1].Seq) // before it is written: an ack may come at once
	c.mu.Unlock()
	seq, ok := c.writePage(page)
	if !ok {
		return false
	}
	c.mu.Lock()
	c.cursor = seq
	c.mu.Unlock()
	return true
}

// writePage writes events, as many as the kernel takes now, and waits with no more
// than the frame that was cut: the page is let go of first, so a client that does
// not read holds one frame in memory and not a page. It gives the last seq that
// was written, and false when the connection is over.
func (c *conn) writePage(page []Event) (seq int64, ok bool) {
	d := deliveries.Get().(*delivery)
	d.set(page)
	c.mu.Lock()
	n, err, bare := 0, error(nil), c.fd != 0
	if bare {
		n, err = c.fd.write(d.frames(0))
	}
	c.mu.Unlock()
	var rest []byte
	switch {
	case err != nil:
	case n == len(d.buf):
		seq = d.last()
	case !bare: // each piece would read the store again
		rest, seq = slices.Clone(d.buf), d.last()
	default:
		if rest, seq = d.cut(0, n); len(rest) == 0 {
			rest, seq = d.frame(sort.SearchInts(d.offs, n)), seq+1
		}
		rest = slices.Clone(rest)
	}
	d.free()
	if err != nil {
		c.cutOff()
		return 0, false
	}
	return seq, len(rest) == 0 || c.write(rest)
}

// wait ends the drain while the store can't be read: the socket stays, and the
// sweep starts the drain again. A goodbye is still said.
func (c *conn) wait(err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing || len(c.out) > 0 {
		return true // no drain ends with something left to write
	}
	c.draining = false
	if c.hub.ctx.Err() == nil {
		c.hub.o.Logger.Warn("a user's log can't be read", "user", c.user.ID, "err", err)
	}
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
// lock.
func (c *conn) reset(head Head, reason string) {
	if c.closing {
		return // the close frame waits already, and is the last
	}
	c.out = appendEnvelope(c.out, envelope{Name: "reset", Message: Reset{Epoch: c.hub.o.Log.Epoch(), Head: head.Head, Reason: reason}})
	c.cursor, c.head, c.target, c.ready = head.Head, max(c.head, head.Head), head.Head, false
}

// write is a write that waits. It says false when the connection is over. Its deadline
// is nobody else's: a descriptor's writes don't know it.
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
