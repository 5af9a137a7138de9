package models

import "context"

// access is a deck with what a certain member is in it.
type access struct {
	Deck     deckRow `gorm:"embedded"`
	Role     string
	Username string // the member's
}

// memberOf finds a deck of a user. Somebody else's is as little there as none.
func (tx *Tx) memberOf(user, deck int64) (access, error) {
	var a access
	err := tx.Raw(`SELECT d.*, m.role, u.username FROM deck_members m
		JOIN decks d ON d.id = m.deck_id JOIN users u ON u.id = m.user_id
		WHERE m.user_id = ? AND m.deck_id = ?`, user, deck).Scan(&a).Error
	if err == nil && a.Deck.ID == 0 {
		err = noDeck()
	}
	return a, err
}

// editorOf is memberOf for who wants to change the deck's contents.
func (tx *Tx) editorOf(user, deck int64) (access, error) {
	a, err := tx.memberOf(user, deck)
	if err == nil && a.Role == DeckViewer {
		err = Errorf(Forbidden, "you can only read this deck")
	}
	return a, err
}

// ownerOf is memberOf for what is the owner's alone.
func (tx *Tx) ownerOf(user, deck int64) (access, error) {
	a, err := tx.memberOf(user, deck)
	if err == nil && a.Role != DeckOwner {
		err = Errorf(Forbidden, "only the deck's owner may do this")
	}
	return a, err
}

// checkMember refuses who has no such deck.
func (db *DB) checkMember(ctx context.Context, user, deck int64) error {
	var role string
	err := db.Read(ctx).Raw(`SELECT role FROM deck_members WHERE user_id = ? AND deck_id = ?`, user, deck).Scan(&role).Error
	if err == nil && role == "" {
		err = noDeck()
	}
	return err
}

func noDeck() error { return Errorf(NotFound, "there is no such deck") }
