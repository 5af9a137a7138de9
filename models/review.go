package models

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"aoki/models/fsrs"
)

// Codes of refusals to answer and to undo.
const (
	Suspended     = "suspended"
	NotLastReview = "not_last_review"
)

const (
	maxReviewKey = 255
	// longestAnswer is how much time an answer counts for at most: who took longer was away.
	longestAnswer = 10 * time.Minute
	maxAnsweredIn = 24 * time.Hour
	// clockSkew is how far a client's clock may be ahead of ours; it answered now then.
	clockSkew = 30 * time.Second
)

// ReviewInput is an answer to a card.
type ReviewInput struct {
	Rating     int
	AnsweredIn int64      // milliseconds
	AnsweredAt *time.Time // nil: now
	Key        string     // names what was answered; "" does not
}

// Review is an answer as it was given.
type Review struct {
	ID         int64      `json:"id"`
	CardID     int64      `json:"card_id"`
	Rating     int64      `json:"rating"`
	State      fsrs.State `json:"state"` // the card's before it
	AnsweredAt time.Time  `json:"answered_at"`
	AnsweredIn int64      `json:"answered_in_ms"`
	Interval   int64      `json:"interval"` // seconds until the card was due again
}

// Reviewed is what an answer led to.
type Reviewed struct {
	Card   Card       `json:"card"`
	Review Review     `json:"review"`
	Counts DeckCounts `json:"counts"`
}

// reviewRow is an answer in the store, with all that the card was before it.
type reviewRow struct {
	ID           int64
	UserID       int64
	CardID       int64
	DeckID       int64
	Word         *string
	Rating       int64
	AnsweredAt   int64 // microseconds
	AnsweredIn   int64 // milliseconds
	Day          int
	State        int64
	StepsLeft    int
	Stability    float64
	Difficulty   float64
	DueAt        int64
	LastReviewAt int64
	Reps         int
	Lapses       int
	NextDueAt    int64
	Deeds        int64 // what else it did
}

// What an answer may have done beyond the card's schedule.
const (
	deedLeech   = 1 << iota // made the card a leech
	deedTag                 // tagged its note
	deedSuspend             // suspended it
	deedBury                // let siblings rest
	deedDig                 // ended the card's own rest
)

func (r reviewRow) view() Review {
	at := time.UnixMicro(r.AnsweredAt).UTC()
	return Review{ID: r.ID, CardID: r.CardID, Rating: r.Rating, State: fsrs.State(r.State), AnsweredAt: at, AnsweredIn: r.AnsweredIn,
		Interval: int64(time.UnixMicro(r.NextDueAt).Sub(at) / time.Second)}
}

func (reviewRow) TableName() string { return "reviews" }

// reviewedEvent is the message of card.reviewed.
type reviewedEvent struct {
	CardID int64      `json:"card_id"`
	DeckID int64      `json:"deck_id"`
	DueAt  *time.Time `json:"due_at"`
	Counts DeckCounts `json:"counts"`
	Undone bool       `json:"undone,omitempty"`
}

func (in ReviewInput) check(now time.Time) (time.Time, error) {
	at := now
	switch {
	case in.Rating < int(fsrs.Again) || in.Rating > int(fsrs.Easy):
		return at, InvalidField("rating", "must be 1 (again), 2 (hard), 3 (good) or 4 (easy)")
	case in.AnsweredIn < 0 || in.AnsweredIn > maxAnsweredIn.Milliseconds():
		return at, InvalidField("answered_in_ms", "must be 0 to %d", maxAnsweredIn.Milliseconds())
	case utf8.RuneCountInString(in.Key) > maxReviewKey:
		return at, InvalidField("key", "must be at most %d characters long", maxReviewKey)
	case in.AnsweredAt == nil:
		return at, nil
	case in.AnsweredAt.After(now.Add(clockSkew)):
		return at, InvalidField("answered_at", "must not be in the future")
	case in.AnsweredAt.Before(time.Unix(0, 0)):
		return at, InvalidField("answered_at", "must not be before 1970")
	}
	if in.AnsweredAt.Before(now) {
		at = in.AnsweredAt.UTC().Truncate(time.Microsecond)
	}
	return at, nil
}

// AnswerCard stores an answer and tells all the user's devices. An answer to the same
// card under a key that was used is the first one again.
func (db *DB) AnswerCard(ctx context.Context, user, id int64, in ReviewInput) (Reviewed, error) {
	if err := checkText("key", in.Key, maxReviewKey); err != nil {
		return Reviewed{}, err
	}
	return Do(ctx, db, func(tx *Tx) (Reviewed, error) {
		at, err := in.check(tx.now)
		if err != nil {
			return Reviewed{}, err
		}
		st, card, err := cardOf(tx.DB, user, id, tx.now)
		if err != nil {
			return Reviewed{}, err
		}
		if in.Key != "" {
			var first reviewRow
			if err := tx.Raw(`SELECT * FROM reviews WHERE user_id = ? AND word = ?`, user, in.Key).Scan(&first).Error; err != nil {
				return Reviewed{}, err
			}
			if first.ID != 0 {
				return first.again(tx, st, card)
			}
		}
		if card.Schedule.Suspended {
			return Reviewed{}, Errorf(Suspended, "this card is suspended: release it first")
		}
		return tx.answer(st, card, in, at)
	}, touchesOf(user))
}

// again is what the first answer under a key led to, for who comes second.
func (r reviewRow) again(tx *Tx, st *study, card studyCard) (made Reviewed, err error) {
	if r.CardID != card.ID {
		return made, &Error{Code: IdempotencyConflict, Message: "this key was used for another card", Fields: []Field{{Field: "key", Message: "was used for another card"}}}
	}
	made.Review = r.view()
	if made.Card, err = card.view(st); err != nil {
		return made, err
	}
	made.Counts, err = countQueue(tx.DB, st)
	return made, err
}

func (tx *Tx) answer(st *study, card studyCard, in ReviewInput, at time.Time) (made Reviewed, err error) {
	before := card.Schedule
	if last := before.card().LastReview; in.AnsweredAt == nil && at.Before(last) {
		at = last // the server's clock was set back since
	}
	next, err := st.scheduler.Answer(before.card(), fsrs.Rating(in.Rating), at)
	if err != nil {
		return made, invalidAnswer(err)
	}
	row := reviewRow{
		UserID: st.user, CardID: card.ID, DeckID: st.deck, Rating: int64(in.Rating), AnsweredAt: at.UnixMicro(),
		AnsweredIn: min(in.AnsweredIn, longestAnswer.Milliseconds()), Day: st.calendar.Day(at),
		State: before.State, StepsLeft: before.StepsLeft, Stability: before.Stability, Difficulty: before.Difficulty,
		DueAt: before.DueAt, LastReviewAt: before.LastReviewAt, Reps: before.Reps, Lapses: before.Lapses, NextDueAt: next.Due.UnixMicro(),
	}
	if in.Key != "" {
		row.Word = &in.Key
	}
	if err := tx.addReview(&row); err != nil {
		return made, err
	}
	card.Schedule.set(next)
	deeds, err := tx.leech(st, &card, before)
	if err != nil {
		return made, err
	}
	if card.Schedule.BuriedOn == int64(row.Day) {
		card.Schedule.BuriedOn = 0 // whoever buried it: an undo brings that back as well
		deeds |= deedDig
	}
	if err := tx.putSchedule(card.Schedule); err != nil {
		return made, err
	}
	if err := tx.addStudyDay(row); err != nil {
		return made, err
	}
	if row.Day == st.today {
		if st.done, err = studyDayOf(tx.DB, st.user, st.deck, st.today); err != nil {
			return made, err
		}
	}
	if before.State == int64(fsrs.New) {
		if err := tx.moveNewAfter(st); err != nil {
			return made, err
		}
	}
	if st.preset.BurySiblings && row.Day == st.today {
		buried, err := tx.burySiblings(st, card, row.ID)
		if err != nil {
			return made, err
		}
		if buried {
			deeds |= deedBury
		}
	}
	if deeds != 0 {
		if err := tx.Exec(`UPDATE reviews SET deeds = ? WHERE id = ?`, deeds, row.ID).Error; err != nil {
			return made, err
		}
	}
	if err := tx.ringFor(st, card.Schedule); err != nil {
		return made, err
	}
	if made.Card, err = card.view(st); err != nil {
		return made, err
	}
	made.Review = row.view()
	if made.Counts, err = tx.studied(st); err != nil {
		return made, err
	}
	err = tx.Append("card.reviewed", reviewedEvent{CardID: card.ID, DeckID: st.deck, DueAt: made.Card.DueAt, Counts: made.Counts}, st.user)
	if err != nil || deeds&(deedLeech|deedSuspend) == 0 {
		return made, err
	}
	return made, tx.tellSchedule(st, card.Schedule, made.Counts)
}

func (tx *Tx) addReview(r *reviewRow) error {
	err := tx.Raw(`INSERT INTO reviews (user_id, card_id, deck_id, word, rating, answered_at, answered_in, day, state, steps_left, stability, difficulty,
			due_at, last_review_at, reps, lapses, next_due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		r.UserID, r.CardID, r.DeckID, r.Word, r.Rating, r.AnsweredAt, r.AnsweredIn, r.Day, r.State, r.StepsLeft, r.Stability, r.Difficulty,
		r.DueAt, r.LastReviewAt, r.Reps, r.Lapses, r.NextDueAt).Row().Scan(&r.ID)
	if err == nil && r.ID == 0 {
		err = errors.New("a stored review has no id")
	}
	return err
}
