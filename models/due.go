package models

import (
	"context"
	"sync"
	"time"
)

const (
	// ringPage is how many users who are due are read together.
	ringPage = 1000
	// ringTogether is how many users are rung in one commit: others wait for that.
	ringTogether = 8
	// ringAgain is when a user's jobs are tried again that failed.
	ringAgain = time.Minute
)

// RingDue rings all that is due by now: learning cards, reminders, what was put off, and
// corrections of numbers. It gives when something will be due next, zero for nothing.
//
// Of each user, all that is due is claimed and put into inbox and log in one transaction:
// one that fails leaves all as it was, and of two processes one comes too late. What
// fails of one user keeps nobody else waiting, and is tried again a minute later.
func (db *DB) RingDue(ctx context.Context) (next time.Time, err error) {
	now := db.Now()
	if next, err = db.nextDue(ctx); err != nil || next.IsZero() || next.After(now) {
		return next, err
	}
	for after := int64(0); ; {
		users, err := db.dueUsers(ctx, now, after)
		if err != nil {
			return now, err
		}
		if len(users) == 0 {
			return db.nextDue(ctx)
		}
		if err := db.ringUsers(ctx, users); err != nil {
			return now, err
		}
		after = users[len(users)-1]
	}
}

// What is due is found by when, one look into each of three indices. Without the plus
// SQLite would rather walk along all users there are.
const (
	nextDueSQL = `SELECT MIN(at) FROM (SELECT MIN(ring_at) AS at FROM studies WHERE ring_at IS NOT NULL
		UNION ALL SELECT MIN(next_at) FROM reminders WHERE next_at IS NOT NULL UNION ALL SELECT MIN(at) FROM calls) AS jobs`
	dueUsersSQL = `SELECT DISTINCT user_id FROM (SELECT +user_id AS user_id FROM studies WHERE ring_at <= ?
		UNION ALL SELECT +user_id FROM reminders WHERE next_at <= ? UNION ALL SELECT +user_id FROM calls WHERE at <= ?) AS jobs
		WHERE user_id > ? ORDER BY user_id LIMIT ?`
)

// nextDue is when the first job is due.
func (db *DB) nextDue(ctx context.Context) (time.Time, error) {
	var at *int64
	err := db.Read(ctx).Raw(nextDueSQL).Row().Scan(&at)
	if err != nil || at == nil {
		return time.Time{}, err
	}
	return time.UnixMicro(*at).UTC(), nil
}

// dueUsers are the next users who have something due, by id.
func (db *DB) dueUsers(ctx context.Context, now time.Time, after int64) (users []int64, err error) {
	at := now.UnixMicro()
	err = db.Read(ctx).Raw(dueUsersSQL, at, at, at, after, ringPage).Scan(&users).Error
	return users, err
}

// ringUsers rings users, some together: each in a change of its own, and those that are
// handed over at the same time share a commit. An error is the store's, and ends it.
func (db *DB) ringUsers(ctx context.Context, users []int64) error {
	for len(users) > 0 {
		some := users[:min(ringTogether, len(users))]
		users = users[len(some):]
		errs := make([]error, len(some))
		var all sync.WaitGroup
		for i, user := range some {
			all.Go(func() {
				errs[i] = db.Write(ctx, func(tx *Tx) error { return tx.ringUser(user) }, touchesOf(user))
			})
		}
		all.Wait()
		for i, err := range errs {
			if err == nil {
				continue
			}
			if StoreIsAway(err) || ctx.Err() != nil {
				return err
			}
			db.log.Error("a user can't be called for due cards", "user", some[i], "error", err)
			if err := db.ringLater(ctx, some[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// ringLater puts off what is due of a user.
func (db *DB) ringLater(ctx context.Context, user int64) error {
	return db.Write(ctx, func(tx *Tx) error {
		now, later := tx.now.UnixMicro(), tx.now.Add(ringAgain).UnixMicro()
		for _, sql := range []string{
			`UPDATE studies SET ring_at = ? WHERE user_id = ? AND ring_at <= ?`,
			`UPDATE reminders SET next_at = ? WHERE user_id = ? AND next_at <= ?`,
			`UPDATE calls SET at = ? WHERE user_id = ? AND at <= ?`,
		} {
			if err := tx.Exec(sql, later, user, now).Error; err != nil {
				return err
			}
		}
		return nil
	})
}
