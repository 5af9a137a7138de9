package models

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// readLogs reads the counters of those of the users who are there, in no order. The
// sweep asks it for all who are online, every two seconds, and the writer for each
// batch: they come as one text, as a row costs five times what it takes to find it
// (BenchmarkHeads).
func readLogs(q *gorm.DB, users []int64) ([]logRow, error) {
	var text []byte
	err := q.Raw(`SELECT json_group_array(json_array(user_id, head, trimmed, broadcast, unread, unseen)) FROM logs WHERE user_id `+inSet, newIDSet(users)).
		Row().Scan(&text)
	if err != nil {
		return nil, err
	}
	return parseLogs(text, len(users))
}

// parseLogs reads [[user,head,trimmed,broadcast,unread,unseen],…], for about so many.
func parseLogs(text []byte, about int) ([]logRow, error) {
	rows := make([]logRow, 0, about)
	var numbers [6]int64
	at, digits, sign := 0, 0, int64(1)
	for _, b := range text {
		switch {
		case b >= '0' && b <= '9' && at < len(numbers):
			numbers[at] = numbers[at]*10 + sign*int64(b-'0')
			digits++
		case b == '-' && digits == 0:
			sign = -1
		case b == ',' || b == '[' || b == ']':
			if digits > 0 {
				at++
			}
			digits, sign = 0, 1
			if b != ']' || at == 0 {
				continue
			}
			if at < len(numbers) {
				return nil, fmt.Errorf("counters of a log are missing: %.100q", text)
			}
			rows = append(rows, logRow{UserID: numbers[0], Head: numbers[1], Trimmed: numbers[2], Broadcast: numbers[3], Unread: numbers[4], Unseen: numbers[5]})
			at, numbers = 0, [6]int64{}
		default:
			return nil, fmt.Errorf("counters of logs are no numbers: %.100q", text)
		}
	}
	if at != 0 {
		return nil, fmt.Errorf("counters of logs break off: %.100q", text)
	}
	return rows, nil
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
