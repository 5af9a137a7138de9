// Package modelstest gives tests a real store, and users that read like a
// sentence.
package modelstest

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/models"
)

// Clock is a time that stands still until a test moves it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock stands at noon of a day that is no boundary of anything.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 5, 13, 12, 0, 0, 0, time.UTC)} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Bell keeps what was rung.
type Bell struct {
	mu      sync.Mutex
	entries []models.Entry
	all     int
}

// Ring keeps the entries.
func (b *Bell) Ring(entries []models.Entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entries = append(b.entries, entries...)
}

// RingAll counts.
func (b *Bell) RingAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all++
}

// Take gives what was rung since the last Take, and how often everyone was.
func (b *Bell) Take() ([]models.Entry, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	entries, all := b.entries, b.all
	b.entries, b.all = nil, 0
	return entries, all
}

// Store is an open store in a folder of the test, with its clock and its bell.
type Store struct {
	*models.DB
	Clock *Clock
	Bell  *Bell
	Path  string
	t     testing.TB
}

// Open makes an empty store that closes with the test.
func Open(t testing.TB) *Store {
	t.Helper()
	return OpenPatient(t, 0)
}

// OpenPatient makes a store whose writes wait so long for other processes.
func OpenPatient(t testing.TB, patience time.Duration) *Store {
	t.Helper()
	s := &Store{Clock: NewClock(), Bell: &Bell{}, Path: filepath.Join(t.TempDir(), "aoki.db"), t: t}
	db, err := models.Open(models.Options{Path: s.Path, Now: s.Clock.Now, Bell: s.Bell, Patience: patience})
	if err != nil {
		t.Fatal(err)
	}
	s.DB = db
	t.Cleanup(func() { db.Close() })
	return s
}

// User adds a user with a log and gives its id. Its password fits nothing.
func (s *Store) User(name string) int64 {
	s.t.Helper()
	return s.add([]string{name})[0]
}

// Users adds user0, user1, … in one change.
func (s *Store) Users(n int) []int64 {
	s.t.Helper()
	names := make([]string, n)
	for i := range names {
		names[i] = "user" + strconv.Itoa(i)
	}
	return s.add(names)
}

func (s *Store) add(names []string) (ids []int64) {
	s.t.Helper()
	err := s.Write(context.Background(), func(tx *models.Tx) error {
		for _, name := range names {
			row := struct {
				ID           int64
				Username     string
				UsernameKey  string
				PasswordHash string
				Role         string
				CreatedAt    time.Time
			}{Username: name, UsernameKey: strings.ToLower(name), PasswordHash: "!", Role: "user", CreatedAt: tx.Now()}
			if err := tx.Table("users").Create(&row).Error; err != nil {
				return err
			}
			if err := tx.OpenLog(row.ID); err != nil {
				return err
			}
			ids = append(ids, row.ID)
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return ids
}

// Log is a user's whole log.
func (s *Store) Log(user int64) []models.Entry {
	s.t.Helper()
	var all []models.Entry
	for {
		page, err := s.After(context.Background(), user, int64(len(all)), 200)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}
