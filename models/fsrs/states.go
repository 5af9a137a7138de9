package fsrs

import "time"

// review answers a card that is in review.
func (s *Scheduler) review(c Card, next *[4]Card) {
	by := fuzz(c)
	last := round(float64(c.Interval()) / float64(day))
	hard := s.pass(&next[1], last, 1, by)
	good := s.pass(&next[2], last, hard+1, by)
	s.pass(&next[3], last, good+1, by)

	again := &next[0]
	again.Lapses++
	if n := len(s.relearning); n > 0 {
		toStep(again, Relearning, n, s.relearning[0])
		return
	}
	// Not moved by fuzz, as in Anki; but never beyond what Hard was moved to.
	s.toReview(again, min(max(round(s.days(again)), 1), hard))
}

// pass lets a remembered card come back after so many days, not fewer than the least.
// Where that is more than the last time, fuzz doesn't take it back.
func (s *Scheduler) pass(c *Card, last, least int, by float64) (days int) {
	interval := s.days(c)
	if round(interval) > last {
		least = max(least, last+1)
	}
	days = s.fit(interval, least, by)
	s.toReview(c, days)
	return days
}

// step answers a card that is new or has steps before it.
func (s *Scheduler) step(c Card, next *[4]Card) {
	state, steps := Learning, s.steps
	if c.State == Relearning {
		state, steps = Relearning, s.relearning
	}
	total, here := len(steps), 0
	if c.State != New {
		here = stepAt(total, c.StepsLeft)
	}
	by := fuzz(c)
	again, hard, good, easy := &next[0], &next[1], &next[2], &next[3]

	graduated := s.fit(s.wholeDays(good), 1, by)
	if here+1 < total {
		toStep(good, state, total-here-1, steps[here+1])
	} else {
		s.toReview(good, graduated)
	}
	s.toReview(easy, s.fit(s.wholeDays(easy), graduated+1, by))

	if total > 0 {
		toStep(again, state, total, steps[0])
		toStep(hard, state, total-here, hardDelay(steps, here))
	} else {
		s.toReview(again, s.fit(s.wholeDays(again), 1, by))
		s.toReview(hard, s.fit(s.wholeDays(hard), 1, by))
	}
	// Steps and weights may be in any order; the buttons are not.
	if hard.Due.After(good.Due) {
		hard.Due = good.Due
	}
}

// wholeDays is the interval with which a card leaves its steps, before fuzz.
func (s *Scheduler) wholeDays(c *Card) float64 { return float64(max(1, round(s.days(c)))) }

// stepAt is the step that a card stands at. Steps are counted from the end, as in
// Anki: where steps were added or taken away since, no card has more before it.
func stepAt(total, left int) int {
	return max(0, min(total-left, total-1))
}

// hardDelay repeats the step. At the first that would be Again, so it lies between
// Again and what Good would be.
func hardDelay(steps []time.Duration, here int) time.Duration {
	if here > 0 {
		return steps[here]
	}
	delay := steps[0] * 3 / 2 // Anki's "at most a day more" is for steps of over two days
	if len(steps) > 1 {
		delay = (steps[0] + steps[1]) / 2
	}
	if delay > day {
		return delay.Round(day)
	}
	return delay.Truncate(time.Second)
}
