package models

import (
	"time"

	"gorm.io/gorm"

	"aoki/models/fsrs"
)

// matureFrom is the interval from which on a card counts as mature, as in Anki.
const matureFrom = 21 * 24 * time.Hour

// studyDay is what a user answered in a deck on a day of theirs: sums of its reviews,
// kept in the transactions of the answers. The day's limits and the statistics read
// these, and not a million reviews.
type studyDay struct {
	Answers    int64
	Fresh      int64 // new cards begun
	Reviews    int64 // answers to cards that were in review
	Again      int64
	Hard       int64
	Good       int64
	Easy       int64
	Millis     int64
	Young      int64 // reviews with an interval under 21 days
	YoungKept  int64 // of these, remembered
	Mature     int64 // reviews with one of 21 days or more
	MatureKept int64
}

func studyDayOf(g *gorm.DB, user, deck int64, day int) (d studyDay, err error) {
	err = g.Raw(`SELECT answers, fresh, reviews, again, hard, good, easy, millis, young, young_kept, mature, mature_kept
		FROM study_days WHERE user_id = ? AND day = ? AND deck_id = ?`, user, day, deck).Scan(&d).Error
	return d, err
}

// studyDayFor is what one review adds to its day.
func studyDayFor(r reviewRow) studyDay {
	d := studyDay{Answers: 1, Millis: r.AnsweredIn}
	*[]*int64{&d.Again, &d.Hard, &d.Good, &d.Easy}[r.Rating-1] = 1
	switch fsrs.State(r.State) {
	case fsrs.New:
		d.Fresh = 1
	case fsrs.Review:
		d.Reviews = 1
		all, kept := &d.Young, &d.YoungKept
		if r.DueAt-r.LastReviewAt >= matureFrom.Microseconds() {
			all, kept = &d.Mature, &d.MatureKept
		}
		*all = 1
		if r.Rating > int64(fsrs.Again) {
			*kept = 1
		}
	}
	return d
}

// addStudyDay adds a review to its day.
func (tx *Tx) addStudyDay(r reviewRow) error {
	d := studyDayFor(r)
	return tx.Exec(`INSERT INTO study_days (user_id, day, deck_id, answers, fresh, reviews, again, hard, good, easy, millis, young, young_kept, mature, mature_kept)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (user_id, day, deck_id) DO UPDATE SET answers = study_days.answers + excluded.answers, fresh = study_days.fresh + excluded.fresh,
			reviews = study_days.reviews + excluded.reviews, again = study_days.again + excluded.again, hard = study_days.hard + excluded.hard,
			good = study_days.good + excluded.good, easy = study_days.easy + excluded.easy, millis = study_days.millis + excluded.millis,
			young = study_days.young + excluded.young, young_kept = study_days.young_kept + excluded.young_kept,
			mature = study_days.mature + excluded.mature, mature_kept = study_days.mature_kept + excluded.mature_kept`,
		r.UserID, r.Day, r.DeckID, d.Answers, d.Fresh, d.Reviews, d.Again, d.Hard, d.Good, d.Easy, d.Millis, d.Young, d.YoungKept, d.Mature, d.MatureKept).Error
}

// takeStudyDay takes an undone review from its day; a day without any is none.
func (tx *Tx) takeStudyDay(r reviewRow) error {
	d := studyDayFor(r)
	err := tx.Exec(`UPDATE study_days SET answers = answers - ?, fresh = fresh - ?, reviews = reviews - ?, again = again - ?, hard = hard - ?, good = good - ?,
			easy = easy - ?, millis = millis - ?, young = young - ?, young_kept = young_kept - ?, mature = mature - ?, mature_kept = mature_kept - ?
		WHERE user_id = ? AND day = ? AND deck_id = ?`,
		d.Answers, d.Fresh, d.Reviews, d.Again, d.Hard, d.Good, d.Easy, d.Millis, d.Young, d.YoungKept, d.Mature, d.MatureKept, r.UserID, r.Day, r.DeckID).Error
	if err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM study_days WHERE user_id = ? AND day = ? AND deck_id = ? AND answers = 0`, r.UserID, r.Day, r.DeckID).Error
}
