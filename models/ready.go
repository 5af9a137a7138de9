package models

import (
	"context"
	"strings"
)

// roomNeeded is what must fit on the disk before a store that was refused room says
// that it has some again.
const roomNeeded = 64 << 10

// Ready reports whether the store can be read and, as far as is known, written. Once
// a write was refused, it asks by writing: something that needs new room, since what
// fits where something else was would also go on a full disk.
func (db *DB) Ready(ctx context.Context) error {
	var one int
	if err := db.Read(ctx).Raw("SELECT 1 FROM meta LIMIT 1").Scan(&one).Error; err != nil {
		return err
	}
	if !db.writer.failing.Load() {
		return nil
	}
	err := db.Write(ctx, func(tx *Tx) error { return setMeta(tx.DB, "room", strings.Repeat("x", roomNeeded)) })
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *Tx) error { return tx.Exec("DELETE FROM meta WHERE name = 'room'").Error })
}
