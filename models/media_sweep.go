package models

import (
	"context"
	"time"
)

const (
	// looseLife is how long a file stays that no note shows: a card that is being written
	// may still come to.
	looseLife = 7 * 24 * time.Hour
	// arrivalLife is how long an upload may take to be stored, which takes seconds.
	arrivalLife = time.Hour
	// sweepPage is how many files are looked at together, and removeChunks how many of a
	// file's pieces are deleted in one change: others wait for it.
	sweepPage    = 500
	removeChunks = 4
)

// shown is the condition that a note shows media m.
const shown = `EXISTS (SELECT 1 FROM note_media s WHERE s.media_id = m.id)`

// SweepMedia deletes the files that no note has shown for a week, and what was left of
// uploads that were cut off. It goes in small steps, and looks again in each: a note that
// is being saved keeps what it shows.
func (db *DB) SweepMedia(ctx context.Context) error {
	for _, step := range []func(context.Context) error{db.markLoose, db.condemnLoose, db.removeGone} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// pages calls fn with the ids that a query finds, a page after the other. The query
// takes the id to go on behind, then args, and ends with the page's size.
func (db *DB) pages(ctx context.Context, query string, fn func(ids []int64) error, args ...any) error {
	for after := int64(0); ; {
		var ids []int64
		all := append(append([]any{after}, args...), sweepPage)
		if err := db.Read(ctx).Raw(query, all...).Scan(&ids).Error; err != nil || len(ids) == 0 {
			return err
		}
		if err := fn(ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// markLoose notes since when no note shows a file.
func (db *DB) markLoose(ctx context.Context) error {
	return db.pages(ctx, `SELECT m.id FROM media m WHERE m.id > ? AND m.state = 1 AND m.loose_since IS NULL AND NOT `+shown+` ORDER BY m.id LIMIT ?`, func(ids []int64) error {
		return db.Write(ctx, func(tx *Tx) error {
			return tx.Exec(`UPDATE media AS m SET loose_since = ? WHERE m.id IN ? AND m.state = 1 AND m.loose_since IS NULL AND NOT `+shown, tx.Now().UnixMicro(), ids).Error
		})
	})
}

// condemnLoose takes the files away that have been loose for too long.
func (db *DB) condemnLoose(ctx context.Context) error {
	before := db.Now().Add(-looseLife).UnixMicro()
	return db.pages(ctx, `SELECT m.id FROM media m WHERE m.id > ? AND m.state = 1 AND m.loose_since < ? ORDER BY m.id LIMIT ?`, func(ids []int64) error {
		for _, id := range ids {
			err := db.Write(ctx, func(tx *Tx) error {
				done := tx.Exec(`UPDATE media AS m SET state = ? WHERE m.id = ? AND m.state = 1 AND m.loose_since < ? AND NOT `+shown, mediaGoes, id, before)
				if done.Error != nil || done.RowsAffected == 0 {
					return done.Error
				}
				return tx.Exec(`DELETE FROM media_users WHERE media_id = ?`, id).Error
			})
			if err != nil {
				return err
			}
		}
		return nil
	}, before)
}

// removeGone deletes what goes, and what never arrived.
func (db *DB) removeGone(ctx context.Context) error {
	late := db.Now().Add(-arrivalLife).UnixMicro()
	return db.pages(ctx, `SELECT m.id FROM media m WHERE m.id > ? AND m.state <> 1 AND (m.state = 2 OR m.created_at < ?) ORDER BY m.id LIMIT ?`, func(ids []int64) error {
		for _, id := range ids {
			if err := db.removeMedia(ctx, id); err != nil {
				return err
			}
		}
		return nil
	}, late)
}

// removeMedia deletes a file that nobody sees, its pieces first.
func (db *DB) removeMedia(ctx context.Context, id int64) error {
	for more := true; more; {
		err := db.Write(ctx, func(tx *Tx) error {
			// Whoever still brings it learns that it is too late.
			if err := tx.Exec(`UPDATE media SET state = ? WHERE id = ? AND state = ?`, mediaGoes, id, mediaArrives).Error; err != nil {
				return err
			}
			done := tx.Exec(`DELETE FROM media_chunks WHERE media_id = ? AND n IN (SELECT n FROM media_chunks WHERE media_id = ? ORDER BY n LIMIT ?)`, id, id, removeChunks)
			if more = done.RowsAffected == removeChunks; done.Error != nil || more {
				return done.Error
			}
			return tx.Exec(`DELETE FROM media WHERE id = ? AND state = ?`, id, mediaGoes).Error
		})
		if err != nil {
			return err
		}
	}
	return nil
}
