package models

import (
	"context"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// Queue is what a user is to study in a deck now.
type Queue struct {
	Items  []Card     `json:"items"`
	Counts DeckCounts `json:"counts"`
	Now    time.Time  `json:"now"`
	// NextDueAt is when the next learning card falls due that is not to be asked yet.
	NextDueAt *time.Time `json:"next_due_at"`
	Today     Today      `json:"today"`
}

// Today is what was answered since the day began.
type Today struct {
	Answers int64 `json:"answers"`
	New     int64 `json:"new"`
	Reviews int64 `json:"reviews"`
	Millis  int64 `json:"millis"`
}

func limitOf(n int) string {
	if n < 0 {
		return ""
	}
	return " LIMIT " + strconv.Itoa(n)
}

// GetQueue is the first cards, at most limit, of what the user is to study in a deck:
// learning cards that are due, reviews and new cards within the day's limits, and
// learning cards of the next 20 minutes.
func (db *DB) GetQueue(ctx context.Context, user, deck int64, limit int) (list Queue, err error) {
	err = db.Snapshot(ctx, func(tx *gorm.DB) error {
		st, err := studyOf(tx, user, deck, db.Now())
		if err != nil {
			return err
		}
		q, err := gatherQueue(tx, st)
		if err != nil {
			return err
		}
		chosen := slices.Concat(q.learning, mixed(q.reviews, q.fresh), q.ahead)
		chosen = chosen[:min(limit, len(chosen))]
		list = Queue{Counts: q.counts(st), Now: st.now,
			Today: Today{Answers: st.done.Answers, New: st.done.Fresh, Reviews: st.done.Reviews, Millis: st.done.Millis}}
		if list.Items, err = cardsByID(tx, st, chosen); err != nil {
			return err
		}
		list.NextDueAt, err = nextLearning(tx, st, st.now.Add(learnAhead))
		return err
	})
	return list, err
}

// nextLearning is when the first learning card behind a moment falls due; one that is
// buried rests until tomorrow.
func nextLearning(g *gorm.DB, st *study, after time.Time) (*time.Time, error) {
	var due *int64
	err := g.Raw(`SELECT MIN(due_at) FROM schedules WHERE user_id = ? AND deck_id = ? AND suspended = 0 AND state IN (1, 3) AND due_at > ?
		AND (buried_on <> ? OR due_at >= ?)`, st.user, st.deck, after.UnixMicro(), st.today, st.tomorrow).Row().Scan(&due)
	if err != nil || due == nil {
		return nil, err
	}
	return timeOf(*due), nil
}
