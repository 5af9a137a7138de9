package models_test

import (
	"fmt"
	"slices"
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
