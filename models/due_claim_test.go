package models_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// calls are how often a user was called, by what the items say.
func calls(s *modelstest.Store, user int64) (heard []string) {
	for _, e := range s.Log(user) {
		if what := said(e); what != "" && what != "reminders" {
			heard = append(heard, what)
		}
	}
	return heard
}

// crowd makes users who each have a deck of their own with a learning card and a review
// that are due, and a digest for now.
func crowd(t testing.TB, s *modelstest.Store, n int) []int64 {
	t.Helper()
	users := s.Users(n)
	err := s.Write(ctx, func(tx *models.Tx) error {
		now := tx.Now()
		for _, sql := range []string{
			`INSERT INTO decks (owner_id, name, notes, cards, created_at, updated_at) SELECT id, 'Deck ' || id, 1, 2, @now, @now FROM users`,
			`INSERT INTO deck_members (deck_id, user_id, role, created_at) SELECT id, owner_id, 'owner', @now FROM decks`,
			`INSERT INTO notes (deck_id, type, fields, created_at, updated_at) SELECT id, 'reversed', '{"Front":"a","Back":"b"}', @now, @now FROM decks`,
			`INSERT INTO cards (note_id, deck_id, ord, created_at) SELECT n.id, n.deck_id, o.ord, @now FROM notes n, (SELECT 0 AS ord UNION SELECT 1) o`,
			`INSERT INTO schedules (card_id, user_id, deck_id, state, stability, difficulty, due_at, last_review_at, reps)
				SELECT c.id, d.owner_id, d.id, 1 + c.ord, 1, 5, @micros, @micros - 600000000, 1 FROM cards c JOIN decks d ON d.id = c.deck_id`,
			`INSERT INTO studies (user_id, deck_id, ring_at) SELECT owner_id, id, @micros FROM decks`,
			`INSERT INTO reminders (user_id, at, days, next_at, created_at) SELECT id, '12:00', 127, @micros, @now FROM users`,
		} {
			if err := tx.Exec(sql, map[string]any{"now": now, "micros": now.UnixMicro()}).Error; err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return users
}

// Learning cards and a digest that come together are one event.
func TestWhatComesTogetherIsOneEvent(t *testing.T) {
	s := modelstest.Open(t)
	users := crowd(t, s, 300)
	next := ok[time.Time](t)(s.RingDue(ctx))
	if !next.Equal(s.Clock.Now().Add(24 * time.Hour)) {
		t.Errorf("next at %s", next)
	}
	for i, user := range users {
		if got := calls(s, user); fmt.Sprint(got) != fmt.Sprintf("[+ 2 cards due in Deck %d]", i+1) {
			t.Fatalf("user %d heard %q", user, got)
		}
	}
}

// Two processes that ring at the same time call nobody twice, and nobody never.
func TestTwoProcessesRingOnce(t *testing.T) {
	s := modelstest.OpenPatient(t, time.Minute)
	users := crowd(t, s, 200)
	other, err := models.Open(models.Options{Path: s.Path, Now: s.Clock.Now, Bell: &modelstest.Bell{}, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var all sync.WaitGroup
	for _, db := range []*models.DB{s.DB, other, s.DB, other} {
		all.Go(func() {
			if _, err := db.RingDue(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, user := range users {
		if got := calls(s, user); len(got) != 1 {
			t.Fatalf("user %d heard %q", user, got)
		}
	}
}

// A store that fails in the middle, as a process does that dies, leaves each user either
// called and done, or not called and still due.
func TestRingingThatBreaksOff(t *testing.T) {
	for name, c := range map[string]struct{ off, on string }{
		"full":      {"PRAGMA max_page_count = 1", "PRAGMA max_page_count = 4294967294"},
		"read-only": {"PRAGMA query_only = 1", "PRAGMA query_only = 0"},
	} {
		t.Run(name, func(t *testing.T) {
			s := modelstest.Open(t)
			users := crowd(t, s, 150)
			if err := s.OnWriter(c.off); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if _, err := s.RingDue(ctx); !models.StoreIsAway(err) {
					t.Fatal(err)
				}
			}
			if err := s.OnWriter(c.on); err != nil {
				t.Fatal(err)
			}
			ok[time.Time](t)(s.RingDue(ctx))
			for _, user := range users {
				if got := calls(s, user); len(got) != 1 {
					t.Fatalf("user %d heard %q", user, got)
				}
				if head := ok[models.Head](t)(s.Head(ctx, user)); head.Counts != recount(t, s, user) {
					t.Fatalf("user %d: %+v", user, head.Counts)
				}
			}
		})
	}
}

// What fails of one user keeps nobody else, and comes when it can.
func TestOneUsersFailureIsTheirsAlone(t *testing.T) {
	s := modelstest.Open(t)
	users := crowd(t, s, 40)
	bad := users[7]
	exec := func(sql string, args ...any) {
		t.Helper()
		if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Exec(sql, args...).Error }); err != nil {
			t.Fatal(err)
		}
	}
	exec(`UPDATE studies SET preset = 'no JSON' WHERE user_id = ?`, bad)
	next := ok[time.Time](t)(s.RingDue(ctx))
	if want := s.Clock.Now().Add(time.Minute); !next.Equal(want) {
		t.Errorf("next at %s, want %s", next, want)
	}
	for _, user := range users {
		if got := calls(s, user); (len(got) == 1) == (user == bad) {
			t.Fatalf("user %d heard %q", user, got)
		}
	}
	exec(`UPDATE studies SET preset = '{}' WHERE user_id = ?`, bad)
	ok[time.Time](t)(s.RingDue(ctx))
	if got := calls(s, bad); len(got) != 0 {
		t.Errorf("before its time: %q", got)
	}
	s.Clock.Add(time.Minute)
	ok[time.Time](t)(s.RingDue(ctx))
	if got := calls(s, bad); len(got) != 1 {
		t.Errorf("heard %q", got)
	}
}

// A clock that was ahead, and is put back, does not silence what falls due.
func TestAClockThatWasAhead(t *testing.T) {
	d := newDesk(t, "Spanish")
	d.learn("Spanish", hours(1)...)
	d.pass(time.Hour)
	d.hears("due", "+ 1 card due in Spanish")
	d.Clock.Add(-48 * time.Hour)
	card := d.cards("Spanish", 1)[0]
	d.answer(card, 3)
	d.pass(10 * time.Minute)
	d.hears("due again", "-", "+ 1 card due in Spanish")
	d.pass(time.Minute)
	d.exec(`UPDATE studies SET rung_at = ?`, d.Clock.Now().Add(time.Hour).UnixMicro())
	d.learn("Spanish", hours(0.1)...)
	d.pass(6 * time.Minute)
	d.hears("one that was not answered since", "-", "+ 1 card due in Spanish", "! 2 cards due in Spanish")
}

// Those who were there before reminders were have the digest too, from the next morning on.
func TestOldUsersGetADigest(t *testing.T) {
	s := modelstest.Open(t)
	ann := crowd(t, s, 1)[0]
	if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Exec(`UPDATE reminders SET next_at = 0, at = '08:00'`).Error }); err != nil {
		t.Fatal(err)
	}
	ok[time.Time](t)(s.RingDue(ctx))
	if got := calls(s, ann); fmt.Sprint(got) != "[+ 1 card due in Deck 1]" { // the learning card alone
		t.Errorf("heard %q", got)
	}
	list := ok[[]models.Reminder](t)(s.ListReminders(ctx, ann))
	if len(list) != 1 || list[0].NextAt == nil || list[0].NextAt.Format(time.RFC3339) != "2026-05-14T08:00:00Z" {
		t.Errorf("%+v", list)
	}
}
