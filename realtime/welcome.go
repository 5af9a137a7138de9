package realtime

import (
	"bytes"
	"strconv"
	"time"
)

// Cursor is where a client wants to go on.
type Cursor struct {
	Live  bool   // from the head on; Since is not looked at
	Since int64  // the last seq that the client has
	Epoch string // of that seq; "" takes it at its word
}

// Welcome is the message of a socket's first frame.
type Welcome struct {
	Connection  string    `json:"connection"`
	User        User      `json:"user"`
	Epoch       string    `json:"epoch"`
	Head        int64     `json:"head"`
	PingSeconds int64     `json:"ping_seconds"`
	ExpiresAt   time.Time `json:"expires_at"`
}

// welcome sets the cursor and says the first words: to who has missed nothing all of
// them, in one write with the answer to the handshake.
func (c *conn) welcome(answer []byte, who Identity, head Head, cursor Cursor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	epoch := c.hub.o.Log.Epoch()
	goodbye := c.out // it may be waiting already
	c.out = appendWelcome(answer, Welcome{
		Connection: "c" + strconv.FormatUint(c.id, 36), User: who.User, Epoch: epoch, Head: head.Head,
		PingSeconds: int64(c.hub.o.PingEvery / time.Second), ExpiresAt: who.Expires.UTC(),
	})
	c.head = max(c.head, head.Head)
	if reason := cursor.refusal(epoch, head); reason != "" {
		c.reset(head, reason)
	} else if c.cursor, c.target = cursor.Since, head.Head; cursor.Live {
		c.cursor = head.Head
	}
	if !c.closing && c.cursor >= c.target {
		c.sayReady()
	}
	c.out = append(c.out, goodbye...)
	c.begin()
}

// turnAway answers the handshake of a user who has too many sockets, and says goodbye.
func (c *conn) turnAway(answer []byte) {
	c.mu.Lock()
	c.out = append(answer, c.out...)
	c.mu.Unlock()
	c.closeWith(CloseTooSockets, 0)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begin()
}

// begin writes the first words, and ends the draining that a socket is made with when
// the kernel takes all of them and there is nothing to catch up with. Else a drain
// goes on. Call it with the lock.
func (c *conn) begin() {
	if c.fd != 0 {
		n, err := c.fd.write(c.out)
		if err != nil {
			c.broken()
			return
		}
		c.out = bytes.Clone(c.out[n:])
	}
	if len(c.out) == 0 && !c.closing && c.cursor >= c.head {
		c.out, c.draining = nil, false
		return
	}
	c.startDrain()
}

// sayReady says that the replay is done. Call it with the lock, while draining.
func (c *conn) sayReady() {
	c.ready = true
	c.out = appendNumber(c.out, "ready", "seq", c.cursor)
}

// appendWelcome appends the first frame. It is written by hand, as each handshake of a
// storm makes one.
func appendWelcome(dst []byte, w Welcome) []byte {
	return appendText(dst, func(dst []byte) []byte {
		dst = append(dst, `{"name":"welcome","message":{"connection":`...)
		dst = appendString(dst, w.Connection)
		dst = append(dst, `,"user":{"id":`...)
		dst = strconv.AppendInt(dst, w.User.ID, 10)
		dst = append(dst, `,"username":`...)
		dst = appendString(dst, w.User.Username)
		dst = append(dst, `,"role":`...)
		dst = appendString(dst, w.User.Role)
		dst = append(dst, `},"epoch":`...)
		dst = appendString(dst, w.Epoch)
		dst = append(dst, `,"head":`...)
		dst = strconv.AppendInt(dst, w.Head, 10)
		dst = append(dst, `,"ping_seconds":`...)
		dst = strconv.AppendInt(dst, w.PingSeconds, 10)
		dst = append(dst, `,"expires_at":"`...)
		dst = w.ExpiresAt.AppendFormat(dst, time.RFC3339Nano)
		return append(dst, `"}}`...)
	})
}

// refusal is why a log can't go on from the cursor: "" when it can.
func (cu Cursor) refusal(epoch string, head Head) string {
	switch {
	case cu.Live:
	case cu.Epoch != "" && cu.Epoch != epoch:
		return "epoch"
	case cu.Since > head.Head:
		return "ahead"
	case cu.Since < head.Trimmed:
		return "trimmed"
	}
	return ""
}

// Refuse is the reset that a cursor gets, nil when the log can go on from it.
func (cu Cursor) Refuse(epoch string, head Head) *Reset {
	if reason := cu.refusal(epoch, head); reason != "" {
		return &Reset{Epoch: epoch, Head: head.Head, Reason: reason}
	}
	return nil
}
