package models_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
				acks := make([]time.Duration, 0, b.N)
				b.ResetTimer()
				for _, user := range users {
					change := func(tx *models.Tx) error { return tx.Append("card.created", message, user) }
					all.Go(func() {
						var mine []time.Duration
						for taken.Add(1) <= int64(b.N) {
							var err error
							begin := time.Now()
							if batched {
								err = s.Write(ctx, change, models.Touches{Users: []int64{user}})
							} else {
								one.Lock()
								err = s.CommitTogether(change)[0]
								one.Unlock()
							}
							if err != nil {
								b.Error(err)
							}
							mine = append(mine, time.Since(begin))
						}
						one.Lock()
						defer one.Unlock()
						acks = append(acks, mine...)
					})
				}
				all.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
				slices.Sort(acks)
				b.ReportMetric(acks[len(acks)*99/100].Seconds()*1000, "ack-p99-ms")
			})
		}
	}
}

// BenchmarkLogPage reads the next 50 events of somebody's log, among a million rows;
// and the same with a statement prepared beforehand on a connection of its own, which
// is the least that it can cost.
//
//	go test -run - -bench LogPage ./models
func BenchmarkLogPage(b *testing.B) {
	s, ids := filledLogs(b, 10_000, 100)
	b.Run("log", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			page, err := s.After(ctx, ids[i*7919%len(ids)], int64(i*31%50), 50)
			if err != nil || len(page) != 50 {
				b.Fatal(len(page), err)
			}
		}
	})
	b.Run("prepared", func(b *testing.B) {
		read := preparedPage(b, s)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			read(ids[i*7919%len(ids)], int64(i*31%50))
		}
	})
}

// filledLogs are users with so many events each, which lie in the store as they do when
// all logs grow.
func filledLogs(b testing.TB, users, each int) (*modelstest.Store, []int64) {
	b.Helper()
	s := modelstest.Open(b)
	ids := s.Users(users)
	err := s.Write(ctx, func(tx *models.Tx) error {
		err := tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO events (user_id, seq, name, payload, created_at)
			SELECT u.id, n.i, 'card.created', ?, 1770000000000000 + n.i FROM n, users u`,
			each, `{"deck":{"id":1,"name":"Spanish"},"text":"`+strings.Repeat("x", 200)+`"}`).Error
		if err != nil {
			return err
		}
		return tx.Exec(`UPDATE logs SET head = ?`, each).Error
	})
	if err != nil {
		b.Fatal(err)
	}
	return s, ids
}

// preparedPage reads 50 events of a log with one prepared statement.
func preparedPage(b testing.TB, s *modelstest.Store) func(user, after int64) {
	b.Helper()
	pool, err := sql.Open("sqlite3", "file:"+s.Path+"?_query_only=1&mode=ro")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { pool.Close() })
	pool.SetMaxOpenConns(1)
	if _, err := pool.Exec(`PRAGMA mmap_size = 1073741824`); err != nil {
		b.Fatal(err)
	}
	statement, err := pool.Prepare(`SELECT seq, name, payload, unread, unseen, created_at FROM events WHERE user_id = ? AND seq > ? ORDER BY seq LIMIT 50`)
	if err != nil {
		b.Fatal(err)
	}
	return func(user, after int64) {
		rows, err := statement.Query(user, after)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		n := 0
		for ; rows.Next(); n++ {
			var seq, at int64
			var name string
			var payload []byte
			var unread, unseen *int64
			if err := rows.Scan(&seq, &name, &payload, &unread, &unseen, &at); err != nil {
				b.Fatal(err)
			}
		}
		if rows.Err() != nil || n != 50 {
			b.Fatal(n, rows.Err())
		}
	}
}

// BenchmarkLogin is a sign-in with the cost that passwords have in earnest.
func BenchmarkLogin(b *testing.B) {
	s := modelstest.Open(b)
	a, err := models.NewAccounts(s.DB, models.AccountOptions{Key: []byte("a secret of benchmarks only")})
	if err != nil {
		b.Fatal(err)
	}
	s.Account(a, "ann", models.RoleUser)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Login(ctx, "ann", modelstest.Password, models.Device{UserAgent: "bench", IP: "127.0.0.1"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAuthenticate is a session that nobody has asked for in the last two seconds;
// and the same in a storm, when hundreds are asked for at a time.
func BenchmarkAuthenticate(b *testing.B) {
	for _, c := range []struct {
		name   string
		atOnce int
	}{{"alone", 0}, {"storm", 256}} {
		b.Run(c.name, func(b *testing.B) {
			s := modelstest.Open(b)
			modelstest.Populate(b, s.DB, 10_000)
			a := s.Accounts(&modelstest.Sockets{})
			var last atomic.Int64
			ask := func() {
				id := 1 + last.Add(1)%10_000
				if id == 1 {
					s.Clock.Add(3 * time.Second)
				}
				if who, err := a.Authenticate(ctx, id, id); err != nil || who.UserID != id {
					b.Error(who, err)
				}
			}
			b.ReportAllocs()
			if c.atOnce == 0 {
				for b.Loop() {
					ask()
				}
				return
			}
			b.SetParallelism(c.atOnce)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					ask()
				}
			})
		})
	}
}

// BenchmarkHeads is what the sweep asks for 500 of those who are online.
func BenchmarkHeads(b *testing.B) {
	s := modelstest.Open(b)
	modelstest.Populate(b, s.DB, 10_000)
	users := make([]int64, 500)
	for i := range users {
		users[i] = int64(1 + i*17)
	}
	b.ReportAllocs()
	for b.Loop() {
		if heads, err := s.Heads(ctx, users); err != nil || len(heads) != len(users) {
			b.Fatal(len(heads), err)
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
