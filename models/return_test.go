package models_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"aoki/models"
)

// Who leaves a deck in which cards are being learnt, and gets it again, is called for them.
func TestWhoComesBackToADeckIsCalledAgain(t *testing.T) {
	d := newDesk(t)
	bob := d.Account(d.accounts, "bob", models.RoleUser).ID
	deck := ok[models.Deck](t)(d.CreateDeck(ctx, bob, models.DeckInput{Name: "Welsh"})).ID
	d.decks["Welsh"] = deck
	ok[models.Member](t)(d.PutMember(ctx, bob, deck, "ann", models.DeckEditor))
	cards := d.cards("Welsh", 2)
	d.answer(cards[0], 3)
	if err := d.RemoveMember(ctx, bob, deck, "ann"); err != nil {
		t.Fatal(err)
	}
	d.pass(9 * time.Minute)
	ok[models.Member](t)(d.PutMember(ctx, bob, deck, "ann", models.DeckViewer))
	d.pass(time.Minute - time.Second)
	d.hears("not yet")
	d.pass(time.Second)
	d.hears("at its time", "+ 1 card due in Welsh")
	if err := d.RemoveMember(ctx, bob, deck, "ann"); err != nil {
		t.Fatal(err)
	}
	d.hears("gone", "-")
}

// In another time zone another day may be today's: what is not due any more does not call.
func TestAnotherTimeZoneCorrectsWhatCalls(t *testing.T) {
	d := newDesk(t, "Spanish", "French", "Greek")
	d.remind(models.ReminderInput{DeckID: ptr(d.decks["Spanish"]), At: "13:00"})
	d.remind(models.ReminderInput{At: "13:30"})
	d.review("Spanish", hours(0, 14)...)
	d.review("French", hours(14)...)
	d.pass(time.Hour)
	d.hears("one deck", "+ 2 cards due in Spanish")
	d.pass(30 * time.Minute)
	d.hears("all", "+ 3 cards due in 2 decks")
	d.profile(models.ProfileChange{TimeZone: ptr("Pacific/Kiritimati")})
	d.pass(time.Minute)
	d.hears("it is past midnight there, and the day has not begun", "-", "~ 1 card due in Spanish")
}

// An undo brings back all that was, over several steps: also the rest of a sibling that
// was answered in spite of it.
func TestUndoneStepByStepASiblingIsDugUp(t *testing.T) {
	s := newShelf(t)
	ok[models.Preset](t)(s.UpdatePreset(ctx, s.ann, s.deck, models.PresetChange{"bury_siblings": json.RawMessage("true")}))
	note := ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, models.NoteInput{Type: "reversed", Fields: fields{"Front": "f", "Back": "b"}}))
	var reviews []int64
	for _, card := range note.Cards {
		reviews = append(reviews, ok[models.Reviewed](t)(s.AnswerCard(ctx, s.ann, card.ID, models.ReviewInput{Rating: 3})).Review.ID)
	}
	rests := func(when string, want ...bool) {
		t.Helper()
		for i, card := range note.Cards {
			if got := ok[models.Card](t)(s.GetCard(ctx, s.ann, card.ID)).Buried; got != want[i] {
				t.Errorf("%s: card %d rests: %v", when, i, got)
			}
		}
	}
	rests("both answered", false, false)
	code(t, s.UndoReview(ctx, s.ann, reviews[1]), "")
	rests("the second undone", false, true)
	code(t, s.UndoReview(ctx, s.ann, reviews[0]), "")
	rests("the first undone", false, false)
}

// What is buried is not waited for.
func TestABuriedLearningCardIsNotNext(t *testing.T) {
	d := newDesk(t, "Spanish")
	cards := d.learn("Spanish", hours(1, 2)...)
	ok[models.Card](t)(d.UpdateCard(ctx, d.ann, cards[0], models.CardChange{Buried: ptr(true)}))
	q := ok[models.Queue](t)(d.GetQueue(ctx, d.ann, d.decks["Spanish"], 10))
	if want := d.Clock.Now().Add(2 * time.Hour); q.NextDueAt == nil || !q.NextDueAt.Equal(want) {
		t.Errorf("next at %v, want %v", q.NextDueAt, want)
	}
}

// Who deletes a card that was just answered can still undo what came before; what came
// before an answer that stands is refused.
func TestAnAnswerToACardThatIsGoneIsNoLastOne(t *testing.T) {
	s := newShelf(t)
	var reviews []int64
	var notes []models.NoteWithCards
	for _, front := range []string{"one", "two", "three"} {
		note := s.add(s.ann, front)
		notes = append(notes, note)
		reviews = append(reviews, ok[models.Reviewed](t)(s.AnswerCard(ctx, s.ann, note.Cards[0].ID, models.ReviewInput{Rating: 3})).Review.ID)
	}
	code(t, s.DeleteNote(ctx, s.ann, notes[2].Note.ID), "")
	code(t, s.UndoReview(ctx, s.ann, reviews[2]), models.NotFound)
	code(t, s.UndoReview(ctx, s.ann, reviews[0]), models.NotLastReview)
	code(t, s.UndoReview(ctx, s.ann, reviews[1]), "")
	code(t, s.UndoReview(ctx, s.ann, reviews[1]), models.NotFound)
	code(t, s.UndoReview(ctx, s.ann, reviews[0]), "")
	if card := ok[models.Card](t)(s.GetCard(ctx, s.ann, notes[0].Cards[0].ID)); card.Reps != 0 || card.State != 0 {
		t.Errorf("%+v", card)
	}
}

// A card of a deck for which very many are called goes without all of them waiting for
// each other: what calls them is taken back a little later.
func TestACardOfManyGoes(t *testing.T) {
	for _, c := range []struct{ members, now, later int }{{49, 0, 0}, {50, 51, 0}} {
		d := newDesk(t, "Spanish")
		card := d.learn("Spanish", 0)[0]
		for i := range c.members {
			user := d.User(fmt.Sprint("member", i))
			ok[models.Member](t)(d.PutMember(ctx, d.ann, d.decks["Spanish"], fmt.Sprint("member", i), models.DeckViewer))
			d.exec(`INSERT INTO schedules (card_id, user_id, deck_id, state, steps_left, stability, difficulty, due_at, last_review_at, reps)
				SELECT card_id, ?, deck_id, state, steps_left, stability, difficulty, due_at, last_review_at, reps FROM schedules WHERE user_id = ?`, user, d.ann)
			d.exec(`INSERT INTO studies (user_id, deck_id, ring_at) SELECT ?, deck_id, ring_at FROM studies WHERE user_id = ?`, user, d.ann)
		}
		open := func() (n int) {
			t.Helper()
			if err := d.Read(ctx).Raw(`SELECT COUNT(*) FROM notifications WHERE kind = 'cards.due' AND recalled_at IS NULL`).Row().Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		d.ring()
		if n := open(); n != c.members+1 {
			t.Fatal(n)
		}
		note := ok[models.Card](t)(d.GetCard(ctx, d.ann, card)).NoteID
		code(t, d.DeleteNote(ctx, d.ann, note), "")
		if n := open(); n != c.now {
			t.Errorf("%d members: %d are called", c.members, n)
		}
		d.pass(15 * time.Second)
		if n := open(); n != c.later {
			t.Errorf("%d members, later: %d are called", c.members, n)
		}
	}
}
