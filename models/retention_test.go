package models_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

const day = 24 * time.Hour

// say adds an event that says its own number.
func say(s *modelstest.Store, user int64) error {
	return s.Write(ctx, func(tx *models.Tx) error {
		head, err := tx.HeadOf(user)
		if err != nil {
			return err
		}
		return tx.Append("x", head+1, user)
	})
}

func stored(t *testing.T, s *modelstest.Store, user int64) (first, last, n int64) {
	t.Helper()
	if err := s.Read(ctx).Raw(`SELECT COALESCE(MIN(seq), 0), COALESCE(MAX(seq), 0), COUNT(*) FROM events WHERE user_id = ?`, user).
		Row().Scan(&first, &last, &n); err != nil {
		t.Fatal(err)
	}
	return first, last, n
}

func TestTrim(t *testing.T) {
	for _, c := range []struct {
		name    string
		days    []int // how many days before the trim each event was made
		keep    models.Retention
		trimmed int64
	}{
		{"nothing", nil, models.Retention{Days: 1, Events: 1}, 0},
		{"all young", []int{2, 1, 0}, models.Retention{Days: 3, Events: 10}, 0},
		{"to the very moment", []int{3, 2}, models.Retention{Days: 3, Events: 10}, 0},
		{"some old", []int{5, 4, 2, 1}, models.Retention{Days: 3, Events: 10}, 2},
		{"all old", []int{9, 8, 7}, models.Retention{Days: 3, Events: 10}, 3},
		{"too many", []int{0, 0, 0, 0, 0}, models.Retention{Days: 3, Events: 2}, 3},
		{"just as many", []int{0, 0}, models.Retention{Days: 3, Events: 2}, 0},
		{"old and too many", []int{9, 9, 9, 0, 0}, models.Retention{Days: 3, Events: 4}, 3},
		{"too many and old", []int{9, 0, 0, 0, 0}, models.Retention{Days: 3, Events: 2}, 3},
		{"an old one behind a young one", []int{9, 0, 9, 0}, models.Retention{Days: 3, Events: 10}, 1},
		{"that is over their number", []int{9, 0, 9, 9, 0}, models.Retention{Days: 3, Events: 3}, 4},
		{"for ever", []int{30_000, 1}, models.Retention{Days: 36_500, Events: 10}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := modelstest.Open(t)
			ann, bob := s.User("ann"), s.User("bob")
			now := s.Clock.Now()
			for i, days := range c.days {
				if err := say(s, ann); err != nil {
					t.Fatal(err)
				}
				at := now.AddDate(0, 0, -days).UnixMicro()
				if err := s.OnWriter(fmt.Sprintf(`UPDATE events SET created_at = %d WHERE user_id = %d AND seq = %d`, at, ann, i+1)); err != nil {
					t.Fatal(err)
				}
			}
			if err := say(s, bob); err != nil {
				t.Fatal(err)
			}
			for range 2 { // again changes nothing
				if err := s.Trim(ctx, c.keep); err != nil {
					t.Fatal(err)
				}
				head := ok[models.Head](t)(s.Head(ctx, ann))
				if head.Trimmed != c.trimmed || head.Head != int64(len(c.days)) {
					t.Errorf("trimmed %d of %d, want %d", head.Trimmed, head.Head, c.trimmed)
				}
				_, last, n := stored(t, s, ann)
				if n != head.Head-head.Trimmed || n > 0 && last != head.Head {
					t.Errorf("%d events to %d are stored", n, last)
				}
			}
			if head := ok[models.Head](t)(s.Head(ctx, bob)); head.Trimmed != 0 || head.Head != 1 {
				t.Errorf("bob's log: %+v", head)
			}
			if err := say(s, ann); err != nil { // and goes on with the next number
				t.Fatal(err)
			}
			page := ok[[]models.Entry](t)(s.After(ctx, ann, int64(len(c.days)), 10))
			if len(page) != 1 || page[0].Seq != int64(len(c.days))+1 {
				t.Errorf("after it: %+v", page)
			}
		})
	}
}

// readAll reads a log from a cursor as a client does, and fails the test at a gap or
// at an event that is not the one of its number. It gives where the log ended, or
// false when the cursor is not served any more.
func readAll(t *testing.T, s *modelstest.Store, user, cursor int64) (int64, bool) {
	t.Helper()
	for {
		page, err := s.After(ctx, user, cursor, 7)
		if models.ErrorCode(err) == "trimmed" {
			return cursor, false
		}
		if err != nil {
			t.Error(err)
			return cursor, false
		}
		if len(page) == 0 {
			return cursor, true
		}
		for _, e := range page {
			cursor++
			var says int64
			if e.Name == "x" && (json.Unmarshal(e.Message, &says) != nil || says != cursor) || e.Seq != cursor {
				t.Errorf("event %d is where %d should be (%s)", e.Seq, cursor, e.Message)
				return cursor, false
			}
		}
	}
}

// Whatever is trimmed and whenever: a cursor is served to the head without a gap, or
// it is told that it can't be; one at `trimmed` or behind it is served.
func TestTrimLeavesNoGap(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			s := modelstest.Open(t)
			users := s.Users(3)
			for range 150 {
				user := users[rnd.IntN(len(users))]
				switch rnd.IntN(6) {
				case 0, 1:
					for range rnd.IntN(12) {
						if err := say(s, user); err != nil {
							t.Fatal(err)
						}
					}
				case 2:
					if _, err := s.CreatePush(ctx, user, toAll, models.Reach{Audience: 3}); err != nil {
						t.Fatal(err)
					}
				case 3:
					s.Clock.Add(time.Duration(rnd.Int64N(int64(3 * day))))
				case 4:
					keep := models.Retention{Days: 1 + rnd.IntN(20), Events: 1 + rnd.Int64N(40)}
					trim := s.Trim
					if rnd.IntN(3) == 0 {
						trim = s.TrimCutOff // and somebody else goes on later
					}
					if err := trim(ctx, keep); err != nil {
						t.Fatal(err)
					}
				case 5:
					head := ok[models.Head](t)(s.Head(ctx, user))
					for _, cursor := range []int64{0, head.Trimmed - 1, head.Trimmed, head.Trimmed + 1, rnd.Int64N(head.Head + 1), head.Head} {
						if cursor < 0 || cursor > head.Head {
							continue
						}
						end, served := readAll(t, s, user, cursor)
						if served && end != head.Head || !served && (cursor >= head.Trimmed || end != cursor) {
							t.Fatalf("from %d: served %v to %d; %+v", cursor, served, end, head)
						}
					}
				}
			}
		})
	}
}

// Readers, writers and the chore at once.
func TestTrimWhileOthersRead(t *testing.T) {
	s := modelstest.Open(t)
	users := s.Users(2)
	ctx, cancel := context.WithCancel(ctx)
	var writing, others sync.WaitGroup
	for _, user := range users {
		writing.Go(func() {
			for range 150 {
				if err := say(s, user); err != nil {
					t.Error(err)
					return
				}
			}
		})
		for range 2 {
			others.Go(func() {
				for cursor := int64(0); ctx.Err() == nil && !t.Failed(); {
					var served bool
					if cursor, served = readAll(t, s, user, cursor); !served {
						head, err := s.Head(context.Background(), user)
						if err != nil || head.Trimmed <= cursor {
							t.Errorf("%d is refused, though %+v %v", cursor, head, err)
							return
						}
						cursor = head.Head
					}
				}
			})
		}
	}
	others.Go(func() {
		for ctx.Err() == nil {
			if err := s.Trim(ctx, models.Retention{Days: 9, Events: 20}); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	writing.Wait()
	cancel()
	others.Wait()
	if err := s.Trim(context.Background(), models.Retention{Days: 9, Events: 20}); err != nil {
		t.Fatal(err)
	}
	for _, user := range users {
		if first, last, n := stored(t, s, user); first != 131 || last != 150 || n != 20 {
			t.Errorf("%d events from %d to %d", n, first, last)
		}
	}
}

// The process ends when a log has said that it is trimmed and nothing is deleted yet.
func TestTrimThatIsCutOff(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	for range 10 {
		if err := say(s, ann); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.TrimCutOff(ctx, models.Retention{Days: 9, Events: 4}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s.DB = ok[*models.DB](t)(models.Open(models.Options{Path: s.Path, Now: s.Clock.Now}))
	defer s.Close()
	if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Trimmed != 6 || head.Head != 10 {
		t.Errorf("%+v", head)
	}
	for cursor := range int64(11) {
		if end, served := readAll(t, s, ann, cursor); !served || end != 10 { // nothing is lost yet, so nothing may be skipped
			t.Errorf("from %d: served %v to %d", cursor, served, end)
		}
	}
	if err := s.Trim(ctx, models.Retention{Days: 9, Events: 100}); err != nil { // more would be kept now
		t.Fatal(err)
	}
	if first, last, n := stored(t, s, ann); first != 7 || last != 10 || n != 4 {
		t.Errorf("%d events from %d to %d", n, first, last)
	}
}

// A batch that has a log's counters in memory does not write back an old `trimmed`.
func TestTrimWithinABatch(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	for range 5 {
		if err := say(s, ann); err != nil {
			t.Fatal(err)
		}
	}
	for i, err := range s.CommitTogether(
		appendTo(ann),
		func(tx *models.Tx) error { return tx.SetTrimmed(ann, 3) },
		appendTo(ann),
		func(tx *models.Tx) error { return tx.Flush() },
		func(tx *models.Tx) error {
			if err := tx.Append("x", 1, ann); err != nil {
				return err
			}
			return models.Errorf(models.Invalid, "and is undone")
		},
		appendTo(ann),
	) {
		if err != nil && i != 4 {
			t.Fatal(i, err)
		}
	}
	if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Trimmed != 3 || head.Head != 8 {
		t.Errorf("%+v", head)
	}
}

// A log of more than one step is trimmed whole, over several commits.
func TestTrimOfALongLog(t *testing.T) {
	s := modelstest.Open(t)
	ann, bob := s.User("ann"), s.User("bob")
	fill(t, s, ann, 23_456, s.Clock.Now().Add(-9*day))
	fill(t, s, bob, 700, s.Clock.Now())
	if err := s.Trim(ctx, models.Retention{Days: 3, Events: 600}); err != nil {
		t.Fatal(err)
	}
	if first, last, n := stored(t, s, ann); n != 0 {
		t.Errorf("%d events from %d to %d", n, first, last)
	}
	if first, last, n := stored(t, s, bob); first != 101 || last != 700 || n != 600 {
		t.Errorf("%d events from %d to %d", n, first, last)
	}
	if page, err := s.After(ctx, ann, 23_456, 10); err != nil || len(page) != 0 {
		t.Error("at the head of a log of which all is trimmed:", page, err)
	}
	_, err := s.After(ctx, ann, 23_455, 10)
	code(t, err, "trimmed")
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	code(t, s.Trim(canceled, models.Retention{Days: 1, Events: 1}), models.Canceled)
}

// fill makes a log of n events at a time, as if they had been written.
func fill(t testing.TB, s *modelstest.Store, user, n int64, at time.Time) {
	t.Helper()
	err := s.Write(ctx, func(tx *models.Tx) error {
		if err := tx.Exec(`INSERT INTO events (user_id, seq, name, payload, created_at)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT ?, i, 'x', i, ? FROM n`, n, user, at.UnixMicro()).Error; err != nil {
			return err
		}
		return tx.Exec(`UPDATE logs SET head = ? WHERE user_id = ?`, n, user).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}
