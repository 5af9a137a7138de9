package models

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"
)

const (
	// maxMessage bounds a log entry's message, so that its frame stays under the
	// 64 KiB that a client must be ready for.
	maxMessage = 60 << 10
	// maxPageBytes bounds the messages of one page of the log: what a reader that
	// is stuck on a page holds in memory.
	maxPageBytes = 64 << 10
)

// soonEnough is how long who reads a log waits for pushes to everyone to come into
// it.
const soonEnough = time.Second

// Counts are a user's badge figures, absolute.
type Counts struct {
	Unread int64 `json:"unread"`
	Unseen int64 `json:"unseen"`
}

// Entry is one event of a user's log.
type Entry struct {
	User    int64
	Seq     int64
	Time    time.Time
	Name    string
	Counts  *Counts // nil when the event left them as they were
	Message json.RawMessage
}

// Bell is rung by the writer after a commit, from its own goroutine, one call at
// a time: it must not block. A ring may be lost; whoever listens compares heads
// now and then.
type Bell interface {
	// Ring hands over new entries, each user's in the order of the log.
	Ring(entries []Entry)
	// RingAll says that there is a push to everyone, which a log takes over when it
	// is next touched: whoever listens touches those who are online.
	RingAll()
}

// Head is where a user's log stands.
type Head struct {
	User    int64
	Head    int64 // the newest seq, 0 in an empty log
	Trimmed int64 // the newest seq that retention has taken away, 0 for none
	Counts  Counts
}

// logRow is a user's counters.
type logRow struct {
	UserID    int64 `gorm:"primaryKey"`
	Head      int64
	Trimmed   int64
	Broadcast int64
	Unread    int64
	Unseen    int64
}

func (logRow) TableName() string { return "logs" }

func (r logRow) head() Head {
	return Head{User: r.UserID, Head: r.Head, Trimmed: r.Trimmed, Counts: Counts{Unread: r.Unread, Unseen: r.Unseen}}
}

type eventRow struct {
	UserID    int64
	Seq       int64
	Name      string
	Payload   string
	Unread    *int64
	Unseen    *int64
	CreatedAt int64 `gorm:"autoCreateTime:false"` // microseconds since 1970: cheap to scan by the million
}

func (eventRow) TableName() string { return "events" }

// OpenLog makes a new user's log. Pushes to everyone that are older than the user
// are not for them.
func (tx *Tx) OpenLog(user int64) error {
	newest, err := tx.batch.newestBroadcast()
	if err != nil {
		return err
	}
	return tx.Create(&logRow{UserID: user, Broadcast: newest}).Error
}

// Append adds an event to the log of each user. The message is encoded once; one
// over 60 KiB of JSON is refused.
func (tx *Tx) Append(name string, message any, users ...int64) error {
	payload, err := encode(message)
	if err != nil {
		return err
	}
	if err := tx.batch.load(users); err != nil {
		return err
	}
	for _, id := range users {
		tx.batch.append(id, name, payload, nil, tx.now)
	}
	return nil
}

// append gives the event the user's next seq. The user's row must be loaded.
func (b *batch) append(user int64, name string, payload []byte, counts *Counts, at time.Time) {
	row := b.edit(user)
	row.Head++
	e := eventRow{UserID: user, Seq: row.Head, Name: name, Payload: string(payload), CreatedAt: at.UnixMicro()}
	if counts != nil {
		e.Unread, e.Unseen = &counts.Unread, &counts.Unseen
	}
	b.events = append(b.events, e)
	b.entries = append(b.entries, Entry{User: user, Seq: row.Head, Time: at, Name: name, Counts: counts, Message: payload})
}

// Head is where the user's log stands, pushes to everyone included.
func (db *DB) Head(ctx context.Context, user int64) (Head, error) {
	row, err := db.logs.get(ctx, user)
	if err != nil {
		return Head{}, err
	}
	if row.UserID != 0 && row.Broadcast >= db.broadcasts.Load() {
		return row.head(), nil
	}
	heads, err := db.Heads(ctx, []int64{user}) // takes over what it is behind with
	if err != nil {
		return Head{}, err
	}
	if len(heads) == 0 {
		return Head{}, Errorf(NotFound, "there is no such user")
	}
	return heads[0], nil
}

// Heads is where the logs of the users stand; a user that is gone is left out. A
// log that is behind with pushes to everyone takes them over first, if it can.
func (db *DB) Heads(ctx context.Context, users []int64) ([]Head, error) {
	rows, err := db.logRows(ctx, users)
	if err != nil {
		return nil, err
	}
	var behind []int64
	for _, r := range rows {
		if r.Broadcast < db.broadcasts.Load() {
			behind = append(behind, r.UserID)
		}
	}
	if len(behind) > 0 {
		// A disk that is full, or another process at the store, must not keep anybody from
		// reading: they get the log as it is, and the pushes when they can be written.
		soon, cancel := context.WithTimeout(ctx, soonEnough)
		err := db.TakeOver(soon, behind)
		cancel()
		switch {
		case StoreIsAway(err):
			db.log.Warn("pushes to everyone can't be taken over into logs", "error", err)
		case err != nil:
			return nil, err
		}
		if rows, err = db.logRows(ctx, users); err != nil {
			return nil, err
		}
	}
	heads := make([]Head, len(rows))
	for i, r := range rows {
		heads[i] = r.head()
	}
	return heads, nil
}

// logRows reads the counters of the users. It is what the sweep asks for all who
// are online, every two seconds.
func (db *DB) logRows(ctx context.Context, users []int64) ([]logRow, error) {
	return readLogs(db.Read(ctx), users)
}

// After is the log's next page: at most limit events with seq > after, in order
// and without a gap, fewer when they are large. It is empty at the head. When the
// log does not hold after+1 any more, the error's code is "trimmed".
func (db *DB) After(ctx context.Context, user, after int64, limit int) ([]Entry, error) {
	rows, err := db.Read(ctx).Raw(
		`SELECT seq, name, payload, unread, unseen, created_at FROM events WHERE user_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
		user, after, limit).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []Entry
	for size := 0; size < maxPageBytes && rows.Next(); {
		e := Entry{User: user}
		var unread, unseen *int64
		var micros int64
		if err := rows.Scan(&e.Seq, &e.Name, (*[]byte)(&e.Message), &unread, &unseen, &micros); err != nil {
			return nil, err
		}
		if after++; e.Seq != after {
			return nil, errTrimmed()
		}
		e.Time = time.UnixMicro(micros).UTC()
		if unread != nil && unseen != nil {
			e.Counts = &Counts{Unread: *unread, Unseen: *unseen}
		}
		page = append(page, e)
		size += len(e.Message)
	}
	if err := rows.Err(); err != nil || len(page) > 0 {
		return page, err
	}
	// At the head, or all behind the cursor is gone.
	rows.Close()
	at, err := db.logRows(ctx, []int64{user})
	if err == nil && len(at) == 1 && at[0].Trimmed > after {
		err = errTrimmed()
	}
	return nil, err
}

func errTrimmed() error { return Errorf("trimmed", "the log does not reach back that far") }

// committed is called by the writer when b is on disk.
func (db *DB) committed(b *batch) {
	if b.newest > db.broadcasts.Load() {
		db.broadcasts.Store(b.newest)
	}
	bell := db.bell.Load()
	if bell == nil {
		return
	}
	if len(b.entries) > 0 {
		(*bell).Ring(b.entries)
	}
	if b.ringAll {
		(*bell).RingAll()
	}
}

// encode is JSON as it goes over the wire: no HTML escapes, no newline at the end.
func encode(message any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(message); err != nil {
		return nil, fmt.Errorf("encode an event: %w", err)
	}
	out := bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	if len(out) > maxMessage {
		return nil, Errorf(Invalid, "this is too large to be sent: %d bytes as JSON, at most %d", len(out), maxMessage)
	}
	return out, nil
}
