package models

import (
	"context"
	"errors"
	"testing"
	"time"
)

// A closure that flushes what its neighbours gathered, and then fails, takes their
// rows back with its savepoint: they must be written again.
func TestAFailureAfterFlushKeepsTheNeighbours(t *testing.T) {
	db, err := Open(Options{Path: t.TempDir() + "/aoki.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	var ann int64
	if err := db.Write(ctx, func(tx *Tx) error {
		row := userRow{Username: "ann", UsernameKey: "ann", Role: RoleUser, CreatedAt: time.Now()}
		err := tx.addUser(&row)
		ann = row.ID
		return err
	}); err != nil {
		t.Fatal(err)
	}

	appending := func(tx *Tx) error { return tx.Append("card.created", map[string]int{}, ann) }
	refusal := errors.New("refused")
	failing := func(tx *Tx) error {
		if err := tx.batch.flush(); err != nil {
			return err
		}
		return refusal
	}
	var jobs []*job
	for _, fn := range []func(*Tx) error{appending, appending, failing} {
		jobs = append(jobs, newJob(ctx, fn))
	}
	db.writer.commit(jobs) // the writer itself is idle
	for i, want := range []error{nil, nil, refusal} {
		if !errors.Is(jobs[i].err, want) {
			t.Errorf("%d: %v, want %v", i, jobs[i].err, want)
		}
	}
	if err := db.Write(ctx, appending); err != nil {
		t.Errorf("the next change: %v", err)
	}
	head, err := db.Head(ctx, ann)
	entries, err2 := db.After(ctx, ann, 0, 10)
	if err != nil || err2 != nil || head.Head != 3 || len(entries) != 3 {
		t.Errorf("head %+v, %d entries, %v %v", head, len(entries), err, err2)
	}
}
