package fsrs_test

import (
	"math"
	"testing"
	"time"

	"aoki/models/fsrs"
)

// FuzzAnswer answers cards of any numbers, as a store or an import may hold them: the
// next card is always a sound one.
func FuzzAnswer(f *testing.F) {
	const year1, year9900 = -62135596800, 250244380800 // what RFC 3339 can say, and room for the interval
	for _, state := range []uint8{0, 1, 2, 3, 4, 255} {
		f.Add(int64(7), state, 1, 2.3, 5.0, t0.Unix(), t0.Unix()-86400, t0.Unix()+60, 3, 0, 3, 0.9, 36500, true)
	}
	f.Add(int64(-1), uint8(2), -5, math.MaxFloat64, -math.MaxFloat64, int64(year1), int64(year1), int64(year9900), math.MaxInt, math.MinInt, 1, 0.7, 1, true)
	f.Add(int64(math.MaxInt64), uint8(2), math.MinInt, math.SmallestNonzeroFloat64, 0.0, int64(year9900), int64(year1), int64(year1), -1, -1, 4, 0.99, 2, false)
	f.Add(int64(0), uint8(3), math.MaxInt, 0.0, 1e300, int64(year1), int64(year9900), int64(year9900), 0, 0, 2, 0.8, 5, false)
	f.Add(int64(1), uint8(2), 2, math.NaN(), math.Inf(1), t0.Unix(), t0.Unix(), t0.Unix()+86400, 1, 1, 3, 0.9, 100, true)
	f.Add(int64(1), uint8(1), 1, math.Inf(-1), math.NaN(), t0.Unix(), t0.Unix(), t0.Unix()+86400, 1, 1, 1, 0.9, 100, true)
	berlin := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, id int64, state uint8, left int, stability, difficulty float64, due, last, at int64, reps, lapses, rating int,
		retention float64, most int, fuzz bool) {
		p := fsrs.Default()
		p.Retention, p.MaximumInterval, p.Fuzz = retention, most, fuzz
		if left%2 == 0 {
			p.Steps, p.RelearningSteps = nil, nil
		}
		s, err := fsrs.NewScheduler(p, fsrs.Calendar{Zone: berlin, Rollover: 4})
		if err != nil {
			return // TestInvalidParams knows which
		}
		for _, unix := range []int64{due, last, at} {
			if unix < year1 || unix > year9900 {
				return
			}
		}
		card := fsrs.Card{ID: id, State: fsrs.State(state), StepsLeft: left, Stability: stability, Difficulty: difficulty,
			Due: time.Unix(due, 0), LastReview: time.Unix(last, 0), Reps: reps, Lapses: lapses}
		when := time.Unix(at, 0)
		next, err := s.Answer(card, fsrs.Rating(rating), when)
		if refused := rating < 1 || rating > 4 || card.State != fsrs.New && at < last; refused != (err != nil) {
			t.Fatalf("rating %d at %v after %v: %v", rating, when, card.LastReview, err)
		}
		if err != nil {
			return
		}
		if !(next.Stability >= 0.001 && next.Stability <= 36500) || !(next.Difficulty >= 1 && next.Difficulty <= 10) {
			t.Errorf("S %v D %v", next.Stability, next.Difficulty)
		}
		if !next.Due.After(when) || next.Due.After(when.Add(time.Duration(p.MaximumInterval)*day+2*time.Hour)) {
			t.Errorf("due at %v, answered at %v", next.Due, when)
		}
		if next.State != fsrs.Learning && next.State != fsrs.Review && next.State != fsrs.Relearning {
			t.Errorf("state %v", next.State)
		}
		if left := s.Retrievability(next, next.Due); !(left >= 0 && left <= 1) {
			t.Errorf("%v left when due", left)
		}
		if left := s.Retrievability(card, when); !(left >= 0 && left <= 1) {
			t.Errorf("%v left of the card before", left)
		}
	})
}

func TestAnswerMakesNoGarbage(t *testing.T) {
	p := fsrs.Default()
	p.Fuzz = true
	s := scheduler(t, p, fsrs.Calendar{Zone: zone(t, "Europe/Berlin"), Rollover: 4})
	card := fsrs.Card{State: fsrs.Review, Stability: 30, Difficulty: 5, LastReview: t0, Due: t0.Add(30 * day)}
	for _, c := range []fsrs.Card{{}, card} {
		if n := testing.AllocsPerRun(100, func() { s.Answer(c, fsrs.Good, t0.Add(30*day)) }); n != 0 {
			t.Errorf("an answer in %v makes %v allocations", c.State, n)
		}
	}
}

func BenchmarkAnswer(b *testing.B) {
	p := fsrs.Default()
	p.Fuzz = true
	s := scheduler(b, p, fsrs.Calendar{Zone: zone(b, "Europe/Berlin"), Rollover: 4})
	at := t0.Add(30 * day)
	for name, card := range map[string]fsrs.Card{
		"new":    {ID: 1},
		"review": {ID: 1, State: fsrs.Review, Stability: 30, Difficulty: 5, LastReview: t0, Due: at, Reps: 9},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Answer(card, fsrs.Good, at); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
