package realtime

import (
	"context"
	"slices"
	"time"
)

// beatEvery is how finely pings and deadlines are looked at.
const beatEvery = time.Second

// sweepChunk is how many heads are asked for at once.
const sweepChunk = 500

// keepBeat looks at the sockets by the clock. It does not wait for the store, so
// that a store that hangs silences nobody.
func (h *Hub) keepBeat() {
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-beat.C:
			h.beat(h.o.Now())
		}
	}
}

// keepSweep compares with the store by the clock.
func (h *Hub) keepSweep() {
	sweep := time.NewTicker(h.o.SweepEvery)
	defer sweep.Stop()
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-sweep.C:
			h.sweep(h.ctx)
			h.flushAcks(h.ctx)
		}
	}
}

// keepTakingOver brings what everyone was sent to those who are here, when it is
// told to hurry. It only makes the store ring for it: each event then comes like
// any other, and the sweep finds what is lost on the way.
func (h *Hub) keepTakingOver() {
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-h.hurry:
		}
		if err := h.o.Log.TakeOver(h.ctx, h.present(true)); err != nil && h.ctx.Err() == nil {
			h.o.Logger.Warn("what everyone was sent can't be brought to who is here", "err", err)
		}
	}
}

// sweep compares the heads of all who are here with what they were sent: rings
// that were lost are made good, and pushes to everyone reach those online.
func (h *Hub) sweep(ctx context.Context) {
	for _, s := range h.shards {
		users := s.present(true)
		slices.Sort(users)
		for chunk := range slices.Chunk(users, sweepChunk) {
			heads, err := h.o.Log.Heads(ctx, chunk)
			if err != nil {
				if ctx.Err() == nil {
					h.o.Logger.Warn("the heads can't be compared", "err", err)
				}
				return // the store is away: the next sweep tries again
			}
			here := make(map[int64]bool, len(heads))
			for _, head := range heads {
				here[head.User] = true
			}
			s.compare(heads)
			for _, user := range chunk {
				if !here[user] {
					h.CloseUser(user)
				}
			}
		}
	}
}

// reapAfter is how long after the pong limit a connection is cut off that has not
// ended by then: a goodbye may wait behind a write that nobody reads.
const reapAfter = 5 * time.Second

// beat pings those whose turn it is and closes those who are over a limit. Who has
// vanished without a word is gone 40 s after the last sign of life, and a beat.
func (h *Hub) beat(now time.Time) {
	at := now.Unix()
	silent := int64((h.o.PingEvery + h.o.PongWait) / time.Second)
	h.each(func(c *conn) {
		switch {
		case at-c.heard.Load() >= silent+int64(reapAfter/time.Second) && c.told():
			c.cutOff()
		case c.expires.Load() <= at:
			c.closeWith(CloseExpired, 0)
		case at-c.heard.Load() >= silent:
			c.closeWith(CloseNoPong, 0)
		case at-c.pinged.Load() >= int64(h.o.PingEvery/time.Second):
			c.pinged.Store(at)
			c.ping()
		}
	})
}

// told says that the goodbye is on its way. After a clock that jumped it is not.
func (c *conn) told() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// ping sends what the client's watchdog waits for, and a control ping for ours.
func (c *conn) ping() {
	c.mu.Lock()
	head := c.head
	c.mu.Unlock()
	frames := appendNumber(nil, "ping", "head", head)
	c.send(appendFrame(frames, opPing, nil))
}

// ack notes that a device has everything up to a seq; the sweep stores it.
func (h *Hub) ack(user, seq int64) {
	h.mu.Lock()
	h.acks[user] = max(h.acks[user], seq)
	h.mu.Unlock()
}

func (h *Hub) flushAcks(ctx context.Context) {
	h.mu.Lock()
	acks := h.acks
	h.acks = make(map[int64]int64)
	h.mu.Unlock()
	if len(acks) == 0 {
		return
	}
	if err := h.o.Log.Delivered(ctx, acks); err != nil {
		for user, seq := range acks {
			h.ack(user, seq)
		}
	}
}
