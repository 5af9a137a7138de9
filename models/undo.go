package models

import (
	"context"

	"aoki/models/fsrs"
)

// UndoReview undoes the user's last answer: card, siblings and the day's figures are
// as before. An older answer is refused with the code "not_last_review"; answers to cards
// that are gone since don't count.
func (db *DB) UndoReview(ctx context.Context, user, id int64) error {
	return db.Write(ctx, func(tx *Tx) error {
		var row reviewRow
		if err := tx.Raw(`SELECT * FROM reviews WHERE id = ? AND user_id = ?`, id, user).Scan(&row).Error; err != nil {
			return err
		}
		if row.ID == 0 {
			return Errorf(NotFound, "there is no such answer")
		}
		if last, err := tx.isLast(row); err != nil {
			return err
		} else if !last {
			return Errorf(NotLastReview, "you have answered another card since: only the last answer can be undone")
		}
		st, card, err := cardOf(tx.DB, user, row.CardID, tx.now)
		if err != nil {
			return err
		}
		return tx.undo(st, card, row)
	}, touchesOf(user))
}

// maxGone is how many answers an undo passes over whose cards are gone.
const maxGone = 1000

// isLast reports whether an answer is its user's last. Those to cards that the user does
// not have any more can't be undone, and so are in nobody's way.
func (tx *Tx) isLast(r reviewRow) (bool, error) {
	var later, kept int64
	err := tx.Raw(`SELECT COUNT(*), COUNT(m.user_id) FROM (SELECT card_id FROM reviews WHERE user_id = ? AND id > ? ORDER BY id LIMIT ?) r
		LEFT JOIN cards c ON c.id = r.card_id LEFT JOIN deck_members m ON m.deck_id = c.deck_id AND m.user_id = ?`,
		r.UserID, r.ID, maxGone+1, r.UserID).Row().Scan(&later, &kept)
	return kept == 0 && later <= maxGone, err
}

func (tx *Tx) undo(st *study, card studyCard, row reviewRow) error {
	s := &card.Schedule
	s.State, s.StepsLeft, s.Stability, s.Difficulty = row.State, row.StepsLeft, row.Stability, row.Difficulty
	s.DueAt, s.LastReviewAt, s.Reps, s.Lapses = row.DueAt, row.LastReviewAt, row.Reps, row.Lapses
	if row.Deeds&deedLeech != 0 {
		s.Leech = false
	}
	if row.Deeds&deedSuspend != 0 {
		s.Suspended = false
	}
	if row.Deeds&deedDig != 0 {
		s.BuriedOn = int64(row.Day)
	}
	if row.Deeds&deedTag != 0 {
		if _, err := tx.tagLeech(st, card.NoteID, false); err != nil {
			return err
		}
	}
	if row.Deeds&deedBury != 0 {
		if err := tx.digUp(st, card.NoteID, row.ID); err != nil {
			return err
		}
	}
	if err := tx.putSchedule(*s); err != nil {
		return err
	}
	if err := tx.takeStudyDay(row); err != nil {
		return err
	}
	var err error
	if st.done, err = studyDayOf(tx.DB, st.user, st.deck, st.today); err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM reviews WHERE id = ? AND user_id = ?`, row.ID, st.user).Error; err != nil {
		return err
	}
	if row.State == int64(fsrs.New) {
		if err := tx.backToNew(st, card.ID); err != nil {
			return err
		}
	}
	if err := tx.ringFor(st, *s); err != nil {
		return err
	}
	counts, err := tx.studied(st)
	if err != nil {
		return err
	}
	err = tx.Append("card.reviewed", reviewedEvent{CardID: card.ID, DeckID: st.deck, DueAt: timeOf(s.DueAt), Counts: counts, Undone: true}, st.user)
	if err != nil || row.Deeds&(deedLeech|deedSuspend) == 0 {
		return err
	}
	return tx.tellSchedule(st, *s, counts)
}
