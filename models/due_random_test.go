package models_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/fsrs"
)

// What of a learning card has become since it was last answered.
type heard int

const (
	silent heard = iota // it has not called, and must when it is due
	called
	either // it rested when it was due: it may call
)

// caller is ann's desk with the simplest idea of what must call: each learning card on
// its own.
type caller struct {
	*desk
	rnd     *rand.Rand
	cards   map[int64]heard
	studied map[int64]time.Time // until when
	snoozed map[int64]time.Time
	again   map[int64]bool // a deck that may call without another reason: it was snoozed
	step    string
	last    []models.Reviewed
}

type learningCard struct {
	CardID, DeckID, DueAt, Suspended, BuriedOn int64
}

// learning are the learning cards that don't rest.
func (c *caller) learning() (cards []learningCard) {
	c.t.Helper()
	var all []learningCard
	if err := c.Read(ctx).Raw(`SELECT card_id, deck_id, due_at, suspended, buried_on FROM schedules WHERE user_id = ? AND state IN (1, 3)`, c.ann).Scan(&all).Error; err != nil {
		c.t.Fatal(err)
	}
	for _, card := range all {
		if card.Suspended != 0 || card.BuriedOn == int64(fsrs.Calendar{Rollover: 4}.Day(c.Clock.Now())) {
			c.cards[card.CardID] = either
			continue
		}
		cards = append(cards, card)
	}
	return cards
}

// listen holds what was heard against what had to be.
func (c *caller) listen() {
	c.t.Helper()
	now := c.Clock.Now()
	ahead := now.Add(time.Minute).UnixMicro()
	log := c.Log(c.ann)
	for _, e := range log[c.seen:] {
		what := said(e)
		if what == "" || what[0] != '+' && what[0] != '!' {
			continue
		}
		var m struct {
			Notification struct{ Data models.CardsDue }
		}
		if err := json.Unmarshal(e.Message, &m); err != nil {
			c.t.Fatal(err)
		}
		deck := m.Notification.Data.DeckID
		if c.held(deck) {
			c.t.Fatalf("%s: %s, and the deck is studied or snoozed", c.step, what)
		}
		reason := c.again[deck]
		delete(c.again, deck)
		n := int64(0)
		for _, card := range c.learning() {
			if card.DeckID == deck && card.DueAt <= ahead {
				reason = reason || c.cards[card.CardID] != called
				c.cards[card.CardID] = called
				n++
			}
		}
		if !reason || m.Notification.Data.Due < 1 || m.Notification.Data.Due > n {
			c.t.Fatalf("%s: %s at %s, with reason %v, %d of %d", c.step, what, now, reason, m.Notification.Data.Due, n)
		}
	}
	c.seen = len(log)
	due := map[int64]int{}
	for _, card := range c.learning() {
		if card.DueAt <= ahead {
			due[card.DeckID]++
		}
		if card.DueAt <= now.UnixMicro() && c.cards[card.CardID] == silent && !c.held(card.DeckID) {
			c.t.Fatalf("%s: card %d is due since %s and has not called by %s", c.step, card.CardID, time.UnixMicro(card.DueAt).UTC(), now)
		}
	}
	for _, item := range c.inbox() {
		var data models.CardsDue
		if err := json.Unmarshal([]byte(item.Data), &data); err != nil || due[data.DeckID] == 0 {
			c.t.Fatalf("%s: %s stands there, and nothing is due", c.step, item.Title)
		}
	}
	c.counted()
}

// pass lets time pass, with the engine running.
func (c *caller) pass(d time.Duration) {
	c.t.Helper()
	for end := c.Clock.Now().Add(d); ; {
		c.ring()
		c.listen()
		next := ok[time.Time](c.t)(c.RingDue(ctx))
		if now := c.Clock.Now(); now.Equal(end) {
			return
		} else if next.IsZero() || next.After(end) {
			c.Clock.Add(end.Sub(now))
		} else {
			c.Clock.Add(next.Sub(now))
		}
	}
}

func (c *caller) do() {
	c.t.Helper()
	names := []string{"Spanish", "French"}
	deck := c.decks[names[c.rnd.IntN(2)]]
	queue := ok[models.Queue](c.t)(c.GetQueue(ctx, c.ann, deck, 200))
	switch p := c.rnd.IntN(100); {
	case p < 40 && len(queue.Items) > 0:
		card := queue.Items[c.rnd.IntN(min(3, len(queue.Items)))].ID
		c.step = fmt.Sprint("answer ", card)
		c.last = append(c.last, c.answer(card, 1+c.rnd.IntN(4)))
		c.renew(card)
	case p < 50 && len(c.last) > 0:
		r := c.last[len(c.last)-1]
		c.step = fmt.Sprint("undo ", r.Card.ID)
		c.last = c.last[:len(c.last)-1]
		if err := c.UndoReview(ctx, c.ann, r.Review.ID); err == nil {
			c.renew(r.Card.ID)
		} else if models.ErrorCode(err) != models.NotFound { // its card is gone
			c.t.Fatal(err)
		}
	case p < 58 && len(queue.Items) > 0:
		card := queue.Items[0]
		c.step = fmt.Sprint("rest ", card.ID)
		change := models.CardChange{Suspended: ptr(true)}
		if c.rnd.IntN(2) == 0 {
			change = models.CardChange{Buried: ptr(true)}
		}
		ok[models.Card](c.t)(c.UpdateCard(ctx, c.ann, card.ID, change))
		if c.rnd.IntN(2) == 0 {
			ok[models.Card](c.t)(c.UpdateCard(ctx, c.ann, card.ID, models.CardChange{Suspended: ptr(false), Buried: ptr(false)}))
			c.renew(card.ID)
		}
	case p < 60 && len(queue.Items) > 0:
		c.step = fmt.Sprint("delete ", queue.Items[0].ID)
		if err := c.DeleteNote(ctx, c.ann, queue.Items[0].NoteID); err != nil {
			c.t.Fatal(err)
		}
		c.last = nil
	case p < 68:
		on := c.rnd.IntN(2) == 0
		c.step = fmt.Sprint("studying ", deck, on)
		if err := c.SetStudying(ctx, c.ann, deck, on); err != nil {
			c.t.Fatal(err)
		}
		delete(c.studied, deck)
		if on {
			c.studied[deck] = c.Clock.Now().Add(time.Minute)
		}
	case p < 74 && len(c.inbox()) > 0:
		item := c.inbox()[0]
		var data models.CardsDue
		if err := json.Unmarshal([]byte(item.Data), &data); err != nil {
			c.t.Fatal(err)
		}
		c.step = fmt.Sprint("snooze ", data.DeckID)
		c.snoozed[data.DeckID] = ok[time.Time](c.t)(c.Snooze(ctx, c.ann, item.ID(), 5+c.rnd.IntN(60)))
		c.again[data.DeckID] = true
	case p < 80:
		c.step = "mark"
		m := []models.Mark{{Seen: true}, {Read: ptr(true)}, {Archived: ptr(true)}, {Read: ptr(false)}}[c.rnd.IntN(4)]
		m.UpTo = fmt.Sprintf("%d-%d", c.ann, 1<<40)
		c.mark(m)
	default:
		c.step = "pass"
		c.pass([]time.Duration{time.Second, 15 * time.Second, time.Minute, 10 * time.Minute, 2 * time.Hour, 20 * time.Hour}[c.rnd.IntN(6)])
	}
	c.ring()
	c.listen()
}

func (c *caller) held(deck int64) bool {
	return c.studied[deck].After(c.Clock.Now()) || c.snoozed[deck].After(c.Clock.Now())
}

// renew notes that a card is to call when it is due. The store keeps a moment up to which
// a deck's cards have called, and takes it back to such a card: those behind it may call
// once more.
func (c *caller) renew(id int64) {
	c.t.Helper()
	cards := c.learning()
	for _, card := range cards {
		if card.CardID != id {
			continue
		}
		for _, other := range cards {
			if other.DeckID == card.DeckID && other.DueAt >= card.DueAt && c.cards[other.CardID] == called {
				c.cards[other.CardID] = either
			}
		}
	}
	c.cards[id] = silent
}

func TestCallsAtRandom(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			d := newDesk(t, "Spanish", "French")
			c := &caller{desk: d, rnd: rand.New(rand.NewPCG(seed, 5)), cards: map[int64]heard{},
				studied: map[int64]time.Time{}, snoozed: map[int64]time.Time{}, again: map[int64]bool{}}
			d.cards("Spanish", 15)
			d.cards("French", 15)
			ok[models.Preset](t)(d.UpdatePreset(ctx, d.ann, d.decks["French"], models.PresetChange{"steps": json.RawMessage("[20,45,600]"), "relearning_steps": json.RawMessage("[30]")}))
			for range 250 {
				c.do()
			}
		})
	}
}
