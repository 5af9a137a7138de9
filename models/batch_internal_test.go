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

// A query of the batch's own that fails may have taken the transaction with it. Who looks
// away from that, and asks again, does not make it good: what came then would be stored
// on its own, and the batch refused.
func TestALostBatchStaysLost(t *testing.T) {
	db, err := Open(Options{Path: t.TempDir() + "/aoki.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	audit := func(tx *Tx) error {
		return tx.Exec(`INSERT INTO audit (actor_id, action, target, detail, created_at) VALUES (1, 'x', 'x', '{}', ?)`, tx.Now()).Error
	}
	looksAway := func(tx *Tx) error {
		_ = tx.batch.aside(func() error { // the disk fails
			if err := tx.Exec("ROLLBACK").Error; err != nil {
				t.Error(err)
			}
			return errors.New("disk I/O error")
		})
		_, _ = tx.batch.newestBroadcast()
		return nil
	}
	var jobs []*job
	for _, fn := range []func(*Tx) error{audit, looksAway, audit} {
		jobs = append(jobs, newJob(context.Background(), fn))
	}
	db.writer.commit(jobs)
	for i, j := range jobs {
		if !StoreIsAway(j.err) {
			t.Errorf("%d: %v", i, j.err)
		}
	}
	var audits int64
	if err := db.Read(context.Background()).Table("audit").Count(&audits).Error; err != nil || audits != 0 {
		t.Error(audits, err)
	}
}
