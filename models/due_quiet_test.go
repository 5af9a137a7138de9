package models_test

import (
	"fmt"
	"testing"
	"time"

	"aoki/models"
)

func TestQuietHoursPutCallsOff(t *testing.T) {
	d := newDesk(t, "Spanish", "French")
	d.profile(models.ProfileChange{Preferences: prefs(`{"quiet":{"on":true,"from":"22:00","to":"07:00"}}`)})
	d.learn("Spanish", hours(9, 10, 10.5, 18)...) // 21:00, 22:00, 22:30, 06:00
	d.review("French", hours(0)...)
	d.remind(models.ReminderInput{At: "23:00"})
	d.remind(models.ReminderInput{DeckID: ptr(d.decks["Spanish"]), At: "23:30"})
	d.pass(9 * time.Hour)
	d.hears("in the evening", "+ 1 card due in Spanish")
	d.pass(10*time.Hour - time.Second)
	d.hears("in the night")
	d.pass(time.Second)
	d.hears("in the morning, once", "+ 5 cards due in 2 decks", "-", "+ 4 cards due in Spanish")
	d.pass(time.Hour)
	d.hears("later")
}

func TestWhatWasAnsweredInTheNightDoesNotCallInTheMorning(t *testing.T) {
	d := newDesk(t, "Spanish")
	d.profile(models.ProfileChange{Preferences: prefs(`{"quiet":{"on":true}}`)})
	cards := d.learn("Spanish", hours(11)...)
	d.pass(12 * time.Hour)
	d.answer(cards[0], 4)
	d.pass(12 * time.Hour)
	d.hears("nothing is due")
}

// What waits for the end of the quiet hours follows them; what was snoozed does not.
func TestQuietHoursThatChangeLetGoOfWhatTheyHeld(t *testing.T) {
	for quiet, wait := range map[string]time.Duration{`{"on":false}`: 0, `{"on":true,"to":"06:00"}`: 6 * time.Hour, `{"on":true,"from":"23:00"}`: 7 * time.Hour} {
		d := newDesk(t, "Spanish", "French", "Greek")
		d.profile(models.ProfileChange{Preferences: prefs(`{"quiet":{"on":true}}`)}) // 22:00 to 07:00
		d.learn("Greek", hours(1)...)
		d.pass(2 * time.Hour)
		d.hears("at noon", "+ 1 card due in Greek")
		ok[time.Time](t)(d.Snooze(ctx, d.ann, d.inbox()[0].ID(), 24*60))
		d.learn("Spanish", hours(9)...)
		d.pass(10 * time.Hour)
		d.hears("at midnight")
		d.profile(models.ProfileChange{Preferences: prefs(`{"quiet":` + quiet + `}`)})
		if wait > 0 {
			d.pass(wait - time.Second)
			d.hears("not yet: " + quiet)
			d.pass(time.Second)
		}
		d.ring()
		d.hears("over: "+quiet, "+ 1 card due in Spanish")
	}
}

// Corrections and withdrawals disturb nobody, and go on.
func TestQuietHoursLetItemsGo(t *testing.T) {
	d := newDesk(t, "Spanish")
	d.profile(models.ProfileChange{Preferences: prefs(`{"quiet":{"on":true}}`)})
	cards := d.learn("Spanish", hours(9.9, 9.91, 9.915)...)
	d.pass(10 * time.Hour)
	d.hears("in the evening", "+ 3 cards due in Spanish")
	d.answer(cards[0], 4)
	d.pass(time.Minute)
	d.hears("corrected", "~ 2 cards due in Spanish")
	d.answer(cards[1], 4)
	d.answer(cards[2], 4)
	d.hears("withdrawn", "-")
}

func TestSnooze(t *testing.T) {
	snooze := func(d *desk, minutes int) {
		t.Helper()
		until := ok[time.Time](t)(d.Snooze(ctx, d.ann, d.inbox()[0].ID(), minutes))
		if want := d.Clock.Now().Add(time.Duration(minutes) * time.Minute); !until.Equal(want) {
			t.Errorf("until %s, want %s", until, want)
		}
		d.hears("snoozed", "-")
	}
	t.Run("comes back", func(t *testing.T) {
		d := newDesk(t, "Spanish", "French")
		d.learn("Spanish", hours(0.1, 0.5)...)
		d.learn("French", hours(0.5)...)
		d.pass(6 * time.Minute)
		d.hears("due", "+ 1 card due in Spanish")
		snooze(d, 60)
		d.pass(30 * time.Minute)
		d.hears("another deck", "+ 1 card due in French")
		d.pass(30*time.Minute - time.Second)
		d.hears("not yet")
		d.pass(time.Second)
		d.hears("all of the deck", "+ 2 cards due in Spanish")
		d.pass(24 * time.Hour)
		d.hears("once")
	})
	t.Run("answered meanwhile", func(t *testing.T) {
		d := newDesk(t, "Spanish")
		cards := d.learn("Spanish", hours(0.1)...)
		d.pass(6 * time.Minute)
		d.events()
		snooze(d, 10)
		d.answer(cards[0], 4)
		d.pass(time.Hour)
		d.hears("nothing is due")
	})
	t.Run("a reminder waits too", func(t *testing.T) {
		d := newDesk(t, "Spanish")
		d.review("Spanish", hours(0)...)
		d.learn("Spanish", hours(0.1)...)
		d.remind(models.ReminderInput{At: "12:30", DeckID: ptr(d.decks["Spanish"])})
		d.pass(6 * time.Minute)
		d.events()
		snooze(d, 60)
		d.pass(time.Hour)
		d.hears("with all that it called for", "+ 2 cards due in Spanish")
	})
	t.Run("a digest", func(t *testing.T) {
		d := newDesk(t, "Spanish", "French")
		d.review("Spanish", hours(0)...)
		french := d.review("French", hours(0)...)
		d.remind(models.ReminderInput{At: "12:30"})
		d.remind(models.ReminderInput{At: "12:45"})
		d.pass(30 * time.Minute)
		d.hears("due", "+ 2 cards due in 2 decks")
		snooze(d, 60)
		d.pass(59 * time.Minute)
		d.hears("not yet")
		d.answer(french[0], 4)
		d.pass(time.Minute)
		d.hears("what is left", "+ 1 card due in Spanish")
	})
	t.Run("snoozed decks are no part of a digest", func(t *testing.T) {
		d := newDesk(t, "Spanish", "French")
		d.learn("Spanish", hours(0.1)...)
		d.review("French", hours(0)...)
		d.remind(models.ReminderInput{At: "12:30"})
		d.pass(6 * time.Minute)
		d.events()
		snooze(d, 60)
		d.pass(54 * time.Minute)
		d.hears("the other deck", "+ 1 card due in French")
		d.pass(6 * time.Minute)
		d.hears("snoozed to its end", "+ 1 card due in Spanish")
	})
	t.Run("to an end while studying", func(t *testing.T) {
		d := newDesk(t, "Spanish")
		d.learn("Spanish", hours(0.1, 0.5)...)
		d.pass(6 * time.Minute)
		d.events()
		snooze(d, 60)
		d.pass(59*time.Minute + 30*time.Second)
		study := func(on bool) {
			t.Helper()
			if err := d.SetStudying(ctx, d.ann, d.decks["Spanish"], on); err != nil {
				t.Fatal(err)
			}
		}
		study(true)
		d.pass(45 * time.Second)
		d.hears("snoozed to its end, and studied")
		study(false)
		d.ring()
		d.hears("studied to the end", "+ 2 cards due in Spanish")
		d.pass(time.Hour)
		d.hears("once")
	})
	t.Run("into the night", func(t *testing.T) {
		d := newDesk(t, "Spanish")
		d.profile(models.ProfileChange{Preferences: prefs(`{"quiet":{"on":true}}`)})
		d.learn("Spanish", hours(9)...)
		d.pass(9 * time.Hour)
		d.events()
		snooze(d, 120)
		d.pass(10*time.Hour - time.Second)
		d.hears("not at eleven")
		d.pass(time.Second)
		d.hears("at seven", "+ 1 card due in Spanish")
	})
}

func TestWhatCantBeSnoozed(t *testing.T) {
	d := newDesk(t, "Spanish")
	d.learn("Spanish", hours(0.1)...)
	d.pass(6 * time.Minute)
	item := d.inbox()[0]
	notify(t, d.Store, "", d.ann)
	other := ok[models.Inbox](t)(d.ListNotifications(ctx, d.ann, "all", "", 1)).Items[0]
	bob := d.User("bob")
	for _, c := range []struct {
		name    string
		user    int64
		id      string
		minutes int
		code    string
	}{
		{"too short", d.ann, item.ID(), 0, models.Invalid},
		{"negative", d.ann, item.ID(), -5, models.Invalid},
		{"too long", d.ann, item.ID(), 7*24*60 + 1, models.Invalid},
		{"another kind", d.ann, other.ID(), 10, models.Conflict},
		{"somebody else's", bob, item.ID(), 10, models.NotFound},
		{"none", d.ann, fmt.Sprintf("%d-%d", d.ann, 12345), 10, models.NotFound},
		{"no id", d.ann, "x", 10, models.NotFound},
	} {
		_, err := d.Snooze(ctx, c.user, c.id, c.minutes)
		if models.ErrorCode(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	if len(d.inbox()) != 1 {
		t.Error("it was snoozed")
	}
	ok[time.Time](t)(d.Snooze(ctx, d.ann, item.ID(), 7*24*60))
	_, err := d.Snooze(ctx, d.ann, item.ID(), 10)
	code(t, err, models.NotFound)
}
