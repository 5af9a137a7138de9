package models_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"aoki/models"
)

// hours from noon of the 13th of May, a Wednesday, at which every desk begins.
func hours(h ...float64) (due []time.Duration) {
	for _, h := range h {
		due = append(due, time.Duration(h*float64(time.Hour)))
	}
	return due
}

func TestTheDailyDigest(t *testing.T) {
	d := newDesk(t, "Spanish", "French", "Greek", "Empty")
	d.remind(models.ReminderInput{At: "08:00"})
	d.review("Spanish", hours(10, 20)...)
	french := d.review("French", hours(1)...)
	d.review("Greek", hours(40, 41)...) // from the 15th on
	d.pass(20*time.Hour - time.Second)
	d.hears("reviews don't ring by themselves")
	d.pass(time.Second)
	d.hears("in the morning", "+ 3 cards due in 2 decks")
	item := d.inbox()[0]
	want := fmt.Sprintf(`{"due":3,"deck_count":2,"decks":[{"id":%d,"name":"Spanish","due":2},{"id":%d,"name":"French","due":1}]}`, d.decks["Spanish"], d.decks["French"])
	if item.Data != want || item.Link != "/study" || item.Body != "Spanish: 2, French: 1" {
		t.Errorf("data %s, want %s; link %s, body %s", item.Data, want, item.Link, item.Body)
	}
	d.answer(french[0], 4)
	d.hears("a deck is done", "~ 2 cards due in Spanish")
	if item := d.inbox()[0]; item.Link != fmt.Sprintf("/decks/%d/study", d.decks["Spanish"]) {
		t.Error(item.Link)
	}
	d.pass(24 * time.Hour)
	d.hears("the next morning", "-", "+ 4 cards due in 2 decks")
}

func TestADigestOfOneDeckIsThatDecks(t *testing.T) {
	d := newDesk(t, "Spanish", "French")
	d.remind(models.ReminderInput{At: "08:00"})
	d.review("Spanish", hours(1, 2)...)
	d.learn("Spanish", hours(19.5)...)
	d.pass(20*time.Hour - time.Second)
	d.hears("a learning card", "+ 1 card due in Spanish")
	d.pass(time.Second)
	d.hears("the deck's own item", "! 3 cards due in Spanish")
	if item := d.inbox()[0]; item.Data != fmt.Sprintf(`{"deck_id":%d,"deck":"Spanish","due":3}`, d.decks["Spanish"]) || len(d.inbox()) != 1 {
		t.Error(d.inbox())
	}
}

func TestADigestIsWithdrawnWithItsLastCard(t *testing.T) {
	d := newDesk(t, "Spanish", "French")
	d.remind(models.ReminderInput{At: "13:00"})
	spanish := d.review("Spanish", hours(0.1, 0.2, 0.3)...)
	d.review("French", hours(0.1, 0.2)...)
	d.pass(time.Hour)
	d.hears("at one", "+ 5 cards due in 2 decks")
	d.answer(spanish[0], 3)
	d.answer(spanish[1], 3)
	d.hears("not each is told")
	d.pass(15 * time.Second)
	d.hears("corrected", "~ 3 cards due in 2 decks")
	ok[models.Card](t)(d.UpdateCard(ctx, d.ann, spanish[2], models.CardChange{Flag: ptr(int64(1))}))
	d.pass(time.Minute)
	d.hears("what changes no number")
	ok[models.Card](t)(d.UpdateCard(ctx, d.ann, spanish[2], models.CardChange{Suspended: ptr(true)}))
	d.hears("a deck is done", "~ 2 cards due in French")
	if err := d.DeleteDeck(ctx, d.ann, d.decks["French"]); err != nil {
		t.Fatal(err)
	}
	d.hears("the other is gone", "-")
}

// A digest that has come down to one deck leaves it to that deck's own item.
func TestADigestMakesWayForADecksOwnItem(t *testing.T) {
	d := newDesk(t, "Spanish", "French")
	d.remind(models.ReminderInput{At: "13:00"})
	d.learn("Spanish", hours(1.5)...)
	d.review("Spanish", hours(0)...)
	french := d.review("French", hours(0)...)
	d.pass(90 * time.Minute)
	d.hears("both", "+ 2 cards due in 2 decks", "+ 1 card due in Spanish")
	d.answer(french[0], 4)
	d.hears("what is left is said already", "-")
	if items := d.inbox(); len(items) != 1 || items[0].Title != "1 card due in Spanish" {
		t.Error(items)
	}
}

// A digest that has come down to one deck speaks for it, and goes when that deck calls by
// itself: a deck never has two items, be one of them archived.
func TestADeckHasOneItemBesideADigest(t *testing.T) {
	for _, archived := range []bool{false, true} {
		d := newDesk(t, "Spanish", "French")
		d.remind(models.ReminderInput{At: "13:00"})
		d.review("Spanish", hours(0)...)
		learning := d.learn("Spanish", hours(0.5, 2.5)...)
		french := d.review("French", hours(0)...)
		d.pass(45 * time.Minute)
		d.hears("a learning card", "+ 1 card due in Spanish")
		if archived {
			d.mark(models.Mark{IDs: []string{d.inbox()[0].ID()}, Archived: ptr(true)})
		} else {
			d.answer(learning[0], 4)
			d.hears("it is answered", "-")
			d.review("Spanish", hours(-1)...)
		}
		d.pass(time.Hour)
		d.hears("at one", "+ 3 cards due in 2 decks")
		d.answer(french[0], 4)
		if archived {
			d.hears("one is left, and nothing else about it", "-", "~ 2 cards due in Spanish")
			d.pass(time.Hour)
			d.hears("it calls by itself", "-", "+ 2 cards due in Spanish")
		} else {
			d.hears("one is left", "~ 2 cards due in Spanish")
			d.pass(time.Hour)
			d.hears("it calls by itself", "-", "+ 1 card due in Spanish")
		}
		if items := d.inbox(); len(items) != 1 {
			t.Error(items)
		}
	}
}

func TestADigestOfManyDecks(t *testing.T) {
	var names []string
	for i := range 23 {
		names = append(names, fmt.Sprintf("deck %02d", i))
	}
	d := newDesk(t, names...)
	d.remind(models.ReminderInput{At: "13:00"})
	cards := map[string][]int64{}
	for _, name := range names {
		cards[name] = d.review(name, hours(0)...)
	}
	d.pass(time.Hour)
	d.hears("all", "+ 23 cards due in 23 decks")
	var said models.Digest
	if err := json.Unmarshal([]byte(d.inbox()[0].Data), &said); err != nil || len(said.Decks) != 20 || said.DeckCount != 23 || said.Due != 23 {
		t.Errorf("%+v %v", said, err)
	}
	d.answer(cards[names[22]][0], 4)
	d.hears("one that is not named", "~ 22 cards due in 22 decks")
	for _, name := range names[:22] {
		d.answer(cards[name][0], 4)
	}
	heard := d.events()
	if last := heard[len(heard)-1]; last != "-" || len(d.inbox()) != 0 {
		t.Error(heard)
	}
}

func TestWhenAReminderStaysSilent(t *testing.T) {
	for _, c := range []struct {
		name    string
		in      models.ReminderInput
		deck    string
		studied string // a deck in which a card was answered
		heard   []string
	}{
		{"digest", models.ReminderInput{At: "13:00"}, "", "", []string{"+ 5 cards due in 2 decks"}},
		{"of a deck", models.ReminderInput{At: "13:00"}, "Spanish", "", []string{"+ 3 cards due in Spanish"}},
		{"of a deck without cards", models.ReminderInput{At: "13:00"}, "Empty", "", nil},
		{"just enough", models.ReminderInput{At: "13:00", Threshold: ptr(3)}, "Spanish", "", []string{"+ 3 cards due in Spanish"}},
		{"too few", models.ReminderInput{At: "13:00", Threshold: ptr(4)}, "Spanish", "", nil},
		{"enough in all decks", models.ReminderInput{At: "13:00", Threshold: ptr(5)}, "", "", []string{"+ 5 cards due in 2 decks"}},
		{"too few in all decks", models.ReminderInput{At: "13:00", Threshold: ptr(6)}, "", "", nil},
		{"unless studied, and not", models.ReminderInput{At: "13:00", UnlessStudied: true}, "Spanish", "", []string{"+ 3 cards due in Spanish"}},
		{"unless studied, and so", models.ReminderInput{At: "13:00", UnlessStudied: true}, "Spanish", "Spanish", nil},
		{"another deck was studied", models.ReminderInput{At: "13:00", UnlessStudied: true}, "Spanish", "French", []string{"+ 3 cards due in Spanish"}},
		{"a digest, and any was studied", models.ReminderInput{At: "13:00", UnlessStudied: true}, "", "French", nil},
		{"studied, and told anyway", models.ReminderInput{At: "13:00"}, "Spanish", "Spanish", []string{"+ 2 cards due in Spanish"}},
		{"not enabled", models.ReminderInput{At: "13:00", Enabled: ptr(false)}, "Spanish", "", nil},
		{"not today", models.ReminderInput{At: "13:00", Days: []int{1, 2, 4, 5, 6, 7}}, "Spanish", "", nil},
		{"today", models.ReminderInput{At: "13:00", Days: []int{3}}, "Spanish", "", []string{"+ 3 cards due in Spanish"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, "Spanish", "French", "Empty")
			cards := map[string][]int64{"Spanish": d.review("Spanish", hours(0, 0, 0)...), "French": d.review("French", hours(0, 0)...)}
			if c.deck != "" {
				c.in.DeckID = ptr(d.decks[c.deck])
			}
			d.remind(c.in)
			if c.studied != "" {
				d.answer(cards[c.studied][0], 4)
				d.events()
			}
			d.pass(time.Hour)
			d.hears("at one", c.heard...)
			d.pass(time.Hour)
			d.hears("later")
		})
	}
}

// Limits of the day are the queue's: what is not asked does not call.
func TestAReminderCountsWithinTheDaysLimit(t *testing.T) {
	d := newDesk(t, "Spanish")
	ok[models.Preset](t)(d.UpdatePreset(ctx, d.ann, d.decks["Spanish"], models.PresetChange{"reviews_per_day": json.RawMessage("2")}))
	cards := d.review("Spanish", hours(0, 0, 0, 0)...)
	d.cards("Spanish", 3) // new ones never call
	d.remind(models.ReminderInput{At: "13:00"})
	d.pass(time.Hour)
	d.hears("two of four", "+ 2 cards due in Spanish")
	d.answer(cards[0], 3)
	d.answer(cards[1], 3)
	d.hears("done for today", "-")
	d.pass(24 * time.Hour)
	d.hears("the other two", "+ 2 cards due in Spanish")
	ok[models.Preset](t)(d.UpdatePreset(ctx, d.ann, d.decks["Spanish"], models.PresetChange{"reviews_per_day": json.RawMessage("0")}))
	d.hears("no reviews any more", "-")
}

func TestMissedReminders(t *testing.T) {
	for _, c := range []struct {
		name  string
		zone  string
		away  time.Duration // from noon UTC of the 13th on
		heard []string
		next  string
	}{
		{"on time", "UTC", 20 * time.Hour, []string{"+ 2 cards due in Spanish"}, "2026-05-15T08:00:00Z"},
		{"hours late", "UTC", 30 * time.Hour, []string{"+ 2 cards due in Spanish"}, "2026-05-15T08:00:00Z"},
		{"in the night after, of the same day", "UTC", 39*time.Hour + 59*time.Minute, []string{"+ 2 cards due in Spanish"}, "2026-05-15T08:00:00Z"},
		{"on the next day, before its hour", "UTC", 40 * time.Hour, nil, "2026-05-15T08:00:00Z"},
		{"many days", "UTC", 20*time.Hour + 30*24*time.Hour, []string{"+ 2 cards due in Spanish"}, "2026-06-14T08:00:00Z"},
		{"many days, early", "UTC", 19*time.Hour + 30*24*time.Hour, nil, "2026-06-13T08:00:00Z"},
		{"another zone's day", "Asia/Shanghai", 31 * time.Hour, []string{"+ 2 cards due in Spanish"}, "2026-05-15T00:00:00Z"},
		{"another zone's night", "Asia/Shanghai", 32 * time.Hour, nil, "2026-05-15T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, "Spanish")
			d.profile(models.ProfileChange{TimeZone: ptr(c.zone)})
			d.review("Spanish", hours(0, 0)...)
			d.remind(models.ReminderInput{At: "08:00"})
			d.ring()
			d.Clock.Add(c.away) // nobody looks meanwhile
			d.ring()
			d.hears("looked at again", c.heard...)
			if next := ok[[]models.Reminder](t)(d.ListReminders(ctx, d.ann))[0].NextAt.Format(time.RFC3339); next != c.next {
				t.Errorf("next at %s, want %s", next, c.next)
			}
			d.ring()
			d.hears("and again")
		})
	}
}

func TestAnotherTimeZonePlansAnew(t *testing.T) {
	d := newDesk(t, "Spanish")
	d.review("Spanish", hours(0)...)
	d.remind(models.ReminderInput{At: "13:00"})
	d.remind(models.ReminderInput{At: "09:00", Enabled: ptr(false)})
	ok[models.Profile](t)(d.accounts.UpdateProfile(ctx, d.ann, models.ProfileChange{TimeZone: ptr("America/New_York")}))
	d.hears("who has moved is told", "reminders")
	ok[models.Profile](t)(d.accounts.UpdateProfile(ctx, d.ann, models.ProfileChange{Locale: ptr("zh-CN"), TimeZone: ptr("America/New_York")}))
	d.hears("who has not is not")
	d.pass(5*time.Hour - time.Second)
	d.hears("not at the old hour")
	d.pass(time.Second)
	d.hears("at the new one", "+ 1 card due in Spanish")
	list := ok[[]models.Reminder](t)(d.ListReminders(ctx, d.ann))
	if list[0].NextAt.Format(time.RFC3339) != "2026-05-14T17:00:00Z" || list[1].NextAt != nil {
		t.Errorf("%+v", list)
	}
}

// The night in which clocks change, through the engine: one call, at its moment.
func TestRemindersOverChangesOfTheClock(t *testing.T) {
	for _, c := range []struct{ zone, at, from, rings string }{
		{"Europe/Vienna", "02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{"Europe/Vienna", "02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
		{"Australia/Lord_Howe", "02:15", "2026-10-03T01:00:00Z", "2026-10-03T15:30:00Z"},
		{"Australia/Lord_Howe", "01:45", "2026-04-04T01:00:00Z", "2026-04-04T14:45:00Z"},
		{"Asia/Kathmandu", "06:00", "2026-05-13T01:00:00Z", "2026-05-14T00:15:00Z"},
	} {
		t.Run(c.zone+" "+c.from, func(t *testing.T) {
			d := newDesk(t, "Spanish")
			from, rings := ok[time.Time](t)(time.Parse(time.RFC3339, c.from)), ok[time.Time](t)(time.Parse(time.RFC3339, c.rings))
			d.Clock.Add(from.Sub(d.Clock.Now()))
			d.profile(models.ProfileChange{TimeZone: ptr(c.zone)})
			d.review("Spanish", hours(-24)...)
			d.remind(models.ReminderInput{At: c.at})
			d.until(rings.Add(-time.Microsecond))
			d.hears("before")
			d.until(rings)
			d.hears("at its moment", "+ 1 card due in Spanish")
			d.pass(22 * time.Hour)
			d.hears("once that day")
		})
	}
}

func TestTheDeckOfAReminderGoes(t *testing.T) {
	d := newDesk(t, "Spanish", "French")
	bob := d.Account(d.accounts, "bob", models.RoleUser).ID
	for _, role := range []string{models.DeckViewer} {
		ok[models.Member](t)(d.PutMember(ctx, d.ann, d.decks["Spanish"], "bob", role))
	}
	mine := func(user int64) int { return len(ok[[]models.Reminder](t)(d.ListReminders(ctx, user))) }
	for _, user := range []int64{d.ann, bob} {
		ok[models.Reminder](t)(d.CreateReminder(ctx, user, models.ReminderInput{DeckID: ptr(d.decks["Spanish"]), At: "09:00"}))
	}
	_, err := d.CreateReminder(ctx, bob, models.ReminderInput{DeckID: ptr(d.decks["French"]), At: "09:00"})
	code(t, err, models.NotFound)
	if mine(d.ann) != 1 || mine(bob) != 2 { // bob has his digest
		t.Fatal(mine(d.ann), mine(bob))
	}
	if err := d.RemoveMember(ctx, bob, d.decks["Spanish"], "bob"); err != nil {
		t.Fatal(err)
	}
	if mine(d.ann) != 1 || mine(bob) != 1 {
		t.Error("who leaves:", mine(d.ann), mine(bob))
	}
	d.events()
	if err := d.DeleteDeck(ctx, d.ann, d.decks["Spanish"]); err != nil {
		t.Fatal(err)
	}
	if d.hears("deleted", "reminders"); mine(d.ann) != 0 {
		t.Error("deleted:", mine(d.ann))
	}
}

// Who deletes an account takes the decks along, and what calls their members for them.
func TestAnOwnerGoes(t *testing.T) {
	d := newDesk(t, "Spanish")
	bob := d.Account(d.accounts, "bob", models.RoleUser).ID
	deck := ok[models.Deck](t)(d.CreateDeck(ctx, bob, models.DeckInput{Name: "Welsh"})).ID
	ok[models.Member](t)(d.PutMember(ctx, bob, deck, "ann", models.DeckEditor))
	d.decks["Welsh"] = deck
	card := d.cards("Welsh", 1)[0]
	d.remind(models.ReminderInput{DeckID: &deck, At: "09:00"})
	d.answer(card, 3)
	d.pass(10 * time.Minute)
	d.hears("due", "+ 1 card due in Welsh")
	if err := d.accounts.DeleteUser(ctx, 0, bob); err != nil {
		t.Fatal(err)
	}
	d.hears("gone", "reminders", "-")
	d.pass(24 * time.Hour)
	d.hears("for good")
}

func TestARenamedDeckIsCalledByItsNewName(t *testing.T) {
	d := newDesk(t, "Spanish", "French")
	d.remind(models.ReminderInput{At: "13:00"})
	d.learn("Spanish", hours(1)...)
	d.review("French", hours(0)...)
	d.pass(time.Hour)
	d.hears("both", "+ 2 cards due in 2 decks", "+ 1 card due in Spanish")
	ok[models.Deck](t)(d.UpdateDeck(ctx, d.ann, d.decks["Spanish"], models.DeckChange{Name: ptr("Castilian")}))
	d.hears("not at once")
	d.pass(15 * time.Second)
	d.hears("silently", "~ 2 cards due in 2 decks", "~ 1 card due in Castilian")
	if body := d.inbox()[1].Body; body != "Castilian: 1, French: 1" {
		t.Error(body)
	}
	ok[models.Deck](t)(d.UpdateDeck(ctx, d.ann, d.decks["Spanish"], models.DeckChange{Description: ptr("another description")}))
	d.pass(time.Minute)
	d.hears("nothing has changed")
}

func TestWhoLeavesADeckIsNotCalledForIt(t *testing.T) {
	d := newDesk(t, "Mine")
	bob := d.User("bob")
	deck := ok[models.Deck](t)(d.CreateDeck(ctx, bob, models.DeckInput{Name: "Welsh"})).ID
	ok[models.Member](t)(d.PutMember(ctx, bob, deck, "ann", models.DeckEditor))
	d.decks["Welsh"] = deck
	d.learn("Welsh", hours(1, 3)...)
	d.review("Mine", hours(0)...)
	d.remind(models.ReminderInput{At: "13:00"})
	d.pass(time.Hour)
	d.hears("both", "+ 2 cards due in 2 decks", "+ 1 card due in Welsh")
	if err := d.RemoveMember(ctx, bob, deck, "ann"); err != nil {
		t.Fatal(err)
	}
	d.hears("put out", "-", "~ 1 card due in Mine")
	d.pass(5 * time.Hour)
	d.hears("for good")
}
