//go:build !race

package models_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// What a change of one user's log allocates when 64 of them share a commit, and what
// reading 50 events does: it grows with the code, not with the machine.
func TestGateAllocations(t *testing.T) {
	s := modelstest.Open(t)
	users := s.Users(64)
	var changes []func(tx *models.Tx) error
	for _, user := range users {
		changes = append(changes, func(tx *models.Tx) error { return tx.Append("card.created", map[string]int{"n": 1}, user) })
	}
	commit := func() {
		for _, err := range s.CommitTogether(changes...) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 60 {
		commit()
	}
	for _, c := range []struct {
		name string
		most float64
		got  float64
	}{
		{"a change, of 64 in a commit", 160, testing.AllocsPerRun(20, commit) / 64},
		{"heads of 64 users", 60, testing.AllocsPerRun(50, func() {
			if heads, err := s.Heads(ctx, users); err != nil || len(heads) != len(users) {
				t.Fatal(len(heads), err)
			}
		})},
		{"a page of 50 events", 700, testing.AllocsPerRun(50, func() {
			if page, err := s.After(ctx, users[0], 5, 50); err != nil || len(page) != 50 {
				t.Fatal(len(page), err)
			}
		})},
	} {
		t.Logf("%s: %.0f allocations", c.name, c.got)
		if c.got > c.most {
			t.Errorf("%s: %.0f allocations, at most %.0f", c.name, c.got, c.most)
		}
	}
}

// Changes that wait at the same time share an fsync: ten times as many in the same
// time, and twice on any disk.
func TestGateGroupCommit(t *testing.T) {
	const callers, each = 64, 10
	s := modelstest.Open(t)
	users := s.Users(callers)
	write := func(fn func(change func(tx *models.Tx) error) error) time.Duration {
		begun := time.Now()
		var all sync.WaitGroup
		for _, user := range users {
			all.Go(func() {
				for range each {
					if err := fn(func(tx *models.Tx) error { return tx.Append("card.created", map[string]int{"n": 1}, user) }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		return time.Since(begun)
	}
	var one sync.Mutex
	together, alone := time.Hour, time.Hour
	for range 3 {
		together = min(together, write(func(change func(tx *models.Tx) error) error { return s.Write(ctx, change) }))
		alone = min(alone, write(func(change func(tx *models.Tx) error) error {
			one.Lock()
			defer one.Unlock()
			return s.CommitTogether(change)[0]
		}))
	}
	t.Logf("%d changes: together %v, one by one %v", callers*each, together, alone)
	if together > alone/2 {
		t.Errorf("%d changes take %v together and %v one by one", callers*each, together, alone)
	}
}

// A page of the log costs little more than the statement behind it: less than twice,
// and three times on any machine.
func TestGateLogPageBesideSQL(t *testing.T) {
	s, ids := filledLogs(t, 1000, 100)
	read := preparedPage(t, s)
	took := func(fn func(user, after int64)) time.Duration {
		begun := time.Now()
		for i := range 200 {
			fn(ids[i*7919%len(ids)], int64(i*31%50))
		}
		return time.Since(begun) / 200
	}
	// In turns, and the least of each: other work on the machine only adds to it. A machine
	// that is busy gets more turns.
	page, statement := time.Hour, time.Hour
	for turn := 0; turn < 5 || turn < 50 && page > 3*statement; turn++ {
		page = min(page, took(func(user, after int64) {
			if page, err := s.After(ctx, user, after, 50); err != nil || len(page) != 50 {
				t.Fatal(fmt.Sprint(len(page)), err)
			}
		}))
		statement = min(statement, took(read))
	}
	t.Logf("a page: %v, its statement %v", page, statement)
	if page > 3*statement {
		t.Errorf("a page takes %v, its statement %v", page, statement)
	}
}
