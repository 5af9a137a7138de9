package models

import (
	"context"

	"gorm.io/gorm"
)

// readLogs reads the counters of those of the users who are there, in no order. The
// sweep asks it for all who are online, every two seconds, and the writer for each
// batch (BenchmarkHeads).
func readLogs(q *gorm.DB, users []int64) ([]logRow, error) {
	var text []byte
	err := q.Raw(`SELECT json_group_array(json_array(user_id, head, trimmed, broadcast, unread, unseen)) FROM logs WHERE user_id `+inSet, newIDSet(users)).
		Row().Scan(&text)
	if err != nil {
		return nil, err
	}
	rows := make([]logRow, 0, len(users))
	p := packed{rest: text}
	for p.next() {
		rows = append(rows, logRow{UserID: p.number(), Head: p.number(), Trimmed: p.number(), Broadcast: p.number(), Unread: p.number(), Unseen: p.number()})
	}
	return rows, p.err()
}

// gatherLogs is readLogs for a gather.
func (db *DB) gatherLogs(ctx context.Context, users []int64, answers []logRow) error {
	rows, err := db.logRows(ctx, users)
	if err != nil {
		return err
	}
	if len(users) == 1 && len(rows) == 1 {
		answers[0] = rows[0]
		return nil
	}
	found := make(map[int64]logRow, len(rows))
	for _, r := range rows {
		found[r.UserID] = r
	}
	for i, user := range users {
		answers[i] = found[user]
	}
	return nil
}
