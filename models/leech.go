package models

import (
	"encoding/json"
	"slices"
	"strings"
)

// leechTagName is what Anki calls it too.
const leechTagName = "leech"

// isLeech reports whether a lapse makes a card a leech, or reminds of it: at the
// threshold, and then after every half of it, rounded up, as in Anki.
func (p Preset) isLeech(lapses int) bool {
	return p.LeechThreshold > 0 && lapses >= p.LeechThreshold && (lapses-p.LeechThreshold)%((p.LeechThreshold+1)/2) == 0
}

// leech looks after a card that has just been answered, and gives what it did to it.
func (tx *Tx) leech(st *study, card *studyCard, before scheduleRow) (deeds int64, err error) {
	if card.Schedule.Lapses == before.Lapses || !st.preset.isLeech(card.Schedule.Lapses) {
		return 0, nil
	}
	if !card.Schedule.Leech {
		card.Schedule.Leech = true
		deeds |= deedLeech
	}
	if st.preset.LeechAction == LeechSuspend {
		card.Schedule.Suspended = true
		deeds |= deedSuspend
	}
	tagged, err := tx.tagLeech(st, card.NoteID, true)
	if tagged {
		deeds |= deedTag
	}
	return deeds, err
}

// tagLeech tags the note of a leech, or takes the tag away, and reports whether that
// changed it. Only where the deck is the user's alone: a tag is the note's, and what is
// hard for one member is not for the others, to whom the card's own mark says nothing.
func (tx *Tx) tagLeech(st *study, note int64, tag bool) (bool, error) {
	if st.role != DeckOwner {
		return false, nil
	}
	users, err := tx.members(st.deck)
	if err != nil || len(users) > 1 {
		return false, err
	}
	old, err := noteOf(tx.DB, st.user, note)
	if err != nil {
		return false, err
	}
	var tags []string
	if err := json.Unmarshal([]byte(old.Tags), &tags); err != nil {
		return false, err
	}
	isTag := func(t string) bool { return strings.EqualFold(t, leechTagName) }
	if slices.ContainsFunc(tags, isTag) == tag || tag && len(tags) >= maxTags {
		return false, nil
	}
	if tag {
		tags = append(tags, leechTagName)
	} else {
		tags = slices.DeleteFunc(tags, isTag)
	}
	rev, err := revise(old, NoteChange{Tags: &tags})
	if err != nil {
		return false, err
	}
	rev.row.UpdatedAt = tx.now
	err = tx.Exec(`UPDATE notes SET tags = ?, search = ?, updated_at = ? WHERE id = ?`, rev.row.Tags, rev.row.Search, rev.row.UpdatedAt, note).Error
	if err != nil {
		return false, err
	}
	var made NoteWithCards
	if made.Note, err = rev.row.note(); err != nil {
		return false, err
	}
	if made.Cards, err = cardsOf(tx.DB, note); err != nil {
		return false, err
	}
	event := cardEvent{Deck: cardEventDeck{ID: st.deck, Name: st.name}, Note: made.Note, Cards: made.Cards}
	return true, tx.Append(string(noteUpdated), event.fit(), st.user)
}
