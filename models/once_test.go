package models_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

type made struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// maker gives a change that counts its runs and logs one event in each.
func maker(s *modelstest.Store, user int64) (run func(ctx context.Context, name string) (made, error), runs *int) {
	runs = new(int)
	return func(ctx context.Context, name string) (made, error) {
		return models.Do(ctx, s.DB, func(tx *models.Tx) (made, error) {
			*runs++
			if name == "" {
				return made{}, models.Errorf(models.Invalid, "no name")
			}
			return made{ID: int64(*runs), Name: name}, tx.Append("deck.created", map[string]string{"name": name}, user)
		})
	}, runs
}

func keyed(sender, word, hash string) context.Context {
	return models.WithKey(ctx, models.Key{Sender: sender, Word: word, Hash: hash})
}

func TestDoRepeats(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	run, runs := maker(s, ann)
	for _, c := range []struct {
		name   string
		ctx    context.Context
		after  time.Duration
		give   string
		want   made
		code   string
		events int // in the log, in all
	}{
		{"first", keyed("u:1", "k", "h"), 0, "a", made{1, "a"}, "", 1},
		{"again", keyed("u:1", "k", "h"), 0, "a", made{1, "a"}, "", 1},
		{"a minute later", keyed("u:1", "k", "h"), time.Minute, "a", made{1, "a"}, "", 1},
		{"another request", keyed("u:1", "k", "other"), 0, "a", made{}, models.IdempotencyConflict, 1},
		{"another sender", keyed("u:2", "k", "other"), 0, "b", made{2, "b"}, "", 2},
		{"another key", keyed("u:1", "l", "h"), 0, "c", made{3, "c"}, "", 3},
		{"no key", ctx, 0, "d", made{4, "d"}, "", 4},
		{"no key again", ctx, 0, "d", made{5, "d"}, "", 5},
		{"a refusal is not kept", keyed("u:1", "m", "h"), 0, "", made{}, models.Invalid, 5},
		{"and so can be mended", keyed("u:1", "m", "h2"), 0, "e", made{7, "e"}, "", 6},
		{"within a day", keyed("u:1", "k", "h"), 24*time.Hour - time.Minute, "a", made{1, "a"}, "", 6},
		{"after a day", keyed("u:1", "k", "other"), time.Microsecond, "f", made{8, "f"}, "", 7},
		{"which begins another", keyed("u:1", "k", "other"), 23 * time.Hour, "f", made{8, "f"}, "", 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.Clock.Add(c.after)
			got, err := run(c.ctx, c.give)
			code(t, err, c.code)
			if got != c.want {
				t.Errorf("%+v, want %+v (after %d runs)", got, c.want, *runs)
			}
			if log := s.Log(ann); len(log) != c.events {
				t.Errorf("%d events, want %d", len(log), c.events)
			}
		})
	}
}

func TestDoOnceAmongMany(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	run, runs := maker(s, ann)
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			if got, err := run(keyed("u:1", "k", "h"), "a"); err != nil || got != (made{1, "a"}) {
				t.Errorf("%+v %v", got, err)
			}
			if _, err := run(keyed("u:1", fmt.Sprint(i), "h"), "b"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if log := s.Log(ann); len(log) != 65 || *runs != 65 {
		t.Errorf("%d events of %d runs, want 65", len(log), *runs)
	}
}

func TestDoSurvivesARestart(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	run, _ := maker(s, ann)
	ok[made](t)(run(keyed("u:1", "k", "h"), "a"))
	s.Close()
	s.DB = ok[*models.DB](t)(models.Open(models.Options{Path: s.Path, Now: s.Clock.Now}))
	defer s.Close()
	if got := ok[made](t)(run(keyed("u:1", "k", "h"), "a")); got != (made{1, "a"}) {
		t.Errorf("%+v", got)
	}
	if got, done, err := models.Recall[made](keyed("u:1", "k", "h"), s.DB); got != (made{1, "a"}) || !done || err != nil {
		t.Error(got, done, err)
	}
	_, _, err := models.Recall[made](keyed("u:1", "k", "x"), s.DB)
	code(t, err, models.IdempotencyConflict)
	if _, done, err := models.Recall[made](ctx, s.DB); done || err != nil {
		t.Error("without a key:", done, err)
	}
}

func TestPurgeKeys(t *testing.T) {
	s := modelstest.Open(t)
	run, runs := maker(s, s.User("ann"))
	ok[made](t)(run(keyed("u:1", "old", "h"), "a"))
	s.Clock.Add(23 * time.Hour)
	ok[made](t)(run(keyed("u:1", "young", "h"), "b"))
	s.Clock.Add(time.Hour + time.Second)
	if err := s.PurgeKeys(ctx); err != nil {
		t.Fatal(err)
	}
	var kept []string
	if err := s.Read(ctx).Raw(`SELECT word FROM idempotency`).Scan(&kept).Error; err != nil || len(kept) != 1 || kept[0] != "young" {
		t.Fatal(kept, err)
	}
	ok[made](t)(run(keyed("u:1", "young", "h"), "b"))
	if *runs != 2 {
		t.Errorf("%d runs", *runs)
	}
}

func TestPurgeManyKeys(t *testing.T) {
	s := modelstest.Open(t)
	err := s.Write(ctx, func(tx *models.Tx) error {
		return tx.Exec(`INSERT INTO idempotency (sender, word, hash, result, created_at)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1700) SELECT 'u:1', i, 'h', '{}', ? FROM n`, tx.Now()).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	run, _ := maker(s, s.User("ann"))
	s.Clock.Add(24*time.Hour + time.Second)
	ok[made](t)(run(keyed("u:1", "young", "h"), "a"))
	if err := s.PurgeKeys(ctx); err != nil {
		t.Fatal(err)
	}
	var kept []string
	if err := s.Read(ctx).Raw(`SELECT word FROM idempotency`).Scan(&kept).Error; err != nil || len(kept) != 1 || kept[0] != "young" {
		t.Error(kept, err)
	}
}
