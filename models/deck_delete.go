package models

import (
	"context"
	"fmt"
)

// removeAtOnce is how many cards of a deck, and how many notes, are deleted in one
// change: others wait for it.
const removeAtOnce = 500

// DeleteDeck deletes a deck with its notes and cards, for all its members. It is gone
// for them in one change; a large deck's contents, which nobody sees any more, go after
// that in small steps, the last of them with the next [DB.SweepDecks] at the latest.
func (db *DB) DeleteDeck(ctx context.Context, user, id int64) error {
	more := false
	err := db.Write(ctx, func(tx *Tx) error {
		deck, err := tx.hideDeck(user, id)
		if more = deck.Cards >= removeAtOnce || deck.Notes >= removeAtOnce; more || err != nil {
			return err
		}
		more, err = tx.removeSome(id)
		return err
	})
	if err != nil || !more {
		return err
	}
	// That it is deleted stands, also when nobody waits for the rest.
	if err := db.removeDeck(context.WithoutCancel(ctx), id); err != nil {
		db.log.Warn("what is left of a deck goes later", "err", fmt.Sprint(err))
	}
	return nil
}

// hideDeck takes a deck from all its members, and tells them.
func (tx *Tx) hideDeck(user, id int64) (deckRow, error) {
	a, err := tx.ownerOf(user, id)
	if err != nil {
		return a.Deck, err
	}
	users, err := tx.members(id)
	if err != nil {
		return a.Deck, err
	}
	if err := tx.Append("deck.deleted", a.Deck.event(), users...); err != nil {
		return a.Deck, err
	}
	if err := tx.dropDue(id, users); err != nil {
		return a.Deck, err
	}
	return a.Deck, tx.Exec(`DELETE FROM deck_members WHERE deck_id = ?`, id).Error
}

// SweepDecks deletes what is left of decks whose deletion was cut off: those that nobody
// has, not even their owner.
func (db *DB) SweepDecks(ctx context.Context) error {
	var decks []int64
	err := db.Read(ctx).Raw(`SELECT d.id FROM decks d WHERE NOT EXISTS (SELECT 1 FROM deck_members m WHERE m.deck_id = d.id) ORDER BY d.id`).Scan(&decks).Error
	if err != nil {
		return err
	}
	for _, id := range decks {
		if err := db.removeDeck(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// removeDeck deletes a deck that nobody has, step by step.
func (db *DB) removeDeck(ctx context.Context, id int64) error {
	for more := true; more; {
		err := db.Write(ctx, func(tx *Tx) (err error) {
			more, err = tx.removeSome(id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// removeSome deletes some cards of a deck that nobody has; when none are left, some notes;
// and in the end the deck. In this order no row is looked for by a foreign key that still
// has some. It reports whether there may be more.
func (tx *Tx) removeSome(id int64) (more bool, err error) {
	for _, table := range []string{"cards", "notes"} {
		gone := tx.Exec(`DELETE FROM `+table+` WHERE id IN (SELECT id FROM `+table+` WHERE deck_id = ? ORDER BY id LIMIT ?)`, id, removeAtOnce)
		if gone.Error != nil || gone.RowsAffected == removeAtOnce {
			return true, gone.Error
		}
	}
	return false, tx.Exec(`DELETE FROM decks WHERE id = ?`, id).Error
}
