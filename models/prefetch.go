package models

import (
	"encoding/json"
	"maps"
	"slices"
)

// Touches says what a closure is going to need, as far as it is known beforehand: it is
// read with one statement for all who wait together. A hint, and no promise.
type Touches struct {
	Users []int64  // whose logs it adds to
	Names []string // and those of users who are known by the keys of their names
}

// touchesOf is for a closure that adds to one user's log at least.
func touchesOf(user int64) Touches { return Touches{Users: []int64{user}} }

// prefetchMost is how many logs are loaded beforehand at most.
const prefetchMost = 1000

// prefetch reads what the jobs say they will need.
func (b *batch) prefetch(jobs []*job) error {
	var users []int64
	var names []string
	for _, j := range jobs {
		if len(users)+len(names)+len(j.touches.Users)+len(j.touches.Names) <= prefetchMost {
			users = append(users, j.touches.Users...)
			names = append(names, j.touches.Names...)
		}
	}
	if len(users) > 0 {
		slices.Sort(users) // locked in this order on stores that lock rows
		rows, err := readLogs(b.root, slices.Compact(users))
		if err != nil {
			return err
		}
		if err := b.keep(rows); err != nil {
			return err
		}
	}
	if len(names) > 0 {
		return b.readNames(names)
	}
	return nil
}

// keep takes the rows into memory that lack no push to everyone. The others are left to
// load: taking over is a change, and belongs to the closure that leads to it.
func (b *batch) keep(rows []logRow) error {
	newest, err := b.newestBroadcast()
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Broadcast >= newest && b.rows[r.UserID] == nil {
			b.rows[r.UserID] = &r
		}
	}
	return nil
}

// readNames finds the users whose names have the keys, and their logs with them.
func (b *batch) readNames(keys []string) error {
	list, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	found, err := b.root.Raw(`SELECT u.username_key, l.user_id, l.head, l.trimmed, l.broadcast, l.unread, l.unseen
		FROM users u JOIN logs l ON l.user_id = u.id WHERE u.username_key `+inSet+` AND u.disabled_at IS NULL`, string(list)).Rows()
	if err != nil {
		return err
	}
	defer found.Close()
	var rows []logRow
	for found.Next() {
		var key string
		var r logRow
		if err := found.Scan(&key, &r.UserID, &r.Head, &r.Trimmed, &r.Broadcast, &r.Unread, &r.Unseen); err != nil {
			return err
		}
		b.names[key] = r.UserID
		rows = append(rows, r)
	}
	if err := found.Err(); err != nil {
		return err
	}
	return b.keep(rows)
}

// usersByName gives the ids of the names, whose keys are given too, each once and in
// order. Names that are unknown or disabled are listed in the error.
func (b *batch) usersByName(names, keys []string) ([]int64, error) {
	var missing []string
	for _, key := range keys {
		if b.names[key] == 0 {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		if err := b.aside(func() error { return b.readNames(missing) }); err != nil {
			return nil, err
		}
	}
	return usersOf(names, keys, b.names)
}

// forgetName is for a user who may not sign in any more.
func (b *batch) forgetName(user int64) {
	maps.DeleteFunc(b.names, func(_ string, id int64) bool { return id == user })
}

// readLast reads what the store numbered last.
func (b *batch) readLast() error {
	if b.newest >= 0 {
		return nil
	}
	var newest, lastPush int64
	err := b.aside(func() error {
		return b.root.Raw(`SELECT (SELECT COALESCE(MAX(seq), 0) FROM broadcasts), (SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'pushes')`).
			Row().Scan(&newest, &lastPush)
	})
	if err == nil {
		b.newest, b.lastPush = newest, lastPush
	}
	return err
}

// newestBroadcast is the newest push to everyone.
func (b *batch) newestBroadcast() (int64, error) {
	err := b.readLast()
	return b.newest, err
}
