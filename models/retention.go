package models

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
)

// Retention is how much of each user's log stays: a device may be away for that
// long, or miss that much, and still go on from its cursor. What is older or beyond
// that is trimmed; a device with an older cursor is told to load its lists again.
// Inboxes, decks and cards are no part of it.
type Retention struct {
	Days   int
	Events int64
}

const (
	// trimPage is how many users' logs are looked at together.
	trimPage = 500
	// trimStep is how many events of one log are looked at before their trimming is
	// stored: what reads for long keeps the WAL from being folded back.
	trimStep = 10_000
	// trimChunk is how many events are deleted in one change: others wait for it.
	trimChunk = 250
)

// trimRow is a log as retention sees it.
type trimRow struct {
	UserID  int64
	Head    int64
	Trimmed int64
	Oldest  int64 // the first event that is stored
	Since   int64 // when the first event that is not trimmed was made, in microseconds
}

// Trim takes from all logs what is over its time. Each log says so first
// (`trimmed`), in a change of its own; only then are the events deleted, a few at a
// time. A run that is cut off between the two leaves events that nobody is given
// any more, and the next run deletes them.
func (db *DB) Trim(ctx context.Context, keep Retention) error {
	oldest := db.Now().AddDate(0, 0, -keep.Days).UnixMicro()
	for after := int64(0); ; {
		logs, err := db.trimRows(ctx, after)
		if err != nil || len(logs) == 0 {
			return err
		}
		moved, err := db.moveTrimmed(ctx, logs, keep.Events, oldest)
		if err != nil {
			return err
		}
		if err := db.deleteTrimmed(ctx, logs); err != nil {
			return err
		}
		if !moved { // else once more: there may be further steps to go
			after = logs[len(logs)-1].UserID
		}
	}
}

// trimRows is the next page of logs, by user.
func (db *DB) trimRows(ctx context.Context, after int64) ([]trimRow, error) {
	var text []byte
	err := db.Read(ctx).Raw(`SELECT json_group_array(json_array(user_id, head, trimmed, oldest, since)) FROM (SELECT l.user_id, l.head, l.trimmed,
			COALESCE((SELECT MIN(e.seq) FROM events e WHERE e.user_id = l.user_id), l.head + 1) AS oldest,
			COALESCE((SELECT e.created_at FROM events e WHERE e.user_id = l.user_id AND e.seq = l.trimmed + 1), ?) AS since
		FROM logs l WHERE l.user_id > ? ORDER BY l.user_id LIMIT ?)`, int64(math.MaxInt64), after, trimPage).Row().Scan(&text)
	if err != nil {
		return nil, err
	}
	var logs []trimRow
	p := packed{rest: text}
	for p.next() {
		logs = append(logs, trimRow{UserID: p.number(), Head: p.number(), Trimmed: p.number(), Oldest: p.number(), Since: p.number()})
	}
	slices.SortFunc(logs, func(a, b trimRow) int { return cmp.Compare(a.UserID, b.UserID) }) // an aggregate has no order to rely on
	return logs, p.err()
}

// moveTrimmed moves the logs' `trimmed`, here and in the store, and reports whether
// any moved.
func (db *DB) moveTrimmed(ctx context.Context, logs []trimRow, events, oldest int64) (bool, error) {
	var args []any
	for i := range logs {
		to, err := db.trimTo(ctx, logs[i], events, oldest)
		if err != nil {
			return false, err
		}
		if to > logs[i].Trimmed {
			logs[i].Trimmed = to
			args = append(args, logs[i].UserID, to)
		}
	}
	if len(args) == 0 {
		return false, nil
	}
	values := strings.Repeat(", (CAST(? AS BIGINT), CAST(? AS BIGINT))", len(args)/2)[2:]
	return true, db.Write(ctx, func(tx *Tx) error {
		return tx.Exec(`UPDATE logs SET trimmed = a.column2 FROM (VALUES `+values+`) AS a WHERE logs.user_id = a.column1 AND logs.trimmed < a.column2`, args...).Error
	})
}

// trimTo is up to where a log is over its time, at most a step further than it was
// trimmed. A log is walked from where it was trimmed to the first event that is
// young enough: times don't always grow along it, as a push to everyone bears the
// time at which it was sent.
func (db *DB) trimTo(ctx context.Context, l trimRow, events, oldest int64) (int64, error) {
	limit := min(l.Head, l.Trimmed+trimStep)
	byCount := min(l.Head-events, limit)
	if l.Since >= oldest {
		return max(l.Trimmed, byCount), nil
	}
	var young int64
	err := db.Read(ctx).Raw(`SELECT seq FROM events WHERE user_id = ? AND seq > ? AND seq <= ? AND created_at >= ? ORDER BY seq LIMIT 1`,
		l.UserID, l.Trimmed, limit, oldest).Row().Scan(&young)
	switch {
	case errors.Is(err, errNoRows):
		return limit, nil
	case err != nil:
		return 0, err
	}
	return max(young-1, byCount), nil
}

// deleteTrimmed deletes the events that the logs say are trimmed.
func (db *DB) deleteTrimmed(ctx context.Context, logs []trimRow) error {
	type part struct{ user, upTo int64 }
	var parts []part
	room := int64(trimChunk)
	flush := func() error {
		if len(parts) == 0 {
			return nil
		}
		err := db.Write(ctx, func(tx *Tx) error {
			for _, p := range parts {
				if err := tx.Exec(`DELETE FROM events WHERE user_id = ? AND seq <= ?`, p.user, p.upTo).Error; err != nil {
					return err
				}
			}
			return nil
		})
		parts, room = nil, trimChunk
		return err
	}
	for _, l := range logs {
		for from := l.Oldest; from <= l.Trimmed; {
			upTo := min(l.Trimmed, from+room-1)
			parts = append(parts, part{l.UserID, upTo})
			room -= upTo - from + 1
			from = upTo + 1
			if room > 0 {
				continue
			}
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
