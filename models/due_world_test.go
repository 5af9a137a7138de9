package models_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// desk is ann with a few decks, whom due cards call. Its clock moves only here, and
// nothing rings but in ring.
type desk struct {
	*modelstest.Store
	t        *testing.T
	accounts *models.Accounts
	ann      int64
	decks    map[string]int64
	seen     int // how much of ann's log was read
}

func newDesk(t *testing.T, decks ...string) *desk {
	t.Helper()
	d := &desk{Store: modelstest.Open(t), t: t, decks: map[string]int64{}}
	d.accounts = d.Accounts(nil)
	d.ann = d.Account(d.accounts, "ann", models.RoleUser).ID
	for _, name := range decks {
		d.decks[name] = ok[models.Deck](t)(d.CreateDeck(ctx, d.ann, models.DeckInput{Name: name})).ID
	}
	// The daily digest is there only where a test wants it.
	for _, r := range ok[[]models.Reminder](t)(d.ListReminders(ctx, d.ann)) {
		if err := d.DeleteReminder(ctx, d.ann, r.ID); err != nil {
			t.Fatal(err)
		}
	}
	d.events()
	return d
}

// cards adds cards to a deck.
func (d *desk) cards(deck string, n int) (cards []int64) {
	d.t.Helper()
	for i := range n {
		note := ok[models.NoteWithCards](d.t)(d.CreateNote(ctx, d.ann, d.decks[deck], basic(fmt.Sprint(deck, i))))
		cards = append(cards, note.Cards[0].ID)
	}
	d.mark(models.Mark{UpTo: fmt.Sprintf("%d-%d", d.ann, 1<<40), Archived: ptr(true)}) // of those who hear that there are new cards
	d.events()
	return cards
}

// answer answers a card; its events are read.
func (d *desk) answer(card int64, rating int) models.Reviewed {
	d.t.Helper()
	return ok[models.Reviewed](d.t)(d.AnswerCard(ctx, d.ann, card, models.ReviewInput{Rating: rating}))
}

func (d *desk) mark(m models.Mark) {
	d.t.Helper()
	ok[models.Counts](d.t)(d.MarkNotifications(ctx, d.ann, m))
}

// learn makes cards of a deck that are in learning, due after so long, as of answers
// that are over.
func (d *desk) learn(deck string, due ...time.Duration) []int64 {
	d.t.Helper()
	return d.schedule(deck, 1, due...)
}

// review makes cards of a deck that come back for review.
func (d *desk) review(deck string, due ...time.Duration) []int64 {
	d.t.Helper()
	return d.schedule(deck, 2, due...)
}

func (d *desk) schedule(deck string, state int, due ...time.Duration) []int64 {
	d.t.Helper()
	cards := d.cards(deck, len(due))
	now := d.Clock.Now()
	for i, card := range cards {
		d.exec(`INSERT INTO schedules (card_id, user_id, deck_id, state, steps_left, stability, difficulty, due_at, last_review_at, reps) VALUES (?, ?, ?, ?, ?, 1, 5, ?, ?, 1)`,
			card, d.ann, d.decks[deck], state, 2-state, now.Add(due[i]).UnixMicro(), now.Add(-24*time.Hour).UnixMicro())
	}
	d.exec(`INSERT INTO studies (user_id, deck_id, ring_at) VALUES (?, ?, ?) ON CONFLICT (user_id, deck_id) DO UPDATE SET ring_at = excluded.ring_at`,
		d.ann, d.decks[deck], now.UnixMicro()) // a look puts it right
	return cards
}

func (d *desk) exec(sql string, args ...any) {
	d.t.Helper()
	if err := d.Write(ctx, func(tx *models.Tx) error { return tx.Exec(sql, args...).Error }); err != nil {
		d.t.Fatal(err)
	}
}

// ring lets the engine look, as it does when something is due and each second, and
// checks what holds always.
func (d *desk) ring() {
	d.t.Helper()
	for range 10 {
		next := ok[time.Time](d.t)(d.RingDue(ctx))
		if next.IsZero() || next.After(d.Clock.Now()) {
			d.counted()
			return
		}
	}
	d.t.Fatal("there is always something due")
}

// until lets time pass, with the engine running.
func (d *desk) until(end time.Time) {
	d.t.Helper()
	for {
		d.ring()
		next := ok[time.Time](d.t)(d.RingDue(ctx))
		if next.IsZero() || next.After(end) {
			d.Clock.Add(end.Sub(d.Clock.Now()))
			d.ring()
			return
		}
		d.Clock.Add(next.Sub(d.Clock.Now()))
	}
}

func (d *desk) pass(t time.Duration) { d.t.Helper(); d.until(d.Clock.Now().Add(t)) }

// counted holds the badge against the inbox, and the inbox against its rule.
func (d *desk) counted() {
	d.t.Helper()
	head := ok[models.Head](d.t)(d.Head(ctx, d.ann))
	if want := recount(d.t, d.Store, d.ann); head.Counts != want {
		d.t.Fatalf("the badge is %+v, recounted %+v", head.Counts, want)
	}
	var twice []string
	if err := d.Read(ctx).Raw(`SELECT group_key FROM notifications WHERE recalled_at IS NULL AND kind = 'cards.due' GROUP BY user_id, group_key HAVING COUNT(*) > 1`).Scan(&twice).Error; err != nil || len(twice) > 0 {
		d.t.Fatal(twice, err)
	}
}

// said is an event of due cards as a test writes it down.
func said(e models.Entry) string {
	switch e.Name {
	case "notification.created", "notification.updated":
		var m struct {
			Notification struct{ ID, Kind, Title string }
			Alert        bool
		}
		if err := json.Unmarshal(e.Message, &m); err != nil || m.Notification.Kind != "cards.due" {
			return ""
		}
		how := map[string]string{"notification.createdfalse": "+", "notification.updatedtrue": "!", "notification.updatedfalse": "~"}[fmt.Sprint(e.Name, m.Alert)]
		return fmt.Sprintf("%s %s", how, m.Notification.Title)
	case "notification.recalled":
		return "-"
	case "reminders.updated":
		return "reminders"
	}
	return ""
}

// events are what ann has heard of due cards since the last time: + new, ! again, ~ silently
// changed, - taken back.
func (d *desk) events() (heard []string) {
	d.t.Helper()
	log := d.Log(d.ann)
	for _, e := range log[d.seen:] {
		if s := said(e); s != "" {
			heard = append(heard, s)
		}
	}
	d.seen = len(log)
	return heard
}

// hears checks what ann has heard since the last time.
func (d *desk) hears(what string, want ...string) {
	d.t.Helper()
	if got := d.events(); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		d.t.Fatalf("%s (%s): heard %q, want %q", what, d.Clock.Now().Format("Mon 15:04:05"), got, want)
	}
	d.counted()
}

// inbox are the open items of due cards, the newest first.
func (d *desk) inbox() (items []models.Notification) {
	d.t.Helper()
	for _, item := range ok[models.Inbox](d.t)(d.ListNotifications(ctx, d.ann, "all", "", 50)).Items {
		if item.Kind == "cards.due" {
			items = append(items, item)
		}
	}
	return items
}

func (d *desk) remind(in models.ReminderInput) models.Reminder {
	d.t.Helper()
	r := ok[models.Reminder](d.t)(d.CreateReminder(ctx, d.ann, in))
	d.events()
	return r
}

func (d *desk) profile(change models.ProfileChange) {
	d.t.Helper()
	ok[models.Profile](d.t)(d.accounts.UpdateProfile(ctx, d.ann, change))
	d.events()
}
