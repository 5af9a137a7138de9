package models

import (
	"encoding/json"
	"fmt"
	"slices"
)

// noteNews is what happened to a note, as its event is called.
type noteNews string

const (
	noteAdded   noteNews = "card.created"
	noteUpdated noteNews = "card.updated"
	noteDeleted noteNews = "card.deleted"
)

// cardEvent is the message of card.created, card.updated and card.deleted: a note
// and its cards, as they are now (of a deleted one: as they were).
type cardEvent struct {
	Deck  cardEventDeck `json:"deck"`
	Note  Note          `json:"note"`
	Cards []CardRef     `json:"cards"`
	// Truncated says that the note's fields are cut: the event has no room for the
	// whole note, which is there to be loaded.
	Truncated bool `json:"truncated,omitempty"`
}

type cardEventDeck struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

const (
	// largeNote is from how many bytes on a note may not fit into an event: in JSON
	// a byte becomes six at most.
	largeNote = maxMessage/6 - 1024
	// truncatedField is how many characters of each field a truncated event has.
	truncatedField = 2000
)

// fit cuts the note when it is too large for an event.
func (e cardEvent) fit() cardEvent {
	size := 0
	for _, text := range e.Note.Fields {
		size += len(text)
	}
	for _, tag := range e.Note.Tags {
		size += len(tag)
	}
	if size < largeNote {
		return e
	}
	if _, err := encode(e); err == nil {
		return e
	}
	fields := map[string]string{}
	for name, text := range e.Note.Fields {
		fields[name] = shorten(text, truncatedField)
	}
	e.Note.Fields, e.Truncated = fields, true
	return e
}

// tell logs what happened to a note for all who have its deck, and puts it into
// their inboxes. Who did it knows of an edit already; a new card is news on their
// other devices too.
func (tx *Tx) tell(a access, what noteNews, n NoteWithCards, headline string, user int64) error {
	users, err := tx.members(a.Deck.ID)
	if err != nil {
		return err
	}
	event := cardEvent{Deck: cardEventDeck{ID: a.Deck.ID, Name: a.Deck.Name}, Note: n.Note, Cards: n.Cards}
	if err := tx.Append(string(what), event.fit(), users...); err != nil {
		return err
	}
	if what != noteAdded {
		users = slices.DeleteFunc(users, func(id int64) bool { return id == user })
	}
	if len(users) == 0 {
		return nil
	}
	return tx.Notify(changedNotice(a, what, n.Note.ID, headline), users...)
}

// DeckChanged is the data of a deck.changed: all that happened to the notes of one
// deck while the item was unread, for an hour at most.
type DeckChanged struct {
	DeckID  int64    `json:"deck_id"`
	Deck    string   `json:"deck"`
	Added   int      `json:"added"`
	Updated int      `json:"updated"`
	Deleted int      `json:"deleted"`
	By      []string `json:"by"`      // who did it, at most maxAuthors of them
	NoteID  int64    `json:"note_id"` // the newest
}

const maxAuthors = 10

func changedNotice(a access, what noteNews, note int64, headline string) Notice {
	now := DeckChanged{DeckID: a.Deck.ID, Deck: a.Deck.Name, By: []string{a.Username}, NoteID: note}
	switch what {
	case noteAdded:
		now.Added = 1
	case noteUpdated:
		now.Updated = 1
	case noteDeleted:
		now.Deleted = 1
	}
	return Notice{
		Kind:     "deck.changed",
		GroupKey: fmt.Sprintf("deck:%d", a.Deck.ID),
		Title:    now.title(),
		Body:     headline,
		Link:     deckLink(a.Deck.ID),
		Data:     now,
		Merge: func(old json.RawMessage) (string, string, any, error) {
			var before DeckChanged
			if err := json.Unmarshal(old, &before); err != nil {
				return "", "", nil, err
			}
			all := now.after(before)
			return all.title(), headline, all, nil
		},
	}
}

// after is d with what happened before it.
func (d DeckChanged) after(before DeckChanged) DeckChanged {
	d.Added += before.Added
	d.Updated += before.Updated
	d.Deleted += before.Deleted
	for _, name := range d.By {
		if !slices.Contains(before.By, name) && len(before.By) < maxAuthors {
			before.By = append(before.By, name)
		}
	}
	d.By = before.By
	return d
}

// title says it in English, for programs; the web app has its own words.
func (d DeckChanged) title() string {
	n := d.Added + d.Updated + d.Deleted
	what, one := "changes", "Change"
	switch n {
	case d.Added:
		what, one = "new cards", "New card"
	case d.Updated:
		what, one = "cards changed", "Card changed"
	case d.Deleted:
		what, one = "cards deleted", "Card deleted"
	}
	if n == 1 {
		return one + " in " + d.Deck
	}
	return fmt.Sprintf("%d %s in %s", n, what, d.Deck)
}
