package models

import (
	"time"

	"aoki/models/fsrs"
)

// scheduleRow is what a user knows of a card. A card without one is new; a row of a
// new card is there when it was suspended, buried or flagged before its first answer.
type scheduleRow struct {
	CardID       int64
	UserID       int64
	DeckID       int64
	State        int64
	StepsLeft    int
	Stability    float64
	Difficulty   float64
	DueAt        int64 // microseconds, 0 of a new card
	LastReviewAt int64
	Reps         int
	Lapses       int
	Suspended    bool
	BuriedOn     int64 // the user's day for which it rests
	BuriedBy     int64 // the review of a sibling that let it rest; 0: its user did
	Flag         int64
	Leech        bool
}

func (scheduleRow) TableName() string { return "schedules" }

// card is the row as the scheduler has it.
func (r scheduleRow) card() fsrs.Card {
	c := fsrs.Card{ID: r.CardID, State: fsrs.State(r.State), StepsLeft: r.StepsLeft, Stability: r.Stability, Difficulty: r.Difficulty, Reps: r.Reps, Lapses: r.Lapses}
	if c.State != fsrs.New {
		c.Due, c.LastReview = time.UnixMicro(r.DueAt).UTC(), time.UnixMicro(r.LastReviewAt).UTC()
	}
	return c
}

// set takes over what the scheduler made of the card.
func (r *scheduleRow) set(c fsrs.Card) {
	r.State, r.StepsLeft, r.Stability, r.Difficulty, r.Reps, r.Lapses = int64(c.State), c.StepsLeft, c.Stability, c.Difficulty, c.Reps, c.Lapses
	r.DueAt, r.LastReviewAt = 0, 0
	if c.State != fsrs.New {
		r.DueAt, r.LastReviewAt = c.Due.UnixMicro(), c.LastReview.UnixMicro()
	}
}

// learning reports whether the card has steps before it.
func (r scheduleRow) learning() bool {
	return r.State == int64(fsrs.Learning) || r.State == int64(fsrs.Relearning)
}

// blank reports whether the row says no more than none would.
func (r scheduleRow) blank() bool {
	return r.State == int64(fsrs.New) && !r.Suspended && r.BuriedOn == 0 && r.Flag == 0 && !r.Leech
}

// putSchedule stores a row; a blank one is none.
func (tx *Tx) putSchedule(r scheduleRow) error {
	if r.blank() {
		return tx.Exec(`DELETE FROM schedules WHERE card_id = ? AND user_id = ?`, r.CardID, r.UserID).Error
	}
	return tx.Exec(`INSERT INTO schedules (card_id, user_id, deck_id, state, steps_left, stability, difficulty, due_at, last_review_at, reps, lapses,
			suspended, buried_on, buried_by, flag, leech) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (card_id, user_id) DO UPDATE SET state = excluded.state, steps_left = excluded.steps_left, stability = excluded.stability,
			difficulty = excluded.difficulty, due_at = excluded.due_at, last_review_at = excluded.last_review_at, reps = excluded.reps, lapses = excluded.lapses,
			suspended = excluded.suspended, buried_on = excluded.buried_on, buried_by = excluded.buried_by, flag = excluded.flag, leech = excluded.leech`,
		r.CardID, r.UserID, r.DeckID, r.State, r.StepsLeft, r.Stability, r.Difficulty, r.DueAt, r.LastReviewAt, r.Reps, r.Lapses,
		bit(r.Suspended), r.BuriedOn, r.BuriedBy, r.Flag, bit(r.Leech)).Error
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
