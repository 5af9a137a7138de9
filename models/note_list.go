package models

import (
	"context"
	"math"

	"gorm.io/gorm"
)

// GetNote is a note in a deck of the user's, with its cards.
func (db *DB) GetNote(ctx context.Context, user, id int64) (found NoteWithCards, err error) {
	err = db.Snapshot(ctx, func(g *gorm.DB) error {
		var row noteRow
		if err := g.Raw(selectNotes+`AND n.id = ?`, user, id).Scan(&row).Error; err != nil {
			return err
		}
		if row.ID == 0 {
			return noNote()
		}
		if found.Note, err = row.note(); err != nil {
			return err
		}
		found.Cards, err = cardsOf(g, id)
		return err
	})
	return found, err
}

const selectNotes = `SELECT n.id, n.deck_id, n.type, n.fields, n.tags, n.created_at, n.updated_at
	FROM notes n WHERE n.deck_id IN (SELECT deck_id FROM deck_members WHERE user_id = ?) `

// ListNotes is a page of a deck's notes, newest first, behind the note before (0
// is the newest); query narrows it to those found by it. next is the cursor of
// the page behind it, 0 on the last.
func (db *DB) ListNotes(ctx context.Context, user, deck int64, query string, before int64, limit int) (notes []Note, next int64, err error) {
	patterns, err := searchPatterns(query)
	if err != nil {
		return nil, 0, err
	}
	if err := db.checkMember(ctx, user, deck); err != nil {
		return nil, 0, err
	}
	if before == 0 {
		before = math.MaxInt64
	}
	sql := selectNotes + `AND n.deck_id = ? AND n.id < ?`
	args := []any{user, deck, before}
	for _, p := range patterns {
		sql += ` AND n.search LIKE ? ESCAPE '` + likeEscape + `'`
		args = append(args, p)
	}
	var rows []noteRow
	err = db.Read(ctx).Raw(sql+` ORDER BY n.id DESC LIMIT ?`, append(args, limit+1)...).Scan(&rows).Error
	if err != nil {
		return nil, 0, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	for _, r := range rows {
		n, err := r.note()
		if err != nil {
			return nil, 0, err
		}
		notes = append(notes, n)
	}
	return notes, next, nil
}
