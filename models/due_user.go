package models

import "aoki/models/fsrs"

// ringer rings all that is due for one user at a moment, as one event for each item.
type ringer struct {
	tx       *Tx
	user     int64
	calendar fsrs.Calendar
	quiet    int64          // until when it is quiet, in microseconds; 0 when it is not
	decks    map[int64]bool // those to call for; true: for learning cards alone
	digest   bool           // to call for all decks
	due      []DigestDeck   // of all decks, once counted
	counted  bool
}

// ringUser claims what is due for a user, and rings it, in this one transaction.
func (tx *Tx) ringUser(user int64) error {
	row, err := tx.userRow(user)
	if ErrorCode(err) == NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	r := &ringer{tx: tx, user: user, calendar: calendarOf(row.TimeZone), decks: map[int64]bool{}}
	if end := readQuiet(row.Preferences).until(tx.now, r.calendar.Zone); end.After(tx.now) {
		r.quiet = end.UnixMicro()
	}
	if err := r.learning(); err != nil {
		return err
	}
	if err := r.reminders(); err != nil {
		return err
	}
	calls, err := tx.takeCalls(user)
	if err != nil || row.DisabledAt != nil { // whoever is kept out is not called
		return err
	}
	for _, c := range calls {
		if c.Deed == deedRing {
			r.want(c.DeckID, c.Learning)
		}
	}
	if err := r.ring(); err != nil {
		return err
	}
	for _, c := range calls {
		if c.Deed == deedRecount {
			if err := r.recount(c.DeckID); err != nil {
				return err
			}
		}
	}
	return nil
}

// want notes a call to make. One for learning cards is part of one for all.
func (r *ringer) want(deck int64, learning bool) {
	if deck == 0 {
		r.digest = true
		return
	}
	had, there := r.decks[deck]
	r.decks[deck] = learning && (had || !there)
}

// learning claims the decks whose learning cards fall due.
func (r *ringer) learning() error {
	var due []ringRow
	err := r.tx.Raw(`SELECT `+ringColumns+` FROM studies WHERE user_id = ? AND ring_at <= ? ORDER BY deck_id`, r.user, r.tx.now.UnixMicro()).Scan(&due).Error
	if err != nil {
		return err
	}
	for _, row := range due {
		if err := r.learningOf(row.DeckID); err != nil {
			return err
		}
	}
	return nil
}

func (r *ringer) learningOf(deck int64) error {
	st, err := studyOf(r.tx.DB, r.user, deck, r.tx.now)
	if ErrorCode(err) == NotFound { // not the user's any more
		return r.tx.Exec(`UPDATE studies SET ring_at = NULL WHERE user_id = ? AND deck_id = ?`, r.user, deck).Error
	}
	if err != nil {
		return err
	}
	row, err := ringOf(r.tx.DB, st)
	if err != nil || row == nil {
		return err
	}
	if row.blocked() <= r.tx.now.UnixMicro() {
		ahead := r.tx.now.Add(ringAhead).UnixMicro()
		n, err := learningDue(r.tx.DB, st, row.RungAt, ahead)
		if err != nil {
			return err
		}
		if n > 0 {
			r.want(deck, true)
		}
		row.RungAt = ahead
	}
	return r.tx.storeRing(st, row)
}

// storeRing stores up to when learning cards have called, and when they call next.
func (tx *Tx) storeRing(st *study, row *ringRow) error {
	next, err := nextCall(tx.DB, st, row)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE studies SET ring_at = ?, rung_at = ? WHERE user_id = ? AND deck_id = ?`, next, row.RungAt, st.user, st.deck).Error
}
