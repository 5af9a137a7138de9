package models

import (
	"encoding/json"
	"time"
)

// recountAfter is how long an item's number may be behind what the user has answered
// meanwhile: one correction is enough for many answers.
const recountAfter = 15 * time.Second

// settleDue puts right what calls for the cards of a deck, after something about them
// has changed: when its learning cards ring next, and its item, which is withdrawn when
// nothing that it called for is due any more.
func (tx *Tx) settleDue(st *study) error {
	r, err := ringOf(tx.DB, st)
	if err != nil {
		return err
	}
	if r != nil {
		if err := tx.planRing(st, r); err != nil {
			return err
		}
	}
	if err := tx.settleItem(st, r); err != nil {
		return err
	}
	return tx.settleDigest(st, r)
}

// ringFor lets a learning card call when it is due, also if one at that time has called:
// it was answered since, or can be asked again.
func (tx *Tx) ringFor(st *study, s scheduleRow) error {
	if !s.learning() || s.rests(st.today) {
		return nil
	}
	return tx.Exec(`INSERT INTO studies (user_id, deck_id, ring_at) VALUES (?, ?, ?) ON CONFLICT (user_id, deck_id)
		DO UPDATE SET rung_at = CASE WHEN studies.rung_at >= excluded.ring_at THEN excluded.ring_at - 1 ELSE studies.rung_at END`,
		st.user, st.deck, s.DueAt).Error
}

// rests reports whether the card is not asked today, whatever is due.
func (r scheduleRow) rests(today int) bool { return r.Suspended || r.BuriedOn == int64(today) }

// planRing stores when the deck's learning cards ring next, if that has changed.
func (tx *Tx) planRing(st *study, r *ringRow) error {
	next, err := nextCall(tx.DB, st, r)
	if err != nil || next == nil && r.RingAt == nil || next != nil && r.RingAt != nil && *next == *r.RingAt {
		return err
	}
	return tx.Exec(`UPDATE studies SET ring_at = ? WHERE user_id = ? AND deck_id = ?`, next, st.user, st.deck).Error
}

func (tx *Tx) settleItem(st *study, r *ringRow) error {
	item, err := tx.dueItem(st.user, dueGroup(st.deck))
	if err != nil || item == nil {
		return err
	}
	var said CardsDue
	if err := json.Unmarshal([]byte(item.Data), &said); err != nil {
		return err
	}
	n, err := countDue(tx.DB, st, r, said.Learning)
	switch {
	case err != nil:
		return err
	case n == 0:
		return tx.Recall(st.user, item.Seq)
	case n != said.Due:
		return tx.recountSoon(st.user, st.deck)
	}
	return nil
}

func (tx *Tx) settleDigest(st *study, r *ringRow) error {
	item, err := tx.dueItem(st.user, digestGroup)
	if err != nil || item == nil {
		return err
	}
	said, err := readDigest(item)
	if err != nil || !said.about(st.deck) {
		return err
	}
	n, err := countDue(tx.DB, st, r, false)
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.recountDigest(st.user, item, 0)
	}
	return tx.recountSoon(st.user, 0)
}

// recountDigest corrects a digest, but for the deck without, and withdraws it when
// nothing is due in its decks or the one that is left speaks for itself. Else it speaks
// for that one, whose own item, which was archived, goes.
func (tx *Tx) recountDigest(user int64, item *Notification, without int64) error {
	said, err := readDigest(item)
	if err != nil {
		return err
	}
	var only []int64 // nil, and so all decks, when it did not name them all
	if said.DeckCount == len(said.Decks) {
		only = []int64{}
		for _, deck := range said.Decks {
			only = append(only, deck.ID)
		}
	}
	decks, err := decksDue(tx.DB, user, tx.now, only)
	if err != nil {
		return err
	}
	left := decks[:0]
	for _, deck := range decks {
		if deck.ID != without {
			left = append(left, deck)
		}
	}
	if len(left) == 0 {
		return tx.Recall(user, item.Seq)
	}
	if len(left) == 1 {
		own, err := tx.dueItem(user, dueGroup(left[0].ID))
		if err != nil {
			return err
		}
		if own != nil && own.ArchivedAt == nil {
			return tx.Recall(user, item.Seq)
		}
		if own != nil {
			if err := tx.Recall(user, own.Seq); err != nil {
				return err
			}
		}
	}
	return tx.reword(item, digestOf(left).words(), false)
}

// settleAtOnce is how many members are settled in one change, for which others wait.
const settleAtOnce = 50

// settleMembers is settleDue for all members who are called for a deck's cards, of which
// some have gone. Where those are many, what calls them is corrected a little later.
func (tx *Tx) settleMembers(deck int64) error {
	called, err := tx.calledMembers(deck)
	if err != nil {
		return err
	}
	if len(called) > settleAtOnce {
		return tx.recountFor(called, deck)
	}
	for _, user := range called {
		st, err := studyOf(tx.DB, user, deck, tx.now)
		if err != nil {
			return err
		}
		if err := tx.settleDue(st); err != nil {
			return err
		}
	}
	return nil
}

// renameDue lets what calls for a deck be put into its new name, a little later.
func (tx *Tx) renameDue(deck int64) error {
	called, err := tx.calledMembers(deck)
	if err != nil {
		return err
	}
	return tx.recountFor(called, deck)
}

// recountFor has what calls users for a deck corrected a little later.
func (tx *Tx) recountFor(users []int64, deck int64) error {
	for _, user := range users {
		for _, item := range []int64{deck, 0} {
			if err := tx.recountSoon(user, item); err != nil {
				return err
			}
		}
	}
	return nil
}

// calledMembers are the members of a deck who have an item that may speak of it.
func (tx *Tx) calledMembers(deck int64) ([]int64, error) {
	users, err := tx.members(deck)
	if err != nil {
		return nil, err
	}
	return tx.called(deck, users)
}

// recountAllSoon has all items of a user corrected, for whom another day has begun.
func (tx *Tx) recountAllSoon(user int64) error {
	if err := tx.batch.flush(); err != nil {
		return err
	}
	var items []Notification
	if err := tx.Where(`user_id = ? AND `+openDue, user).Order("seq").Find(&items).Error; err != nil {
		return err
	}
	for _, item := range items {
		var said CardsDue // of the digest, whose deck is 0, whatever it says
		if item.GroupKey != digestGroup {
			if err := json.Unmarshal([]byte(item.Data), &said); err != nil {
				return err
			}
		}
		if err := tx.recountSoon(user, said.DeckID); err != nil {
			return err
		}
	}
	return nil
}

// called are those of the users who have an item that may speak of a deck.
func (tx *Tx) called(deck int64, users []int64) (called []int64, err error) {
	if err := tx.batch.flush(); err != nil {
		return nil, err
	}
	err = tx.Raw(`SELECT DISTINCT user_id FROM notifications WHERE user_id `+inSet+` AND group_key IN (?, ?) AND `+openDue+` ORDER BY user_id`,
		newIDSet(users), dueGroup(deck), digestGroup).Scan(&called).Error
	return called, err
}

// dropDue takes back all that calls the users for a deck that they don't have any more,
// or are about to lose.
func (tx *Tx) dropDue(deck int64, users []int64) error {
	if err := tx.dropReminders(deck, users); err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE studies SET ring_at = NULL WHERE deck_id = ? AND user_id `+inSet, deck, newIDSet(users)).Error; err != nil {
		return err
	}
	called, err := tx.called(deck, users)
	if err != nil {
		return err
	}
	for _, user := range called {
		own, err := tx.dueItem(user, dueGroup(deck))
		if err != nil {
			return err
		}
		if own != nil {
			if err := tx.Recall(user, own.Seq); err != nil {
				return err
			}
		}
		digest, err := tx.dueItem(user, digestGroup)
		if err != nil {
			return err
		}
		if digest != nil {
			if err := tx.recountDigest(user, digest, deck); err != nil {
				return err
			}
		}
	}
	return nil
}
