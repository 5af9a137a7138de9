package models

import (
	"encoding/json"
	"maps"
	"slices"

	"aoki/models/fsrs"
)

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
	if r.quiet > 0 { // as if snoozed until it ends
		row.SnoozedUntil = max(row.SnoozedUntil, r.quiet)
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
	next, err := nextCall(r.tx.DB, st, row)
	if err != nil {
		return err
	}
	return r.tx.Exec(`UPDATE studies SET ring_at = ?, rung_at = ? WHERE user_id = ? AND deck_id = ?`, next, row.RungAt, r.user, deck).Error
}

// ring makes the calls that are wanted, or puts them off.
func (r *ringer) ring() error {
	if r.digest {
		if err := r.gatherDigest(); err != nil {
			return err
		}
	}
	for _, deck := range slices.Sorted(maps.Keys(r.decks)) {
		if err := r.ringDeck(deck, r.decks[deck]); err != nil {
			return err
		}
	}
	return nil
}

func (r *ringer) ringDeck(deck int64, learning bool) error {
	st, err := studyOf(r.tx.DB, r.user, deck, r.tx.now)
	if ErrorCode(err) == NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	row, err := ringOf(r.tx.DB, st)
	if err != nil {
		return err
	}
	if until := max(row.blocked(), r.quiet); until > r.tx.now.UnixMicro() {
		return r.tx.callAt(r.user, deck, learning, until)
	}
	had, err := r.tx.dueItem(r.user, dueGroup(deck))
	if err != nil {
		return err
	}
	if had != nil && had.ArchivedAt == nil && had.ReadAt == nil { // what it said and nobody read stays said
		var said CardsDue
		if err := json.Unmarshal([]byte(had.Data), &said); err != nil {
			return err
		}
		learning = learning && said.Learning
	}
	n, err := countDue(r.tx.DB, st, row, learning)
	if err != nil || n == 0 {
		return err
	}
	return r.tx.call(r.user, dueGroup(deck), had, CardsDue{DeckID: deck, Deck: st.name, Due: n, Learning: learning}.words())
}

// gatherDigest calls for all decks in which something is due; when that is one, for this.
// Decks that were snoozed are part of no digest, and call when that is over.
func (r *ringer) gatherDigest() error {
	if later, err := r.tx.putOff(r.user, 0); later || err != nil {
		return err
	}
	if r.quiet > 0 {
		return r.tx.callAt(r.user, 0, false, r.quiet)
	}
	all, err := r.allDecks()
	if err != nil {
		return err
	}
	snoozed, err := r.tx.snoozed(r.user)
	if err != nil {
		return err
	}
	var decks []DigestDeck
	for _, deck := range all {
		if until, ok := snoozed[deck.ID]; !ok {
			decks = append(decks, deck)
		} else if err := r.tx.callAt(r.user, deck.ID, false, until); err != nil {
			return err
		}
	}
	had, err := r.tx.dueItem(r.user, digestGroup)
	if err != nil {
		return err
	}
	if len(decks) > 1 {
		return r.tx.call(r.user, digestGroup, had, digestOf(decks).words())
	}
	if len(decks) == 1 {
		r.want(decks[0].ID, false)
	}
	if had != nil {
		return r.tx.Recall(r.user, had.Seq)
	}
	return nil
}

// allDecks are the user's decks in which something is due.
func (r *ringer) allDecks() (decks []DigestDeck, err error) {
	if !r.counted {
		if r.due, err = decksDue(r.tx.DB, r.user, r.tx.now, nil); err != nil {
			return nil, err
		}
		r.counted = true
	}
	return r.due, nil
}

// recount corrects the number of a deck's item, or of the digest.
func (r *ringer) recount(deck int64) error {
	if deck == 0 {
		item, err := r.tx.dueItem(r.user, digestGroup)
		if err != nil || item == nil {
			return err
		}
		return r.tx.recountDigest(r.user, item, 0)
	}
	item, err := r.tx.dueItem(r.user, dueGroup(deck))
	if err != nil || item == nil {
		return err
	}
	var said CardsDue
	if err := json.Unmarshal([]byte(item.Data), &said); err != nil {
		return err
	}
	st, err := studyOf(r.tx.DB, r.user, deck, r.tx.now)
	if err != nil {
		return err
	}
	row, err := ringOf(r.tx.DB, st)
	if err != nil {
		return err
	}
	n, err := countDue(r.tx.DB, st, row, said.Learning)
	if err != nil {
		return err
	}
	if n == 0 {
		return r.tx.Recall(r.user, item.Seq)
	}
	said.Deck, said.Due = st.name, n
	return r.tx.reword(item, said.words(), false)
}
