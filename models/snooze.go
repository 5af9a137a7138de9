package models

import (
	"context"
	"encoding/json"
	"time"
)

const (
	// maxSnooze is a week, in minutes.
	maxSnooze = 7 * 24 * 60
	// studyingFor is how long a deck's learning cards don't ring after somebody said that
	// they sit before it.
	studyingFor = time.Minute
)

// Snooze takes a cards.due away, and lets it come back after so many minutes if cards
// are still due then. It gives that time.
func (db *DB) Snooze(ctx context.Context, user int64, id string, minutes int) (until time.Time, err error) {
	seq, err := parseNotificationID(user, id)
	if err != nil {
		return until, err
	}
	if minutes < 1 || minutes > maxSnooze {
		return until, InvalidField("minutes", "must be 1 to %d", maxSnooze)
	}
	err = db.Write(ctx, func(tx *Tx) error {
		if err := tx.batch.flush(); err != nil {
			return err
		}
		var item Notification
		err := tx.Where("user_id = ? AND seq = ? AND recalled_at IS NULL", user, seq).Limit(1).Find(&item).Error
		switch {
		case err != nil:
			return err
		case item.Seq == 0:
			return Errorf(NotFound, "there is no such notification")
		case item.Kind != kindDue:
			return Errorf(Conflict, "only due cards can be snoozed")
		}
		until = tx.now.Add(time.Duration(minutes) * time.Minute)
		if err := tx.snooze(item, until.UnixMicro()); err != nil {
			return err
		}
		return tx.Recall(user, seq)
	}, touchesOf(user))
	return until, err
}

func (tx *Tx) snooze(item Notification, until int64) error {
	if item.GroupKey == digestGroup {
		return tx.callAt(item.UserID, 0, false, until)
	}
	var said CardsDue
	if err := json.Unmarshal([]byte(item.Data), &said); err != nil {
		return err
	}
	err := tx.Exec(`INSERT INTO studies (user_id, deck_id, snoozed_until) VALUES (?, ?, ?)
		ON CONFLICT (user_id, deck_id) DO UPDATE SET snoozed_until = excluded.snoozed_until`, item.UserID, said.DeckID, until).Error
	if err != nil {
		return err
	}
	return tx.callAt(item.UserID, said.DeckID, said.Learning, until)
}

// snoozed are the user's decks that are snoozed, and until when.
func (tx *Tx) snoozed(user int64) (map[int64]int64, error) {
	var rows []ringRow
	err := tx.Raw(`SELECT `+ringColumns+` FROM studies WHERE user_id = ? AND snoozed_until > ?`, user, tx.now.UnixMicro()).Scan(&rows).Error
	decks := make(map[int64]int64, len(rows))
	for _, r := range rows {
		decks[r.DeckID] = r.SnoozedUntil
	}
	return decks, err
}

// SetStudying says that somebody sits before a deck of theirs, for the next minute, or
// that nobody does any more. Meanwhile its learning cards don't ring; what fell due then
// rings when that ends.
func (db *DB) SetStudying(ctx context.Context, user, deck int64, studying bool) error {
	return db.Write(ctx, func(tx *Tx) error {
		st, err := studyOf(tx.DB, user, deck, tx.now)
		if err != nil {
			return err
		}
		until := int64(0)
		if studying {
			until = tx.now.Add(studyingFor).UnixMicro()
		}
		err = tx.Exec(`INSERT INTO studies (user_id, deck_id, studying_until) VALUES (?, ?, ?)
			ON CONFLICT (user_id, deck_id) DO UPDATE SET studying_until = excluded.studying_until`, user, deck, until).Error
		if err != nil {
			return err
		}
		r, err := ringOf(tx.DB, st)
		if err != nil || r == nil {
			return err
		}
		return tx.planRing(st, r)
	})
}
