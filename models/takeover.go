package models

import (
	"context"
	"slices"
	"strconv"
	"time"
)

const (
	// takeOverSet is how many logs one set of statements takes pushes over into:
	// about a millisecond.
	takeOverSet = 64
	// takeOverMost is how many items are made before a commit at most. They reach
	// their sockets together, and keep the processor busy for that long.
	takeOverMost = 128
	// takeOverWait is the longest that a step goes on while others wait.
	takeOverWait = 10 * time.Millisecond
	// takeOverRest is the longest rest after a step.
	takeOverRest = 25 * time.Millisecond
)

// TakeOver brings the pushes to everyone into those of the users' logs that lack
// them, and rings for it; users who are gone are passed over. It goes through
// the writer like every change, in many small steps between which others have
// their turn; while there are others it rests after each step for four times as
// long as that took, for they need the processor too.
func (db *DB) TakeOver(ctx context.Context, users []int64) error {
	users = slices.Compact(slices.Sorted(slices.Values(users)))
	for len(users) > 0 {
		var left []int64
		var busy bool
		begin := time.Now()
		err := db.Write(ctx, func(tx *Tx) (err error) {
			left, err = tx.batch.takeOverSome(users)
			busy = tx.batch.hasCompany()
			return err
		})
		if err != nil {
			return err
		}
		if users = left; busy && len(users) > 0 {
			pause(ctx, min(4*time.Since(begin), takeOverRest))
		}
	}
	return nil
}

// pause waits for a time, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// takeOverSome takes pushes to everyone over into the logs of the first of the
// users, and gives those who are left. It writes into the store at once: what the
// batch holds in memory has taken everything over when it was loaded, and is left
// alone here.
func (b *batch) takeOverSome(users []int64) (left []int64, err error) {
	newest, err := b.newestBroadcast()
	if err != nil {
		return nil, err
	}
	// Those who wait do so for no longer than for a commit; where a commit takes
	// long, smaller steps would help nobody.
	begin, patience := time.Now(), min(b.db.writer.commitTook, takeOverWait)
	var missed []missedPush
	from := newest // missed is what lies behind it
	for made := 0; len(users) > 0 && made < takeOverMost; {
		set := users[:min(takeOverSet, len(users))]
		logs := b.notInMemory(set)
		oldest, err := b.oldestTakenOver(logs, newest)
		if err != nil {
			return nil, err
		}
		if oldest < from {
			if missed, err = b.broadcastsAfter(oldest); err != nil {
				return nil, err
			}
			from = oldest
		}
		users = users[len(set):]
		for _, m := range missed {
			if m.seq <= oldest {
				continue
			}
			if made >= takeOverMost { // logs that lack many go on from here the next time
				return slices.Concat(set, users), nil
			}
			n, err := b.takeOverOne(logs, m)
			if err != nil {
				return nil, err
			}
			made += n
		}
		if b.hasCompany() && time.Since(begin) >= patience {
			break
		}
	}
	return users, nil
}

// hasCompany reports whether somebody waits for this batch, or for the next one.
func (b *batch) hasCompany() bool { return b.shared || len(b.db.writer.jobs) > 0 }

// notInMemory are those of the users whose rows the batch has not loaded.
func (b *batch) notInMemory(users []int64) idSet {
	return newIDSet(slices.DeleteFunc(slices.Clone(users), func(id int64) bool { return b.rows[id] != nil }))
}

// idSet is a set of ids as one argument of a statement, whatever their number: a
// list of arguments would take longer to hand over than its rows to write. SQLite
// reads it with inSet; Postgres would take an array, and = ANY (?).
type idSet string

func newIDSet(ids []int64) idSet {
	list := append(make([]byte, 0, 8*len(ids)+2), '[')
	for i, id := range ids {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, id, 10)
	}
	return idSet(append(list, ']'))
}

const inSet = `IN (SELECT value FROM json_each(?))`

// oldestTakenOver is up to where all of the logs have taken over; newest when there
// are none. (Postgres has to lock them here, in the order of the users: SELECT
// broadcast … ORDER BY user_id FOR UPDATE.)
func (b *batch) oldestTakenOver(logs idSet, newest int64) (int64, error) {
	oldest := newest
	err := b.root.Raw(`SELECT COALESCE(MIN(broadcast), ?) FROM logs WHERE user_id `+inSet, newest, logs).Row().Scan(&oldest)
	return oldest, err
}

// takeOverOne takes one push to everyone over into those of the logs that lack it:
// what batch.add does, for a set of users. The casts tell Postgres what SQLite
// sees by itself.
func (b *batch) takeOverOne(logs idSet, m missedPush) (made int, err error) {
	row := m.item.row
	if err := b.root.Exec(`INSERT INTO notifications (user_id, seq, push_id, kind, title, body, link, data, created_at, updated_at)
		SELECT l.user_id, l.head + 1, p.id, CAST(? AS TEXT), p.title, p.body, p.link, CAST(? AS TEXT), p.created_at, p.created_at
		FROM logs l CROSS JOIN pushes p WHERE l.user_id `+inSet+` AND l.broadcast < ? AND p.id = ?`,
		row.Kind, row.Data, logs, m.seq, *row.PushID).Error; err != nil {
		return 0, err
	}
	if err := b.root.Exec(`INSERT INTO events (user_id, seq, name, payload, unread, unseen, created_at)
		SELECT user_id, head + 1, 'notification.created', CAST(? AS TEXT) || user_id || '-' || (head + 1) || CAST(? AS TEXT), unread + 1, unseen + 1, CAST(? AS BIGINT)
		FROM logs WHERE user_id `+inSet+` AND broadcast < ?`,
		messageHead, m.item.rest, row.CreatedAt.UnixMicro(), logs, m.seq).Error; err != nil {
		return 0, err
	}
	rows, err := b.root.Raw(`UPDATE logs SET head = head + 1, unread = unread + 1, unseen = unseen + 1, broadcast = ?
		WHERE user_id `+inSet+` AND broadcast < ? RETURNING user_id, head, unread, unseen`, m.seq, logs, m.seq).Rows()
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	counts := make([]Counts, takeOverSet)
	messages := make([]byte, 0, takeOverSet*m.item.messageRoom())
	for ; rows.Next(); made++ {
		e := Entry{Time: row.CreatedAt, Name: "notification.created", Counts: &counts[made]}
		if err := rows.Scan(&e.User, &e.Seq, &e.Counts.Unread, &e.Counts.Unseen); err != nil {
			return 0, err
		}
		start := len(messages)
		messages = m.item.appendMessage(messages, e.User, e.Seq)
		e.Message = messages[start:len(messages):len(messages)]
		b.entries = append(b.entries, e)
	}
	return made, rows.Err()
}
