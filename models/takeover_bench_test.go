package models_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// populated is a store of many users, some of whom are online.
func populated(b *testing.B, users, online int) (*modelstest.Store, []int64) {
	s := modelstest.Open(b)
	modelstest.Populate(b, s.DB, users)
	ids := make([]int64, online)
	for i := range ids {
		ids[i] = int64(1 + i*users/online)
	}
	return s, ids
}

// takeOver is what a push to everyone costs the store for those who are online: in
// sets, as it is done for many, or row by row, as a log's own next change does it.
func takeOver(s *modelstest.Store, way string, ids []int64) error {
	if way == "sets" {
		return s.TakeOver(ctx, ids)
	}
	for chunk := range slices.Chunk(ids, 500) {
		if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Load(chunk...) }); err != nil {
			return err
		}
	}
	return nil
}

var large = models.PushInput{To: models.Audience{All: true}, Title: "to all", Body: strings.Repeat("x", 200)}

// BenchmarkTakeOver is a push to everyone becoming an item and an event of each
// user's. An operation is all users; the figure to read is ns/user.
//
//	go test -run - -bench BenchmarkTakeOver -benchtime 4x ./models
func BenchmarkTakeOver(b *testing.B) {
	for _, users := range []int{5000, 19000} {
		s, ids := populated(b, users, users)
		for _, way := range []string{"sets", "rows"} {
			b.Run(fmt.Sprintf("users=%d/%s", users, way), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					if _, err := s.CreatePush(ctx, 1, large, models.Reach{Audience: int64(users)}); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
					if err := takeOver(s, way, ids); err != nil {
						b.Fatal(err)
					}
					s.Bell.Take()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*users), "ns/user")
			})
		}
	}
}

// BenchmarkPushBesideTakeOver is what a single push, 200 of which are made a second,
// feels of a takeover for 5,000 of 100,000 users that happens once a second: in
// the store alone, without a socket. The figures to read are p50-ms and p99-ms.
//
//	go test -run - -bench PushBesideTakeOver -benchtime 1000x ./models
func BenchmarkPushBesideTakeOver(b *testing.B) {
	const perSecond = 200
	s, ids := populated(b, 100_000, 5000)
	single := large
	single.To = models.Audience{Users: []string{"somebody"}}
	for _, way := range []string{"none", "sets", "rows"} {
		b.Run(way, func(b *testing.B) {
			delays := make([]time.Duration, b.N)
			var all sync.WaitGroup
			begin := time.Now()
			for i := range b.N {
				due := begin.Add(time.Duration(i) * time.Second / perSecond)
				time.Sleep(time.Until(due))
				if way != "none" && i%perSecond == perSecond/2 {
					all.Go(func() {
						_, err := s.CreatePush(ctx, 1, large, models.Reach{Audience: 100_000})
						if err == nil {
							err = takeOver(s, way, ids)
						}
						if err != nil {
							b.Error(err)
						}
					})
				}
				all.Go(func() {
					if _, err := s.CreatePush(ctx, 1, single, models.Reach{Users: ids[i%len(ids):][:1], Audience: 1}); err != nil {
						b.Error(err)
					}
					delays[i] = time.Since(due)
				})
			}
			all.Wait()
			s.Bell.Take()
			slices.Sort(delays)
			ms := func(q float64) float64 { return delays[int(q*float64(b.N-1))].Seconds() * 1000 }
			b.ReportMetric(ms(.5), "p50-ms")
			b.ReportMetric(ms(.99), "p99-ms")
			b.ReportMetric(ms(1), "max-ms")
		})
	}
}
