package cmd

import (
	"context"

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
