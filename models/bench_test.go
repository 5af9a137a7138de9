package models_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// BenchmarkWrite is one durable change of one user's log: an operation is a row
// that was acknowledged.
//
//	go test -run - -bench Write ./models
func BenchmarkWrite(b *testing.B) {
	message := map[string]any{"deck": map[string]any{"id": 1, "name": "Spanish"}, "note": map[string]any{"fields": map[string]string{"Front": "hola", "Back": "hello"}}}
	for _, callers := range []int{1, 64} {
		for _, batched := range []bool{true, false} {
			name := fmt.Sprintf("callers=%d/batched", callers)
			if !batched {
				name = fmt.Sprintf("callers=%d/unbatched", callers)
			}
			b.Run(name, func(b *testing.B) {
				s := modelstest.Open(b)
				users := s.Users(callers)
				var one sync.Mutex
				var all sync.WaitGroup
				var taken atomic.Int64
				b.ResetTimer()
				for _, user := range users {
					change := func(tx *models.Tx) error { return tx.Append("card.created", message, user) }
					all.Go(func() {
						for taken.Add(1) <= int64(b.N) {
							var err error
							if batched {
								err = s.Write(ctx, change)
							} else {
								one.Lock()
								err = s.CommitTogether(change)[0]
								one.Unlock()
							}
							if err != nil {
								b.Error(err)
							}
						}
					})
				}
				all.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}

// BenchmarkLogPage reads the next 50 events of somebody's log, among 200,000.
func BenchmarkLogPage(b *testing.B) {
	const users, each = 400, 500
	s := modelstest.Open(b)
	ids := s.Users(users)
	err := s.Write(ctx, func(tx *models.Tx) error {
		// User by user in turns, as logs grow.
		err := tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO events (user_id, seq, name, payload, created_at)
			SELECT u.id, n.i, 'card.created', ?, 1770000000000000 + n.i FROM n, users u`,
			each, `{"deck":{"id":1,"name":"Spanish"},"text":"`+string(slices.Repeat([]byte("x"), 200))+`"}`).Error
		if err != nil {
			return err
		}
		return tx.Exec(`UPDATE logs SET head = ?`, each).Error
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		page, err := s.After(ctx, ids[i*7919%users], int64(i*31%(each-50)), 50)
		if err != nil || len(page) != 50 {
			b.Fatal(len(page), err)
		}
		i++
	}
}

// BenchmarkTakeOver is a push to everyone becoming an item and an event of each
// user's: in sets, as it is done for many, and row by row, as a log's own next
// change does it. An operation is all users; the figure to read is ns/user.
//
//	go test -run - -bench TakeOver -benchtime 3x ./models
func BenchmarkTakeOver(b *testing.B) {
	for _, users := range []int{5000, 19000} {
		s := modelstest.Open(b)
		modelstest.Populate(b, s.DB, users)
		ids := make([]int64, users)
		for i := range ids {
			ids[i] = int64(i + 1)
		}
		in := toAll
		in.Body = strings.Repeat("x", 200)
		for name, takeOver := range map[string]func() error{
			"sets": func() error { return s.TakeOver(ctx, ids) },
			"rows": func() error {
				for chunk := range slices.Chunk(ids, 500) {
					if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Load(chunk...) }); err != nil {
						return err
					}
				}
				return nil
			},
		} {
			b.Run(fmt.Sprintf("users=%d/%s", users, name), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					if _, err := s.CreatePush(ctx, 1, in, models.Reach{Audience: int64(users)}); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
					if err := takeOver(); err != nil {
						b.Fatal(err)
					}
					s.Bell.Take()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*users), "ns/user")
			})
		}
	}
}

// BenchmarkDelivered stores the acknowledgements of 5,000 devices: an operation is
// all of them.
func BenchmarkDelivered(b *testing.B) {
	s := modelstest.Open(b)
	upTo := map[int64]int64{}
	for _, id := range s.Users(5000) {
		upTo[id] = 1
	}
	for b.Loop() {
		for id := range upTo {
			upTo[id]++
		}
		if err := s.Delivered(ctx, upTo); err != nil {
			b.Fatal(err)
		}
	}
}
