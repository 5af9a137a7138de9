package models

import (
	"encoding/json"
	"maps"
	"slices"
)

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
	if learning, err = r.tx.takeCall(r.user, deck, learning); err != nil {
		return err
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
	n, err := r.count(st, row, learning)
	if err != nil || n == 0 {
		return err
	}
	if err := r.tx.dropDigestOf(r.user, deck); err != nil {
		return err
	}
	return r.tx.call(r.user, dueGroup(deck), had, CardsDue{DeckID: deck, Deck: st.name, Due: n, Learning: learning}.words())
}

// dropDigestOf withdraws a digest that has come down to a deck which speaks for itself now.
func (tx *Tx) dropDigestOf(user, deck int64) error {
	item, err := tx.dueItem(user, digestGroup)
	if err != nil || item == nil {
		return err
	}
	said, err := readDigest(item)
	if err != nil || said.DeckCount != 1 || !said.about(deck) {
		return err
	}
	return tx.Recall(user, item.Seq)
}

// count is what a deck's call says. It speaks of the learning cards of the next minute
// too, which don't call then.
func (r *ringer) count(st *study, row *ringRow, learning bool) (int64, error) {
	if row == nil {
		return countDue(r.tx.DB, st, row, learning)
	}
	row.RungAt = r.tx.now.Add(ringAhead).UnixMicro()
	n, err := countDue(r.tx.DB, st, row, learning)
	if err != nil || n == 0 {
		return 0, err
	}
	return n, r.tx.storeRing(st, row)
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
