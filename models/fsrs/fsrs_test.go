package fsrs_test

import (
	"math"
	"testing"
	"time"

	"aoki/models/fsrs"
)

var t0 = time.Date(2022, 11, 29, 12, 30, 0, 0, time.UTC)

func scheduler(t testing.TB, p fsrs.Params, c fsrs.Calendar) *fsrs.Scheduler {
	t.Helper()
	s, err := fsrs.NewScheduler(p, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func answer(t testing.TB, s *fsrs.Scheduler, c fsrs.Card, r fsrs.Rating, at time.Time) fsrs.Card {
	t.Helper()
	next, err := s.Answer(c, r, at)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// near is within 1e-4, as the published numbers are.
func near(got, want float64) bool { return math.Abs(got-want) <= 1e-4 }
