package cmd

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"

	"aoki/models"
	"aoki/realtime"
)

// The store and the wire don't know each other; these two say the words of one in
// the language of the other.

// bell lets the store ring the hub.
type bell struct{ hub *realtime.Hub }

func (b bell) Ring(entries []models.Entry) {
	events := make([]realtime.Event, len(entries))
	for i, e := range entries {
		events[i] = event(e)
	}
	b.hub.Ring(events)
}

func (b bell) RingAll() { b.hub.RingAll() }

// bell is how the store rings the hub.
func (c *serveCmd) bell(hub *realtime.Hub, log *slog.Logger) models.Bell {
	if c.TestLoseDoorbells <= 0 {
		return bell{hub}
	}
	log.Warn("doorbells are lost, for a test: what happens may arrive late", "share", c.TestLoseDoorbells)
	return lossyBell{bell{hub}, c.TestLoseDoorbells}
}

// lossyBell loses a share of the rings, as a broker between nodes may.
type lossyBell struct {
	bell
	share float64
}

func (l lossyBell) Ring(entries []models.Entry) {
	l.bell.Ring(slices.DeleteFunc(slices.Clone(entries), func(models.Entry) bool { return rand.Float64() < l.share }))
}

func (l lossyBell) RingAll() {
	if rand.Float64() >= l.share {
		l.bell.RingAll()
	}
}

// userLog lets the hub read the store.
type userLog struct{ db *models.DB }

func (l userLog) Epoch() string { return l.db.Epoch() }

func (l userLog) Head(ctx context.Context, user int64) (realtime.Head, error) {
	h, err := l.db.Head(ctx, user)
	return head(h), wireError(err)
}

func (l userLog) Heads(ctx context.Context, users []int64) ([]realtime.Head, error) {
	heads, err := l.db.Heads(ctx, users)
	out := make([]realtime.Head, len(heads))
	for i, h := range heads {
		out[i] = head(h)
	}
	return out, wireError(err)
}

func (l userLog) TakeOver(ctx context.Context, users []int64) error {
	return l.db.TakeOver(ctx, users)
}

func (l userLog) After(ctx context.Context, user, seq int64, limit int) ([]realtime.Event, error) {
	entries, err := l.db.After(ctx, user, seq, limit)
	events := make([]realtime.Event, len(entries))
	for i, e := range entries {
		events[i] = event(e)
	}
	return events, wireError(err)
}

func (l userLog) Delivered(ctx context.Context, upTo map[int64]int64) error {
	return l.db.Delivered(ctx, upTo)
}

func event(e models.Entry) realtime.Event {
	out := realtime.Event{User: e.User, Seq: e.Seq, Time: e.Time, Name: e.Name, Message: e.Message}
	if e.Counts != nil {
		out.Counts = &realtime.Counts{Unread: e.Counts.Unread, Unseen: e.Counts.Unseen}
	}
	return out
}

func head(h models.Head) realtime.Head {
	return realtime.Head{User: h.User, Head: h.Head, Trimmed: h.Trimmed}
}

func wireError(err error) error {
	switch models.ErrorCode(err) {
	case "trimmed":
		return realtime.ErrTrimmed
	case models.NotFound:
		return realtime.ErrNoUser
	}
	return err
}
