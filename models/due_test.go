package models_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"aoki/models"
)

func TestALearningCardCallsWhenItIsDue(t *testing.T) {
	d := newDesk(t, "Spanish")
	card := d.cards("Spanish", 1)[0]
	d.answer(card, 3) // due in ten minutes
	d.pass(10*time.Minute - time.Microsecond)
	d.hears("before it is due")
	d.pass(time.Microsecond)
	d.hears("when it is due", "+ 1 card due in Spanish")
	item := d.inbox()[0]
	if want := fmt.Sprintf(`{"deck_id":%d,"deck":"Spanish","due":1,"learning":true}`, d.decks["Spanish"]); item.Data != want || item.Link != fmt.Sprintf("/decks/%d/study", d.decks["Spanish"]) {
		t.Errorf("data %s, want %s; link %s", item.Data, want, item.Link)
	}
	d.pass(24 * time.Hour)
	d.hears("a day later") // it calls once
	d.answer(card, 3)
	d.hears("answered", "-")
	d.pass(24 * time.Hour)
	d.hears("a review does not ring")
}

func TestWhatWithdrawsACall(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(d *desk, card int64) error
		heard []string
	}{
		{"answered Good", func(d *desk, card int64) error { d.answer(card, 3); return nil }, []string{"-"}},
		{"answered Again", func(d *desk, card int64) error { d.answer(card, 1); return nil }, []string{"-"}},
		{"suspended", func(d *desk, card int64) error {
			_, err := d.UpdateCard(ctx, d.ann, card, models.CardChange{Suspended: ptr(true)})
			return err
		}, []string{"-"}},
		{"buried", func(d *desk, card int64) error {
			_, err := d.UpdateCard(ctx, d.ann, card, models.CardChange{Buried: ptr(true)})
			return err
		}, []string{"-"}},
		{"flagged", func(d *desk, card int64) error {
			_, err := d.UpdateCard(ctx, d.ann, card, models.CardChange{Flag: ptr(int64(2))})
			return err
		}, nil},
		{"its answer undone", func(d *desk, card int64) error {
			list, _, err := d.ListReviews(ctx, d.ann, card, 0, 10)
			if err != nil {
				return err
			}
			return d.UndoReview(ctx, d.ann, list[0].ID)
		}, []string{"-"}},
		{"its note deleted", func(d *desk, card int64) error {
			return d.DeleteNote(ctx, d.ann, ok[models.Card](d.t)(d.GetCard(ctx, d.ann, card)).NoteID)
		}, []string{"-"}},
		{"its note changed", func(d *desk, card int64) error {
			_, err := d.UpdateNote(ctx, d.ann, ok[models.Card](d.t)(d.GetCard(ctx, d.ann, card)).NoteID, models.NoteChange{Fields: fields{"Front": "x"}})
			return err
		}, nil},
		{"its deck deleted", func(d *desk, _ int64) error { return d.DeleteDeck(ctx, d.ann, d.decks["Spanish"]) }, []string{"-"}},
		{"a preset without reviews", func(d *desk, _ int64) error {
			_, err := d.UpdatePreset(ctx, d.ann, d.decks["Spanish"], models.PresetChange{"reviews_per_day": json.RawMessage("0")})
			return err
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, "Spanish")
			card := d.cards("Spanish", 1)[0]
			d.answer(card, 3)
			d.pass(10 * time.Minute)
			d.hears("due", "+ 1 card due in Spanish")
			if err := c.do(d, card); err != nil {
				t.Fatal(err)
			}
			d.hears("at once", c.heard...)
			d.pass(50 * time.Second)
			d.hears("later")
		})
	}
}

func TestAClozeThatIsGoneWithdraws(t *testing.T) {
	d := newDesk(t, "Spanish")
	note := ok[models.NoteWithCards](t)(d.CreateNote(ctx, d.ann, d.decks["Spanish"], models.NoteInput{Type: "cloze", Fields: fields{"Text": "{{c1::a}} {{c2::b}}"}}))
	d.answer(note.Cards[1].ID, 3)
	d.pass(10 * time.Minute)
	d.hears("due", "+ 1 card due in Spanish")
	ok[models.NoteWithCards](t)(d.UpdateNote(ctx, d.ann, note.Note.ID, models.NoteChange{Fields: fields{"Text": "{{c1::a}} b"}}))
	d.hears("the card is gone", "-")
}

func TestAThousandCardsAreOneEvent(t *testing.T) {
	d := newDesk(t, "Spanish")
	d.cards("Spanish", 1)
	due := make([]time.Duration, 1000)
	for i := range due {
		due[i] = 10*time.Minute + time.Duration(i)*59*time.Second/1000
	}
	cards := d.learn("Spanish", due...)
	d.pass(time.Hour)
	d.hears("all of a minute", "+ 1000 cards due in Spanish")
	for _, card := range cards[:300] {
		d.answer(card, 4)
	}
	d.hears("the number may be behind")
	d.pass(15 * time.Second)
	d.hears("and is corrected", "~ 700 cards due in Spanish")
	for _, card := range cards[300:] {
		d.answer(card, 4)
	}
	d.hears("the last is answered", "-")
	d.pass(time.Minute)
	d.hears("later")
}

func TestUpdatedInPlaceOrAnew(t *testing.T) {
	all := models.Mark{UpTo: fmt.Sprintf("1-%d", 1<<40)}
	with := func(change func(m *models.Mark)) models.Mark { m := all; change(&m); return m }
	for _, c := range []struct {
		name    string
		mark    *models.Mark
		second  time.Duration // after the first
		heard   []string
		unread  int64
		another bool // there is a new id
	}{
		{"as it was", nil, 10 * time.Minute, []string{"! 2 cards due in Spanish"}, 1, false},
		{"seen", ptr(with(func(m *models.Mark) { m.Seen = true })), 10 * time.Minute, []string{"! 2 cards due in Spanish"}, 1, false},
		{"read", ptr(with(func(m *models.Mark) { m.Read = ptr(true) })), 10 * time.Minute, []string{"! 2 cards due in Spanish"}, 1, false},
		{"archived", ptr(with(func(m *models.Mark) { m.Archived = ptr(true) })), 10 * time.Minute, []string{"-", "+ 2 cards due in Spanish"}, 1, true},
		{"within an hour", nil, time.Hour - time.Second, []string{"! 2 cards due in Spanish"}, 1, false},
		{"an hour later", nil, time.Hour, []string{"-", "+ 2 cards due in Spanish"}, 1, true},
		{"read, an hour later", ptr(with(func(m *models.Mark) { m.Read = ptr(true) })), time.Hour, []string{"-", "+ 2 cards due in Spanish"}, 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, "Spanish")
			d.learn("Spanish", 5*time.Minute, 5*time.Minute+c.second)
			d.pass(5 * time.Minute)
			d.hears("the first", "+ 1 card due in Spanish")
			first := d.inbox()[0]
			if c.mark != nil {
				d.mark(*c.mark)
			}
			d.pass(c.second - time.Second)
			d.hears("before the second")
			d.pass(time.Second)
			d.hears("the second", c.heard...)
			items := d.inbox()
			if len(items) != 1 || (items[0].ID() != first.ID()) != c.another || items[0].SeenAt != nil || items[0].ReadAt != nil || !items[0].UpdatedAt.Equal(d.Clock.Now()) {
				t.Errorf("%+v after %+v", items, first)
			}
			if head := ok[models.Head](t)(d.Head(ctx, d.ann)); head.Counts != (models.Counts{Unread: c.unread, Unseen: c.unread}) {
				t.Errorf("%+v", head.Counts)
			}
		})
	}
}

func TestWhatFallsDueWithinAMinuteRingsTogether(t *testing.T) {
	d := newDesk(t, "Spanish")
	cards := d.learn("Spanish", 5*time.Minute, 6*time.Minute, 6*time.Minute+time.Microsecond, 20*time.Minute)
	d.pass(5 * time.Minute)
	d.hears("the first, and what follows", "+ 2 cards due in Spanish")
	d.pass(time.Minute)
	d.hears("the second has rung")
	d.pass(time.Microsecond)
	d.hears("the third has not", "! 3 cards due in Spanish")
	d.answer(cards[0], 4)
	d.answer(cards[1], 4)
	d.answer(cards[2], 4)
	d.hears("all answered", "-")
	d.pass(14 * time.Minute)
	d.hears("the fourth", "+ 1 card due in Spanish")
}

// What called a little ahead of its time is called for until it is answered.
func TestWhatCalledAheadStaysCalledFor(t *testing.T) {
	d := newDesk(t, "Spanish")
	cards := d.learn("Spanish", 5*time.Minute, 5*time.Minute+50*time.Second)
	d.pass(5 * time.Minute)
	d.hears("both", "+ 2 cards due in Spanish")
	d.answer(cards[0], 4)
	d.hears("one is left")
	d.pass(15 * time.Second)
	d.hears("corrected", "~ 1 card due in Spanish")
	d.answer(cards[1], 4)
	d.hears("none is", "-")
}

func TestShortStepsCallAgain(t *testing.T) {
	d := newDesk(t, "Spanish")
	ok[models.Preset](t)(d.UpdatePreset(ctx, d.ann, d.decks["Spanish"], models.PresetChange{"steps": json.RawMessage("[20,40]")}))
	card := d.cards("Spanish", 1)[0]
	d.answer(card, 1)
	d.pass(20 * time.Second)
	d.hears("the first step", "+ 1 card due in Spanish")
	d.answer(card, 1)
	d.hears("answered", "-")
	d.pass(20 * time.Second)
	d.hears("the first step again, within the minute of the ring", "+ 1 card due in Spanish")
	d.answer(card, 3)
	d.pass(40 * time.Second)
	d.hears("the second", "-", "+ 1 card due in Spanish")
}

// An answer that was given offline may make a card that is due already.
func TestAnAnswerOfThePastCallsAtOnce(t *testing.T) {
	d := newDesk(t, "Spanish")
	cards := d.cards("Spanish", 2)
	for i, card := range cards {
		at := d.Clock.Now().Add(-30 * time.Minute)
		ok[models.Reviewed](t)(d.AnswerCard(ctx, d.ann, card, models.ReviewInput{Rating: 3, AnsweredAt: &at}))
		d.ring()
		d.hears(fmt.Sprint("card ", i), []string{"+ 1 card due in Spanish", "! 2 cards due in Spanish"}[i])
	}
}

func TestAnUndoneAnswerCallsAgain(t *testing.T) {
	d := newDesk(t, "Spanish")
	card := d.cards("Spanish", 1)[0]
	d.answer(card, 3)
	d.pass(5 * time.Minute)
	early := d.answer(card, 3) // ahead of its time: a review now
	if err := d.UndoReview(ctx, d.ann, early.Review.ID); err != nil {
		t.Fatal(err)
	}
	d.pass(5*time.Minute - time.Second)
	d.hears("not yet")
	d.pass(time.Second)
	d.hears("due as before", "+ 1 card due in Spanish")
	late := d.answer(card, 3)
	d.hears("answered", "-")
	if err := d.UndoReview(ctx, d.ann, late.Review.ID); err != nil {
		t.Fatal(err)
	}
	d.ring()
	d.hears("due again", "+ 1 card due in Spanish")
}

func TestWhileStudyingNothingRings(t *testing.T) {
	d := newDesk(t, "Spanish", "French")
	spanish := d.decks["Spanish"]
	d.learn("Spanish", 5*time.Minute, 20*time.Minute)
	d.learn("French", 5*time.Minute)
	d.pass(4*time.Minute + 30*time.Second)
	studying := func(on bool) {
		t.Helper()
		if err := d.SetStudying(ctx, d.ann, spanish, on); err != nil {
			t.Fatal(err)
		}
	}
	studying(true)
	d.pass(30 * time.Second)
	d.hears("another deck rings", "+ 1 card due in French")
	studying(true)
	d.pass(59 * time.Second)
	d.hears("prolonged")
	d.pass(time.Second)
	d.hears("it ends by itself", "+ 1 card due in Spanish")
	studying(true)
	studying(false)
	d.ring()
	d.hears("what has rung does not again")

	d.pass(13*time.Minute + 30*time.Second)
	studying(true)
	d.pass(45 * time.Second)
	d.hears("due while studying")
	studying(false)
	d.ring()
	d.hears("it was ended", "! 2 cards due in Spanish")
	code(t, d.SetStudying(ctx, d.ann, 999, true), models.NotFound)
	code(t, d.SetStudying(ctx, d.User("bob"), spanish, true), models.NotFound)
}

func TestMembersAreCalledForThemselves(t *testing.T) {
	d := newDesk(t, "Spanish")
	bob := d.Account(d.accounts, "bob", models.RoleUser).ID
	ok[models.Member](t)(d.PutMember(ctx, d.ann, d.decks["Spanish"], "bob", models.DeckEditor))
	card := d.cards("Spanish", 1)[0]
	d.answer(card, 3)
	before := len(d.Log(bob))
	d.pass(10 * time.Minute)
	d.hears("ann", "+ 1 card due in Spanish")
	if log := d.Log(bob); len(log) != before {
		t.Errorf("bob heard %s", log[before].Name)
	}
	if err := d.DeleteNote(ctx, bob, ok[models.Card](t)(d.GetCard(ctx, d.ann, card)).NoteID); err != nil {
		t.Fatal(err)
	}
	d.hears("another member deleted it", "-")
}

func TestWhoIsDisabledIsNotCalled(t *testing.T) {
	d := newDesk(t, "Spanish")
	d.learn("Spanish", 5*time.Minute)
	d.review("Spanish", -time.Hour)
	d.remind(models.ReminderInput{At: "12:05"})
	ok[models.User](t)(d.accounts.UpdateUser(ctx, 0, 0, d.ann, models.UserChange{Disabled: ptr(true)}))
	d.pass(time.Hour)
	d.hears("disabled")
	ok[models.User](t)(d.accounts.UpdateUser(ctx, 0, 0, d.ann, models.UserChange{Disabled: ptr(false)}))
	d.ring()
	d.hears("what was due meanwhile is over")
	d.pass(23*time.Hour + 5*time.Minute)
	d.hears("the next day", "+ 2 cards due in Spanish")
	if err := d.accounts.DeleteUser(ctx, 0, d.ann); err != nil {
		t.Fatal(err)
	}
	if next := ok[time.Time](t)(d.RingDue(ctx)); !next.IsZero() {
		t.Errorf("something of a deleted user is due at %s", next)
	}
}
