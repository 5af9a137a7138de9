package models_test

import (
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// One log of a million events that are all over their time, while others push: the
// worst push is what they feel.
func BenchmarkPushWhileALongLogIsTrimmed(b *testing.B) {
	s := modelstest.Open(b)
	long, bob := s.User("long"), s.User("bob")
	fill(b, s, long, 1_000_000, s.Clock.Now().Add(-9*day))
	push := func(n int) (worst, all time.Duration) {
		for range n {
			began := time.Now()
			if err := say(s, bob); err != nil {
				b.Fatal(err)
			}
			took := time.Since(began)
			worst, all = max(worst, took), all+took
		}
		return worst, all / time.Duration(n)
	}
	worstAlone, alone := push(2000)
	done := make(chan error, 1)
	began := time.Now()
	go func() { done <- s.Trim(ctx, models.Retention{Days: 3, Events: 1_000_000}) }()
	worst, mean, rounds := time.Duration(0), time.Duration(0), 0
	for {
		w, m := push(200)
		worst, mean, rounds = max(worst, w), mean+m, rounds+1
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(alone.Microseconds()), "alone-µs")
			b.ReportMetric(float64(worstAlone.Microseconds()), "alone-worst-µs")
			b.ReportMetric(float64((mean / time.Duration(rounds)).Microseconds()), "meanwhile-µs")
			b.ReportMetric(float64(worst.Microseconds()), "meanwhile-worst-µs")
			b.ReportMetric(time.Since(began).Seconds(), "trim-s")
			return
		default:
		}
	}
}

// What the chore costs when there is nothing to do, which is nearly always.
func BenchmarkTrimNothingOf100000Users(b *testing.B) {
	s := modelstest.Open(b)
	users := s.Users(100_000)
	err := s.Write(ctx, func(tx *models.Tx) error { return tx.Append("x", 1, users...) })
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := s.Trim(ctx, models.Retention{Days: 90, Events: 10_000}); err != nil {
			b.Fatal(err)
		}
	}
}

// A day's worth of them all: each of 100,000 logs loses an event.
func BenchmarkTrimOneEventOf100000Users(b *testing.B) {
	s := modelstest.Open(b)
	users := s.Users(100_000)
	for b.Loop() {
		b.StopTimer()
		if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Append("x", 1, users...) }); err != nil {
			b.Fatal(err)
		}
		s.Clock.Add(2 * day)
		b.StartTimer()
		if err := s.Trim(ctx, models.Retention{Days: 1, Events: 10_000}); err != nil {
			b.Fatal(err)
		}
	}
}
