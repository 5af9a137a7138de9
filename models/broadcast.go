package models

import (
	"context"
	"time"
)

// broadcastRow is a push to everyone: one row, however many they are. It becomes
// an item and an event of a user's log when that log is next touched.
type broadcastRow struct {
	Seq       int64 `gorm:"primaryKey"`
	PushID    int64
	CreatedAt time.Time
}

func (broadcastRow) TableName() string { return "broadcasts" }

// broadcast adds a push to everyone.
func (tx *Tx) broadcast(push pushRow) error {
	// What can't be sent is refused here: once stored, no log could be touched again.
	if _, err := push.encode(); err != nil {
		return err
	}
	b := tx.batch
	if err := b.flush(); err != nil { // the push must be there
		return err
	}
	row := broadcastRow{PushID: push.ID, CreatedAt: tx.now}
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	b.newest, b.ringAll = row.Seq, true
	// What the batch has loaded already must not add to a log before taking this
	// over: order in a log is the order of acknowledgement.
	rows := make([]logRow, 0, len(b.rows))
	for _, r := range b.rows {
		rows = append(rows, *r)
	}
	return b.takeOver(rows)
}

// takeOver adds to each of the logs the pushes to everyone that it lacks.
func (b *batch) takeOver(rows []logRow) error {
	newest, err := b.newestBroadcast()
	if err != nil || len(rows) == 0 {
		return err
	}
	oldest := newest
	for _, r := range rows {
		oldest = min(oldest, r.Broadcast)
	}
	if oldest == newest {
		return nil
	}
	missed, err := b.broadcastsAfter(oldest)
	if err != nil {
		return err
	}
	for _, m := range missed {
		for _, r := range rows {
			if b.rows[r.UserID].Broadcast < m.seq {
				b.edit(r.UserID).Broadcast = m.seq
				b.add(r.UserID, m.item)
			}
		}
	}
	return nil
}

// encode is the item that the push becomes in everybody's inbox.
func (p pushRow) encode() (notified, error) { return p.notice().encode(p.CreatedAt) }

// missedPush is a push to everyone that a log lacks.
type missedPush struct {
	seq  int64
	item notified
}

// broadcastsAfter are the pushes to everyone behind one of them, in order.
func (b *batch) broadcastsAfter(seq int64) ([]missedPush, error) {
	var rows []struct {
		Seq  int64
		Push pushRow `gorm:"embedded"`
	}
	err := b.root.Raw(`SELECT b.seq, p.* FROM broadcasts b JOIN pushes p ON p.id = b.push_id WHERE b.seq > ? ORDER BY b.seq`, seq).
		Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	missed := make([]missedPush, len(rows))
	for i, r := range rows {
		item, err := r.Push.encode()
		if err != nil {
			return nil, err
		}
		missed[i] = missedPush{seq: r.Seq, item: item}
	}
	return missed, nil
}

// refreshBroadcasts looks for pushes to everyone that another process added.
func (db *DB) refreshBroadcasts(ctx context.Context) error {
	var newest int64
	if err := db.Read(ctx).Raw(`SELECT COALESCE(MAX(seq), 0) FROM broadcasts`).Row().Scan(&newest); err != nil {
		return unavailable(err)
	}
	if newest > db.broadcasts.Load() {
		db.broadcasts.Store(newest)
	}
	return nil
}
