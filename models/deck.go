package models

import (
	"context"
	"time"
)

// LimitReached is the code of a refusal because there are as many as may be.
const LimitReached = "limit_reached"

const (
	maxDeckName        = 100
	maxDeckDescription = 2000
	// maxDecks is how many decks a user may own. Those of others don't count.
	maxDecks = 1000
)

// Roles of a deck's member. The owner may do everything, an editor everything but
// delete and share, a viewer read and study.
const (
	DeckOwner  = "owner"
	DeckEditor = "editor"
	DeckViewer = "viewer"
)

// Deck is a deck as one of its members sees it.
type Deck struct {
	ID          int64      `json:"id"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Role        string     `json:"role"`
	Counts      DeckCounts `json:"counts"`
	Members     int64      `json:"members"`
	// NextDueAt is when the next card falls due of a deck with nothing to study now.
	NextDueAt *time.Time `json:"next_due_at"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
}

// DeckCounts are a deck's cards, for one member: those that are to be studied now, and
// all of them.
type DeckCounts struct {
	New      int64 `json:"new"`      // within the day's limit
	Learning int64 `json:"learning"` // due, or soon
	Due      int64 `json:"due"`      // reviews, within the day's limit
	Total    int64 `json:"total"`
}

// DeckInput is what a deck is made from.
type DeckInput struct {
	Name        string
	Description string
}

// DeckChange says what of a deck is to change; nil leaves it.
type DeckChange struct {
	Name        *string
	Description *string
}

// deckRow is a deck in the store. Notes and Cards are counted in the transactions
// that add and take them, so that a list of decks never counts rows.
type deckRow struct {
	ID          int64
	OwnerID     int64
	Name        string
	Description string
	Notes       int64
	Cards       int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

func (deckRow) TableName() string { return "decks" }

// CreateDeck makes a deck that the user owns, on all devices of theirs.
func (db *DB) CreateDeck(ctx context.Context, user int64, in DeckInput) (Deck, error) {
	row := deckRow{OwnerID: user}
	if err := row.set(DeckChange{Name: &in.Name, Description: &in.Description}); err != nil {
		return Deck{}, err
	}
	return Do(ctx, db, func(tx *Tx) (Deck, error) {
		var owned int64
		if err := tx.Raw(`SELECT COUNT(*) FROM decks WHERE owner_id = ?`, user).Scan(&owned).Error; err != nil {
			return Deck{}, err
		}
		if owned >= maxDecks {
			return Deck{}, Errorf(LimitReached, "you own %d decks, and can't own more", owned)
		}
		row := row
		row.CreatedAt, row.UpdatedAt = tx.Now(), tx.Now()
		if err := tx.Create(&row).Error; err != nil {
			return Deck{}, err
		}
		if err := tx.addMember(row.ID, user, DeckOwner); err != nil {
			return Deck{}, err
		}
		if err := tx.Append("deck.created", row.event(), user); err != nil {
			return Deck{}, err
		}
		return deckOf(tx.DB, user, row.ID, tx.now)
	}, touchesOf(user))
}

// set takes over what is to change, checked.
func (d *deckRow) set(change DeckChange) (err error) {
	if change.Name != nil {
		if d.Name, err = cleanName("name", *change.Name, maxDeckName); err != nil {
			return err
		}
	}
	if change.Description != nil {
		if err = checkText("description", *change.Description, maxDeckDescription); err != nil {
			return err
		}
		d.Description = *change.Description
	}
	return nil
}

// UpdateDeck renames or describes a deck. All its members learn of it; a change
// that changes nothing is none.
func (db *DB) UpdateDeck(ctx context.Context, user, id int64, change DeckChange) (deck Deck, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		a, err := tx.editorOf(user, id)
		if err != nil {
			return err
		}
		row := a.Deck
		if err := row.set(change); err != nil {
			return err
		}
		if row != a.Deck {
			err := tx.Exec(`UPDATE decks SET name = ?, description = ?, updated_at = ? WHERE id = ?`, row.Name, row.Description, tx.Now(), id).Error
			if err != nil {
				return err
			}
			if err := tx.tellMembers("deck.updated", row.event(), id); err != nil {
				return err
			}
			if row.Name != a.Deck.Name {
				if err := tx.renameDue(id); err != nil {
					return err
				}
			}
		}
		deck, err = deckOf(tx.DB, user, id, tx.now)
		return err
	})
	return deck, err
}

// deckEvent is the message of deck.created, deck.updated and deck.deleted: one for
// all members, so it has nobody's role or counts.
type deckEvent struct {
	Deck deckRef `json:"deck"`
}

type deckRef struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

func (d deckRow) event() deckEvent {
	return deckEvent{deckRef{ID: d.ID, Name: d.Name, Description: d.Description}}
}
