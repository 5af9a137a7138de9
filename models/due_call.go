package models

import (
	"cmp"
	"slices"
)

// What is to be done about due cards at a moment.
const (
	deedRing    = "ring"    // call for them, because that was put off
	deedRecount = "recount" // correct an item's number
)

// callRow is such a moment. DeckID 0 is the digest.
type callRow struct {
	UserID   int64
	DeckID   int64
	Deed     string
	At       int64 // microseconds
	Learning bool  // call for learning cards alone
}

// callAt puts a call off. What was put off before rings with it.
func (tx *Tx) callAt(user, deck int64, learning bool, at int64) error {
	return tx.Exec(`INSERT INTO calls (user_id, deck_id, deed, at, learning) VALUES (?, ?, ?, ?, ?) ON CONFLICT (user_id, deck_id, deed)
		DO UPDATE SET at = excluded.at, learning = CASE WHEN excluded.learning < calls.learning THEN excluded.learning ELSE calls.learning END`,
		user, deck, deedRing, at, bit(learning)).Error
}

// recountSoon has an item's number corrected a little later.
func (tx *Tx) recountSoon(user, deck int64) error {
	return tx.Exec(`INSERT INTO calls (user_id, deck_id, deed, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		user, deck, deedRecount, tx.now.Add(recountAfter).UnixMicro()).Error
}

// putOff reports whether a call stands for later.
func (tx *Tx) putOff(user, deck int64) (there bool, err error) {
	err = tx.Raw(`SELECT EXISTS (SELECT 1 FROM calls WHERE user_id = ? AND deck_id = ? AND deed = ? AND at > ?)`,
		user, deck, deedRing, tx.now.UnixMicro()).Row().Scan(&there)
	return there, err
}

// takeCall claims what was put off for a deck, whatever for: it rings now. It reports
// whether that, or what rings now, is for learning cards alone.
func (tx *Tx) takeCall(user, deck int64, learning bool) (bool, error) {
	var calls []callRow
	err := tx.Raw(`DELETE FROM calls WHERE user_id = ? AND deck_id = ? AND deed = ? RETURNING user_id, deck_id, deed, at, learning`, user, deck, deedRing).Scan(&calls).Error
	for _, c := range calls {
		learning = learning && c.Learning
	}
	return learning, err
}

// takeCalls claims what is due of a user, by deck.
func (tx *Tx) takeCalls(user int64) (calls []callRow, err error) {
	err = tx.Raw(`DELETE FROM calls WHERE user_id = ? AND at <= ? RETURNING user_id, deck_id, deed, at, learning`, user, tx.now.UnixMicro()).Scan(&calls).Error
	slices.SortFunc(calls, func(a, b callRow) int { return cmp.Compare(a.DeckID, b.DeckID) })
	return calls, err
}
