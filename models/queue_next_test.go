package models_test

import (
	"encoding/json"
	"testing"
	"time"

	"aoki/models"
)

// What a deck with nothing to study says of its next card holds: it is there then, and
// none before. Noon of the 13th of May in UTC, where a day begins at four.
func TestTheNextCard(t *testing.T) {
	const tomorrow = 16 * time.Hour
	preset := func(t *testing.T, d *desk, name, value string) {
		ok[models.Preset](t)(d.UpdatePreset(ctx, d.ann, d.decks["Spanish"], models.PresetChange{name: json.RawMessage(value)}))
	}
	for _, c := range []struct {
		name string
		do   func(t *testing.T, d *desk)
		next time.Duration // 0: none
	}{
		{"no card at all", func(*testing.T, *desk) {}, 0},
		{"a new one", func(_ *testing.T, d *desk) { d.cards("Spanish", 1) }, 0},
		{"more new ones than the day lets in", func(t *testing.T, d *desk) {
			preset(t, d, "new_per_day", "1")
			d.answer(d.cards("Spanish", 2)[0], 4)
		}, tomorrow},
		{"none that would ever be let in", func(t *testing.T, d *desk) { preset(t, d, "new_per_day", "0"); d.cards("Spanish", 1) }, 0},
		{"a learning card", func(_ *testing.T, d *desk) { d.learn("Spanish", hours(2, 1)...) }, time.Hour},
		{"a learning card of the day after tomorrow", func(_ *testing.T, d *desk) { d.learn("Spanish", hours(40)...) }, 40 * time.Hour},
		{"a review of tomorrow comes with its day", func(_ *testing.T, d *desk) { d.review("Spanish", hours(30)...) }, tomorrow},
		{"a review of next week", func(_ *testing.T, d *desk) { d.review("Spanish", hours(7*24)...) }, tomorrow + 6*24*time.Hour},
		{"the sooner of both", func(_ *testing.T, d *desk) { d.review("Spanish", hours(30)...); d.learn("Spanish", hours(3)...) }, 3 * time.Hour},
		{"reviews over the day's limit", func(t *testing.T, d *desk) {
			preset(t, d, "reviews_per_day", "1")
			d.answer(d.review("Spanish", hours(0, 0)...)[0], 4)
		}, tomorrow},
		{"reviews that are never let in", func(t *testing.T, d *desk) { preset(t, d, "reviews_per_day", "0"); d.review("Spanish", hours(0)...) }, 0},
		{"a buried new one", func(t *testing.T, d *desk) {
			ok[models.Card](t)(d.UpdateCard(ctx, d.ann, d.cards("Spanish", 1)[0], models.CardChange{Buried: ptr(true)}))
		}, tomorrow},
		{"a buried learning card", func(t *testing.T, d *desk) {
			ok[models.Card](t)(d.UpdateCard(ctx, d.ann, d.learn("Spanish", hours(1)...)[0], models.CardChange{Buried: ptr(true)}))
		}, tomorrow},
		{"suspended ones", func(t *testing.T, d *desk) {
			for _, card := range append(append(d.cards("Spanish", 1), d.learn("Spanish", hours(1)...)...), d.review("Spanish", hours(30)...)...) {
				ok[models.Card](t)(d.UpdateCard(ctx, d.ann, card, models.CardChange{Suspended: ptr(true)}))
			}
		}, 0},
		{"another deck's", func(_ *testing.T, d *desk) { d.learn("French", hours(1)...) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, "Spanish", "French")
			c.do(t, d)
			deck := ok[models.Deck](t)(d.GetDeck(ctx, d.ann, d.decks["Spanish"]))
			if c.next == 0 {
				if deck.NextDueAt != nil {
					t.Errorf("%v, want none", deck.NextDueAt)
				}
				return
			}
			if deck.NextDueAt == nil || !deck.NextDueAt.Equal(d.Clock.Now().Add(c.next)) {
				t.Fatalf("%v, want %v", deck.NextDueAt, d.Clock.Now().Add(c.next))
			}
			open := func(after time.Duration) bool {
				d.Clock.Add(after)
				defer d.Clock.Add(-after)
				n := ok[models.Deck](t)(d.GetDeck(ctx, d.ann, d.decks["Spanish"])).Counts
				return n.New+n.Learning+n.Due > 0
			}
			// Learning cards are asked 20 minutes ahead when nothing else is left.
			if !open(c.next) || open(c.next-20*time.Minute-time.Microsecond) {
				t.Error("it is not there then, or was before")
			}
		})
	}
}
