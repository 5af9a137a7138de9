package models

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// keyLife is how long an Idempotency-Key is kept.
const keyLife = 24 * time.Hour

// Key is the Idempotency-Key of a request.
type Key struct {
	Sender string // who sent it: keys of different senders never meet
	Word   string // what the sender chose
	Hash   string // of the method, the path and the body: another request under the same key is a mistake
}

type keyContext struct{}

// WithKey gives a request's Idempotency-Key to [Do].
func WithKey(ctx context.Context, key Key) context.Context {
	return context.WithValue(ctx, keyContext{}, key)
}

// KeyOf is the Idempotency-Key of a request, if it has one.
func KeyOf(ctx context.Context) (key Key, once bool) {
	key, once = ctx.Value(keyContext{}).(Key)
	return key, once
}

type idempotencyRow struct {
	Sender    string
	Word      string
	Hash      string
	Result    string
	CreatedAt time.Time
}

func (idempotencyRow) TableName() string { return "idempotency" }

// Do is [DB.Write] with a result. When the context carries a [Key], the result is
// kept in the same transaction, and a repeat gets it without fn being run, also
// after a crash in between; the same key with another hash is
// idempotency_conflict. T must survive JSON unchanged.
func Do[T any](ctx context.Context, db *DB, fn func(tx *Tx) (T, error), touches ...Touches) (T, error) {
	var result T
	key, once := KeyOf(ctx)
	err := db.Write(ctx, func(tx *Tx) error {
		if once {
			if done, err := recall(tx.DB, tx.now, key, &result); done || err != nil {
				return err
			}
		}
		var err error
		if result, err = fn(tx); err != nil || !once {
			return err
		}
		kept, err := json.Marshal(result)
		if err != nil {
			return err
		}
		// The word may be there still, over 24 hours old.
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "sender"}, {Name: "word"}},
			DoUpdates: clause.AssignmentColumns([]string{"hash", "result", "created_at"}),
		}).Create(&idempotencyRow{Sender: key.Sender, Word: key.Word, Hash: key.Hash, Result: string(kept), CreatedAt: tx.now}).Error
	}, touches...)
	if err != nil {
		var none T
		return none, err
	}
	return result, nil
}

// Recall is what [Do] would answer to a repeat: for who must look at more than the
// transaction before the first run. The context's [Key] says whose repeat.
func Recall[T any](ctx context.Context, db *DB) (result T, done bool, err error) {
	key, once := KeyOf(ctx)
	if !once {
		return result, false, nil
	}
	done, err = recall(db.Read(ctx), db.Now(), key, &result)
	return result, done, err
}

// recall fills result with what the key's first request led to, if there was one.
func recall(q *gorm.DB, now time.Time, key Key, result any) (bool, error) {
	var row idempotencyRow
	err := q.Raw(`SELECT hash, result, created_at FROM idempotency WHERE sender = ? AND word = ?`, key.Sender, key.Word).
		Row().Scan(&row.Hash, &row.Result, &row.CreatedAt)
	switch {
	case errors.Is(err, errNoRows):
		return false, nil
	case err != nil:
		return false, err
	case row.CreatedAt.Before(now.Add(-keyLife)):
		return false, nil
	case row.Hash != key.Hash:
		return false, Errorf(IdempotencyConflict, "this Idempotency-Key was used for another request")
	}
	return true, json.Unmarshal([]byte(row.Result), result)
}

// purgeChunk is how many keys are forgotten in one change: others wait for it.
const purgeChunk = 500

// PurgeKeys forgets the Idempotency-Keys that are over 24 hours old.
func (db *DB) PurgeKeys(ctx context.Context) error {
	for {
		var purged int64
		err := db.Write(ctx, func(tx *Tx) error {
			done := tx.Exec(`DELETE FROM idempotency WHERE (sender, word) IN (SELECT sender, word FROM idempotency WHERE created_at < ? ORDER BY created_at LIMIT ?)`,
				tx.now.Add(-keyLife), purgeChunk)
			purged = done.RowsAffected
			return done.Error
		})
		if err != nil || purged < purgeChunk {
			return err
		}
	}
}
