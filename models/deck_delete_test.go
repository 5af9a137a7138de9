package models_test

import (
	"testing"

	"aoki/models"
)

// fill puts notes of two cards each into ann's deck, all of them studied by ann and bob.
func (s *shelf) fill(notes int) {
	s.t.Helper()
	for _, sql := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO notes (deck_id, type, fields, created_at, updated_at) SELECT d.id, 'reversed', '{"Front":"f","Back":"b"}', d.created_at, d.created_at FROM n, decks d WHERE d.id = ?`,
		`INSERT INTO cards (note_id, deck_id, ord, created_at) SELECT n.id, n.deck_id, o.i, n.created_at FROM notes n, (SELECT 0 AS i UNION ALL SELECT 1) o WHERE n.id > 0 * ? AND n.deck_id = ?`,
		`INSERT INTO schedules (card_id, user_id, deck_id) SELECT c.id, m.user_id, c.deck_id FROM cards c JOIN deck_members m ON m.deck_id = c.deck_id WHERE c.id > 0 * ? AND c.deck_id = ?`,
		`UPDATE decks SET cards = 2 * ? WHERE id = ?`,
	} {
		if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Exec(sql, notes, s.deck).Error }); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *shelf) expectNoDeck(when string) {
	s.t.Helper()
	for _, table := range []string{"decks", "deck_members", "notes", "cards", "schedules", "studies"} {
		if n := s.rows(table); n != 0 {
			s.t.Errorf("%s: %d %s are left", when, n, table)
		}
	}
}

// A large deck is gone at once, but not in one change, for which everybody would wait.
func TestALargeDeckGoesInSteps(t *testing.T) {
	s := newShelf(t)
	s.fill(1200)
	before := s.rows("cards")
	if err := s.HideDeck(s.ann, s.deck); err != nil {
		t.Fatal(err)
	}
	s.expectNews("hidden", "deck.deleted", "deck.deleted", "deck.deleted", "")
	_, err := s.GetDeck(ctx, s.ann, s.deck)
	code(t, err, models.NotFound)
	if gone := before - s.rows("cards"); gone != 0 {
		t.Errorf("%d cards went with the deck", gone)
	}
	steps := 0
	for more := true; more; steps++ {
		before := s.rows("cards") + s.rows("notes")
		more = ok[bool](t)(s.RemoveSome(s.deck))
		if gone := before - s.rows("cards") - s.rows("notes"); gone > 1000 {
			t.Errorf("%d went at once", gone)
		}
	}
	if s.expectNoDeck("in steps"); steps < 5 {
		t.Errorf("only %d steps", steps)
	}
}

func TestDecksOfEverySizeAreDeleted(t *testing.T) {
	for _, notes := range []int{0, 1, 249, 250, 251, 499, 500, 501, 1000} {
		s := newShelf(t)
		s.fill(notes)
		if err := s.DeleteDeck(ctx, s.ann, s.deck); err != nil {
			t.Fatal(err)
		}
		s.expectNoDeck("deleted")
	}
}

// What a deletion left that was cut off goes later; decks that somebody has stay.
func TestTheRestOfADeckIsSweptAway(t *testing.T) {
	s := newShelf(t)
	s.fill(600)
	if err := s.HideDeck(s.ann, s.deck); err != nil {
		t.Fatal(err)
	}
	kept := ok[models.Deck](t)(s.CreateDeck(ctx, s.bob, models.DeckInput{Name: "Welsh"})).ID
	ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.bob, kept, basic("one")))
	if err := s.SweepDecks(ctx); err != nil {
		t.Fatal(err)
	}
	if s.rows("decks") != 1 || s.rows("notes") != 1 || s.rows("cards") != 1 {
		t.Error(s.rows("decks"), s.rows("notes"), s.rows("cards"))
	}
	if deck := ok[models.Deck](t)(s.GetDeck(ctx, s.bob, kept)); deck.Counts.Total != 1 {
		t.Errorf("%+v", deck)
	}
}
