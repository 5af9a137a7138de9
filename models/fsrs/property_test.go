package fsrs_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"aoki/models/fsrs"
)

// between is a random number within bounds.
func between(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

// randomParams are any that are valid: weights anywhere within their bounds, steps in
// any order.
func randomParams(r *rand.Rand) fsrs.Params {
	p := fsrs.Default()
	if r.IntN(3) > 0 {
		for i, b := range [21][2]float64{
			{0.001, 100}, {0.001, 100}, {0.001, 100}, {0.001, 100}, {1, 10}, {0.001, 4}, {0.001, 4}, {0.001, 0.75}, {0, 4.5}, {0, 0.8}, {0.001, 3.5},
			{0.001, 5}, {0.001, 0.25}, {0.001, 0.9}, {0, 4}, {0, 1}, {1, 6}, {0, 2}, {0, 2}, {0, 0.8}, {0.1, 0.8},
		} {
			p.Weights[i] = between(r, b[0], b[1])
		}
	}
	if r.IntN(4) == 0 {
		p.Weights = p.Weights[:19]
	}
	some := func() (steps []time.Duration) {
		for range r.IntN(4) {
			steps = append(steps, time.Second+time.Duration(r.Int64N(int64(day-time.Second))))
		}
		return steps
	}
	if r.IntN(2) == 0 {
		p.Steps, p.RelearningSteps = some(), some()
	}
	p.Retention = between(r, 0.7, 0.99)
	p.MaximumInterval = []int{1, 2, 5, 100, 36500, 36500, 36500, 36500}[r.IntN(8)]
	p.Fuzz = r.IntN(2) == 0
	return p
}

// study answers at random times and hands each answer to see, with the card before it.
func study(t *testing.T, r *rand.Rand, s *fsrs.Scheduler, see func(before, after fsrs.Card, a fsrs.Answer)) {
	card := fsrs.Card{ID: r.Int64()}
	at := t0.Add(time.Duration(r.Int64N(int64(1000 * day))))
	for range 3 + r.IntN(20) {
		a := fsrs.Answer{Rating: fsrs.Rating(1 + r.IntN(4)), At: at}
		after := answer(t, s, card, a.Rating, a.At)
		see(card, after, a)
		card = after
		switch wait := card.Interval(); r.IntN(4) {
		case 0:
			at = at.Add(wait)
		case 1:
			at = at.Add(time.Duration(between(r, 0, float64(wait))))
		case 2:
			at = at.Add(time.Duration(between(r, 0, float64(20*time.Hour))))
		case 3:
			at = at.Add(wait + time.Duration(between(r, 0, float64(wait+time.Hour))))
		}
		if at.Year() > 2200 {
			return // time.Duration ends after 292 years
		}
	}
}

// everywhere studies with many parameters in many zones.
func everywhere(t *testing.T, check func(r *rand.Rand, p fsrs.Params, c fsrs.Calendar, s *fsrs.Scheduler)) {
	t.Helper()
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 6))
		p := randomParams(r)
		c := fsrs.Calendar{Zone: zone(t, zones[r.IntN(len(zones))]), Rollover: r.IntN(24)}
		if check(r, p, c, scheduler(t, p, c)); t.Failed() {
			t.Fatalf("seed %d: %+v, %s at %d", seed, p, c.Zone, c.Rollover)
		}
	}
}

func TestProperties(t *testing.T) {
	everywhere(t, func(r *rand.Rand, p fsrs.Params, c fsrs.Calendar, s *fsrs.Scheduler) {
		var log []fsrs.Answer
		study(t, r, s, func(before, after fsrs.Card, a fsrs.Answer) {
			log = append(log, a)
			next := s.Preview(before, a.At)
			if next[a.Rating-1] != after {
				t.Errorf("%v gives %+v, the preview says %+v", a.Rating, after, next[a.Rating-1])
			}
			hard, good, easy := next[1], next[2], next[3]
			if hard.Due.After(good.Due) {
				t.Errorf("Hard is due at %v, after Good at %v: %+v", hard.Due, good.Due, before)
			}
			if !good.Due.Before(easy.Due) && c.Between(a.At, easy.Due) < p.MaximumInterval {
				t.Errorf("Easy is due at %v, not after Good at %v: %+v", easy.Due, good.Due, before)
			}
			if days := c.Between(a.At, good.Due); before.State == fsrs.Review && days < p.MaximumInterval && days <= c.Between(a.At, hard.Due) {
				t.Errorf("Good is no day more than Hard: %+v", before)
			}
			for i, n := range next {
				holds(t, p, c, before, n, fsrs.Rating(i+1), a.At)
			}
		})
		replayed, err := s.Replay(0, log)
		stored := fsrs.Card{}
		for _, a := range log {
			stored = answer(t, s, stored, a.Rating, a.At)
		}
		if err != nil || replayed != stored {
			t.Errorf("replayed %+v, %v; stored %+v", replayed, err, stored)
		}
	})
}

// holds checks what is true of every card that was answered.
func holds(t *testing.T, p fsrs.Params, c fsrs.Calendar, before, after fsrs.Card, r fsrs.Rating, at time.Time) {
	t.Helper()
	if !(after.Stability >= 0.001 && after.Stability <= 36500) || !(after.Difficulty >= 1 && after.Difficulty <= 10) {
		t.Errorf("%v: S %v D %v", r, after.Stability, after.Difficulty)
	}
	if !after.Due.After(at) || !after.LastReview.Equal(at) || after.ID != before.ID || after.Reps != before.Reps+1 {
		t.Errorf("%v at %v: %+v", r, at, after)
	}
	lapse := before.State == fsrs.Review && r == fsrs.Again
	if got := after.Lapses - before.Lapses; got != 0 && !lapse || got != 1 && lapse {
		t.Errorf("%v of a card in %v is %d lapses", r, before.State, got)
	}
	switch after.State {
	case fsrs.Review:
		if days := c.Between(at, after.Due); days < 1 || days > p.MaximumInterval || after.StepsLeft != 0 {
			t.Errorf("%v: review after %d days with %d steps left", r, days, after.StepsLeft)
		}
	case fsrs.Learning, fsrs.Relearning:
		total := len(p.Steps)
		if after.State == fsrs.Relearning {
			total = len(p.RelearningSteps)
		}
		if after.StepsLeft < 1 || after.StepsLeft > total || after.Interval() > 2*day {
			t.Errorf("%v: %v with %d of %d steps left, after %v", r, after.State, after.StepsLeft, total, after.Interval())
		}
	default:
		t.Errorf("%v: %v", r, after.State)
	}
	if r != fsrs.Again && before.State != fsrs.New && after.Stability < min(before.Stability, 36500) {
		t.Errorf("%v lowers S from %v to %v", r, before.Stability, after.Stability)
	}
	if r == fsrs.Again && before.State != fsrs.New && c.Between(before.LastReview, at) > 0 && after.Stability > before.Stability {
		t.Errorf("Again raises S from %v to %v", before.Stability, after.Stability)
	}
}

// TestLaterIsStabler: of the same rating, the answer that came later leaves no smaller
// stability, from the day after the last one on; and the card was known no better.
func TestLaterIsStabler(t *testing.T) {
	everywhere(t, func(r *rand.Rand, p fsrs.Params, c fsrs.Calendar, s *fsrs.Scheduler) {
		card := fsrs.Card{State: fsrs.Review, Stability: between(r, 0.001, 200), Difficulty: between(r, 1, 10), LastReview: t0}
		last, left := s.Preview(card, c.After(t0, 1)), 1.0
		for _, days := range []int{1, 2, 3, 7, 30, 365, 3650} {
			at := c.After(t0, days)
			next, now := s.Preview(card, at), s.Retrievability(card, at)
			for i := range next {
				if next[i].Stability < last[i].Stability {
					t.Errorf("%v after %d days leaves %v, and sooner %v", fsrs.Rating(i+1), days, next[i].Stability, last[i].Stability)
				}
			}
			if now > left || now < 0 {
				t.Errorf("%v left after %d days, and %v before", now, days, left)
			}
			last, left = next, now
		}
	})
}

// TestBetterIsEasier: the better the rating, the less difficult and the more stable;
// stabilities of first answers are whatever the weights say.
func TestBetterIsEasier(t *testing.T) {
	everywhere(t, func(r *rand.Rand, p fsrs.Params, c fsrs.Calendar, s *fsrs.Scheduler) {
		study(t, r, s, func(before, _ fsrs.Card, a fsrs.Answer) {
			next := s.Preview(before, a.At)
			for i := 1; i < 4; i++ {
				if next[i].Difficulty > next[i-1].Difficulty || before.State != fsrs.New && next[i].Stability < next[i-1].Stability {
					t.Errorf("%v: %+v; %v: %+v", fsrs.Rating(i), next[i-1], fsrs.Rating(i+1), next[i])
				}
			}
		})
	})
}

// TestUndo: a card is a value, so an undo is the card as it was; the same answer
// again gives the same, fuzz included.
func TestUndo(t *testing.T) {
	everywhere(t, func(r *rand.Rand, p fsrs.Params, c fsrs.Calendar, s *fsrs.Scheduler) {
		var cards []fsrs.Card
		var log []fsrs.Answer
		study(t, r, s, func(before, after fsrs.Card, a fsrs.Answer) {
			cards, log = append(cards, after), append(log, a)
		})
		for i := len(log) - 1; i > 0; i-- {
			if again := answer(t, s, cards[i-1], log[i].Rating, log[i].At); again != cards[i] {
				t.Errorf("answered again: %+v, was %+v", again, cards[i])
			}
		}
	})
}

// TestFuzzIsUsed: cards learnt together part, over all of the range; but no interval
// that grows is moved back to what the card had reached.
func TestFuzzIsUsed(t *testing.T) {
	p := fsrs.Default()
	p.Fuzz = true
	s := scheduler(t, p, fsrs.Calendar{})
	for _, tt := range []struct{ last, from, to int }{{40, 33, 41}, {37, 33, 41}, {36, 37, 41}, {10, 33, 41}} {
		// Hard on the same day leaves S as it is.
		card := fsrs.Card{State: fsrs.Review, Stability: 37, Difficulty: 5, LastReview: t0, Due: t0.Add(time.Duration(tt.last) * day)}
		spread(t, s, card, fsrs.Hard, tt.from, tt.to)
	}
	// A card that leaves its steps has its interval in whole days before it is moved:
	// 4.5 alone would be moved to 3.
	p.Weights[17], p.Weights[19] = 0, 0 // leaves S as it is
	card := fsrs.Card{State: fsrs.Learning, StepsLeft: 1, Stability: 4.5, Difficulty: 5, LastReview: t0, Due: t0}
	spread(t, scheduler(t, p, fsrs.Calendar{}), card, fsrs.Good, 4, 6)
	card.State = fsrs.Review
	spread(t, scheduler(t, p, fsrs.Calendar{}), card, fsrs.Hard, 3, 6)
}

// spread checks that many cards come back on all days of a range, and on no other.
func spread(t *testing.T, s *fsrs.Scheduler, card fsrs.Card, r fsrs.Rating, from, to int) {
	t.Helper()
	seen := make(map[int]bool)
	for card.ID = range int64(300) {
		seen[int(answer(t, s, card, r, card.LastReview).Interval()/day)] = true
	}
	days := slices.Sorted(maps.Keys(seen))
	if len(days) != to-from+1 || days[0] != from || days[len(days)-1] != to {
		t.Errorf("S %v after %v: %v days, want all from %d to %d", card.Stability, card.Interval(), days, from, to)
	}
}
