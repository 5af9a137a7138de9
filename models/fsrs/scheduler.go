package fsrs

import (
	"fmt"
	"slices"
	"time"
)

// Scheduler schedules cards for one user and one set of parameters. It never changes,
// so it may be shared.
type Scheduler struct {
	model
	calendar          Calendar
	steps, relearning []time.Duration
	most              int     // days
	stretch           float64 // days of interval for each day of stability
	fuzz              bool
}

// NewScheduler makes a scheduler, or says in an [Invalid] what is wrong.
func NewScheduler(p Params, c Calendar) (*Scheduler, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if c.Rollover < 0 || c.Rollover > 23 {
		return nil, Invalid{{"rollover", "must be an hour from 0 to 23"}}
	}
	s := &Scheduler{
		model:      newModel(padded(p.Weights)),
		calendar:   c,
		steps:      slices.Clone(p.Steps),
		relearning: slices.Clone(p.RelearningSteps),
		most:       p.MaximumInterval,
		fuzz:       p.Fuzz,
	}
	s.stretch = s.interval(p.Retention)
	return s, nil
}

// Retrievability is the probability, from 0 to 1, that the card is remembered on the
// day of that time; 0 of a new card.
func (s *Scheduler) Retrievability(c Card, at time.Time) float64 {
	if c.State == New {
		return 0
	}
	return s.retrievability(s.calendar.Between(c.LastReview, at), clamp(c.Stability, minStability, maxStability))
}

// Answer is the card after an answer. Its times are in UTC, and it is due after the
// answer, never before. It refuses, with an [Invalid], a rating that is none and a
// time before the card's last answer.
func (s *Scheduler) Answer(c Card, r Rating, at time.Time) (Card, error) {
	if r < Again || r > Easy {
		return c, Invalid{{"rating", fmt.Sprintf("must be 1 (again), 2 (hard), 3 (good) or 4 (easy), and not %d", int(r))}}
	}
	if c.State != New && at.Before(c.LastReview) {
		return c, Invalid{{"answered_at", "must not be before the card's last review"}}
	}
	return s.Preview(c, at)[r-Again], nil
}

// Preview is what the card becomes by Again, Hard, Good and Easy, in this order:
// exactly what [Scheduler.Answer] gives. Hard is never due after Good, and Easy is due
// after Good unless it has the longest interval already.
func (s *Scheduler) Preview(c Card, at time.Time) [4]Card {
	at = at.UTC() // and without the monotonic clock, which no store keeps
	memories := s.first()
	if c.State != New {
		memories = s.next(memory{c.Stability, c.Difficulty}, s.calendar.Between(c.LastReview, at))
	}
	var next [4]Card
	for i, m := range memories {
		next[i] = Card{ID: c.ID, Stability: m.stability, Difficulty: m.difficulty, LastReview: at, Reps: c.Reps + 1, Lapses: c.Lapses}
	}
	if c.State == Review {
		s.review(c, &next)
	} else {
		s.step(c, &next)
	}
	return next
}

// Replay is the card that answers make of a new one, oldest first: what answering
// one by one has stored, as long as the parameters were the same.
func (s *Scheduler) Replay(id int64, log []Answer) (Card, error) {
	c := Card{ID: id}
	for i, a := range log {
		var err error
		if c, err = s.Answer(c, a.Rating, a.At); err != nil {
			return Card{}, fmt.Errorf("answer %d of %d: %w", i+1, len(log), err)
		}
	}
	return c, nil
}

// fit makes whole days of an interval, within bounds and moved by fuzz.
func (s *Scheduler) fit(interval float64, least int, by float64) int {
	if s.fuzz {
		return fuzzed(interval, least, s.most, by)
	}
	return min(max(round(interval), least), s.most)
}

// days is when a memory has fallen to the retention.
func (s *Scheduler) days(c *Card) float64 { return c.Stability * s.stretch }

// toReview lets a card come back after whole days.
func (s *Scheduler) toReview(c *Card, days int) {
	c.State, c.Due = Review, s.calendar.After(c.LastReview, days)
}

// toStep lets a card come back soon.
func toStep(c *Card, state State, left int, delay time.Duration) {
	c.State, c.StepsLeft, c.Due = state, left, c.LastReview.Add(delay)
}
