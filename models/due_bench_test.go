package models_test

import (
	"slices"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// Thousands whose cards fall due in the same minute, each called once.
func BenchmarkRingDue(b *testing.B) {
	const users = 10_000
	for b.Loop() {
		b.StopTimer()
		s := modelstest.Open(b)
		crowd(b, s, users)
		b.StartTimer()
		begin := time.Now()
		if _, err := s.RingDue(ctx); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(users/time.Since(begin).Seconds(), "users/s")
	}
}

// What others wait for while thousands are called.
func BenchmarkWriteWhileRinging(b *testing.B) {
	s := modelstest.Open(b)
	users := crowd(b, s, 10_000)
	rung := make(chan error, 1)
	go func() {
		_, err := s.RingDue(ctx)
		rung <- err
	}()
	var waits []float64
	for i := 0; ; i++ {
		select {
		case err := <-rung:
			if err != nil {
				b.Fatal(err)
			}
			slices.Sort(waits)
			b.ReportMetric(waits[len(waits)/2], "p50-ms")
			b.ReportMetric(waits[len(waits)*99/100], "p99-ms")
			b.ReportMetric(0, "ns/op")
			return
		default:
		}
		begin := time.Now()
		if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Append("x", 1, users[i%len(users)]) }); err != nil {
			b.Fatal(err)
		}
		waits = append(waits, float64(time.Since(begin).Microseconds())/1000)
	}
}

// Nothing is due: what the engine asks for each second.
func BenchmarkRingNothing(b *testing.B) {
	s := modelstest.Open(b)
	crowd(b, s, 1000)
	if _, err := s.RingDue(ctx); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.RingDue(ctx); err != nil {
			b.Fatal(err)
		}
	}
}
