package models

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// ackChunk is how many acknowledgements are stored in one change: others wait for
// it.
const ackChunk = 200

// Delivered notes that a device of each user has everything up to a seq.
func (db *DB) Delivered(ctx context.Context, upTo map[int64]int64) error {
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(upTo)), ackChunk) {
		args := make([]any, 0, 2*len(chunk))
		for _, user := range chunk {
			args = append(args, user, upTo[user])
		}
		values := strings.Repeat(", (CAST(? AS BIGINT), CAST(? AS BIGINT))", len(chunk))[2:]
		err := db.Write(ctx, func(tx *Tx) error {
			return tx.Exec(`UPDATE logs SET delivered = a.column2 FROM (VALUES `+values+`) AS a WHERE logs.user_id = a.column1 AND logs.delivered < a.column2`, args...).Error
		})
		if err != nil {
			return err
		}
	}
	return nil
}
