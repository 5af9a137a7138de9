package models

import (
	"context"

	"aoki/models/fsrs"
)

const maxFlag = 7

// CardChange says what of a card is to change for its user; nil leaves it.
type CardChange struct {
	Suspended *bool
	Buried    *bool // for today
	Flag      *int64
}

// scheduleEvent is the message of schedule.updated.
type scheduleEvent struct {
	CardID    int64      `json:"card_id"`
	DeckID    int64      `json:"deck_id"`
	Suspended bool       `json:"suspended"`
	Buried    bool       `json:"buried"`
	Leech     bool       `json:"leech"`
	Flag      int64      `json:"flag"`
	Counts    DeckCounts `json:"counts"`
}

// UpdateCard suspends, buries or flags a card for its user, and for nobody else. A
// change that changes nothing is none.
func (db *DB) UpdateCard(ctx context.Context, user, id int64, change CardChange) (card Card, err error) {
	if change.Flag != nil && (*change.Flag < 0 || *change.Flag > maxFlag) {
		return card, InvalidField("flag", "must be 0 to %d", maxFlag)
	}
	err = db.Write(ctx, func(tx *Tx) error {
		st, row, err := cardOf(tx.DB, user, id, tx.now)
		if err != nil {
			return err
		}
		before := row.Schedule
		row.Schedule.change(change, int64(st.today))
		if row.Schedule != before {
			if err := tx.changeSchedule(st, before, row.Schedule); err != nil {
				return err
			}
		}
		card, err = row.view(st)
		return err
	}, touchesOf(user))
	return card, err
}

func (r *scheduleRow) change(c CardChange, today int64) {
	if c.Suspended != nil {
		r.Suspended = *c.Suspended
	}
	if c.Buried != nil && *c.Buried != (r.BuriedOn == today) {
		r.BuriedOn, r.BuriedBy = 0, 0
		if *c.Buried {
			r.BuriedOn = today
		}
	}
	if c.Flag != nil {
		r.Flag = *c.Flag
	}
}

func (tx *Tx) changeSchedule(st *study, before, after scheduleRow) error {
	if err := tx.putSchedule(after); err != nil {
		return err
	}
	if before.Suspended && !after.Suspended && after.State == int64(fsrs.New) {
		if err := tx.backToNew(st, after.CardID); err != nil {
			return err
		}
	}
	if before.rests(st.today) && !after.rests(st.today) {
		if err := tx.ringFor(st, after); err != nil {
			return err
		}
	}
	counts, err := tx.studied(st)
	if err != nil {
		return err
	}
	return tx.tellSchedule(st, after, counts)
}

func (tx *Tx) tellSchedule(st *study, s scheduleRow, counts DeckCounts) error {
	return tx.Append("schedule.updated", scheduleEvent{CardID: s.CardID, DeckID: st.deck, Suspended: s.Suspended, Buried: s.BuriedOn == int64(st.today),
		Leech: s.Leech, Flag: s.Flag, Counts: counts}, st.user)
}
