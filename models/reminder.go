package models

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

const (
	// maxReminders is how many reminders a user may have.
	maxReminders = 100
	maxThreshold = 9999
)

// Reminder calls a user for what is due, in one deck or in all, at a time of their day.
type Reminder struct {
	ID            int64         `json:"id"`
	Deck          *ReminderDeck `json:"deck"` // nil: all decks
	At            string        `json:"at"`   // such as 08:00, in the user's time zone
	Days          []int         `json:"days"` // 1 is Monday
	Threshold     int           `json:"threshold"`
	UnlessStudied bool          `json:"unless_studied"`
	Enabled       bool          `json:"enabled"`
	NextAt        *time.Time    `json:"next_at"`
}

// ReminderDeck names a reminder's deck.
type ReminderDeck struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// ReminderInput is what a reminder is made from.
type ReminderInput struct {
	DeckID        *int64 // nil: all decks
	At            string
	Days          []int // nil: every day
	Threshold     *int  // nil: 1
	UnlessStudied bool
	Enabled       *bool // nil: true
}

// ReminderChange says what of a reminder is to change; nil leaves it.
type ReminderChange struct {
	At            *string
	Days          *[]int
	Threshold     *int
	UnlessStudied *bool
	Enabled       *bool
}

// reminderRow is a reminder in the store.
type reminderRow struct {
	ID            int64
	UserID        int64
	DeckID        *int64
	At            string
	Days          int64 // a set: bit 0 is Monday
	Threshold     int
	UnlessStudied bool
	Enabled       bool
	NextAt        *int64 // microseconds; nil when it is not enabled, 0 when it is not planned yet
}

const reminderColumns = `r.id, r.user_id, r.deck_id, r.at, r.days, r.threshold, r.unless_studied, r.enabled, r.next_at`

// set takes over what is to change, and says all that is wrong with it.
func (r *reminderRow) set(change ReminderChange) error {
	e := Errorf(Invalid, "some fields are not valid")
	wrong := func(field, format string, args ...any) {
		e.Fields = append(e.Fields, Field{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if change.At != nil {
		if _, _, ok := parseClock(*change.At); !ok {
			wrong("at", "must be a time of the day such as 08:00")
		}
		r.At = *change.At
	}
	if change.Days != nil {
		r.Days = 0
		for _, day := range *change.Days {
			if day < 1 || day > 7 {
				wrong("days", "must be numbers from 1 (Monday) to 7 (Sunday)")
				break
			}
			r.Days |= 1 << (day - 1)
		}
		if n := len(*change.Days); n < 1 || n > 7 {
			wrong("days", "must be 1 to 7 weekdays")
		}
	}
	if change.Threshold != nil {
		if *change.Threshold < 1 || *change.Threshold > maxThreshold {
			wrong("threshold", "must be 1 to %d", maxThreshold)
		}
		r.Threshold = *change.Threshold
	}
	if change.UnlessStudied != nil {
		r.UnlessStudied = *change.UnlessStudied
	}
	if change.Enabled != nil {
		r.Enabled = *change.Enabled
	}
	switch len(e.Fields) {
	case 0:
		return nil
	case 1:
		e.Message = e.Fields[0].Field + " " + e.Fields[0].Message
	}
	return e
}

// daily is when it rings, in a time zone.
func (r reminderRow) daily(zone *time.Location) dailyTime {
	hour, minute, _ := parseClock(r.At)
	return dailyTime{hour: hour, minute: minute, days: r.Days, zone: zone}
}

// plan says when it rings next.
func (r *reminderRow) plan(now time.Time, zone *time.Location) {
	r.NextAt = nil
	if next := r.daily(zone).next(now); r.Enabled && !next.IsZero() {
		at := next.UnixMicro()
		r.NextAt = &at
	}
}

// remindersOf are the user's reminders by id: all for 0, else that one.
func remindersOf(g *gorm.DB, user, id int64) ([]Reminder, error) {
	var rows []struct {
		Reminder reminderRow `gorm:"embedded"`
		DeckName *string
	}
	err := g.Raw(`SELECT `+reminderColumns+`, d.name AS deck_name FROM reminders r LEFT JOIN decks d ON d.id = r.deck_id
		WHERE r.user_id = ? AND (? = 0 OR r.id = ?) ORDER BY r.id`, user, id, id).Scan(&rows).Error
	list := make([]Reminder, len(rows))
	for i, row := range rows {
		r := row.Reminder
		list[i] = Reminder{ID: r.ID, At: r.At, Threshold: r.Threshold, UnlessStudied: r.UnlessStudied, Enabled: r.Enabled}
		if r.NextAt != nil {
			list[i].NextAt = timeOf(*r.NextAt)
		}
		if r.DeckID != nil && row.DeckName != nil {
			list[i].Deck = &ReminderDeck{ID: *r.DeckID, Name: *row.DeckName}
		}
		for day := 1; day <= 7; day++ {
			if r.Days>>(day-1)&1 == 1 {
				list[i].Days = append(list[i].Days, day)
			}
		}
	}
	return list, err
}

// ListReminders are all of the user's reminders, by id.
func (db *DB) ListReminders(ctx context.Context, user int64) ([]Reminder, error) {
	return remindersOf(db.Read(ctx), user, 0)
}

// CreateReminder adds a reminder for a deck of the user's, or for all.
func (db *DB) CreateReminder(ctx context.Context, user int64, in ReminderInput) (Reminder, error) {
	row := reminderRow{UserID: user, DeckID: in.DeckID, Days: everyDay, Threshold: 1, Enabled: true}
	change := ReminderChange{At: &in.At, Threshold: in.Threshold, UnlessStudied: &in.UnlessStudied, Enabled: in.Enabled}
	if in.Days != nil {
		change.Days = &in.Days
	}
	if err := row.set(change); err != nil {
		return Reminder{}, err
	}
	return Do(ctx, db, func(tx *Tx) (Reminder, error) {
		row := row
		if row.DeckID != nil {
			if _, err := tx.memberOf(user, *row.DeckID); err != nil {
				return Reminder{}, err
			}
		}
		var had int64
		if err := tx.Raw(`SELECT COUNT(*) FROM reminders WHERE user_id = ?`, user).Row().Scan(&had); err != nil {
			return Reminder{}, err
		}
		if had >= maxReminders {
			return Reminder{}, Errorf(LimitReached, "you have %d reminders, and can't have more", had)
		}
		zone, err := tx.zoneOf(user)
		if err != nil {
			return Reminder{}, err
		}
		row.plan(tx.now, zone)
		if err := tx.addReminder(&row); err != nil {
			return Reminder{}, err
		}
		if err := tx.tellReminders(user); err != nil {
			return Reminder{}, err
		}
		return tx.reminder(user, row.ID)
	}, touchesOf(user))
}

// UpdateReminder changes a reminder. A change that changes nothing is none.
func (db *DB) UpdateReminder(ctx context.Context, user, id int64, change ReminderChange) (made Reminder, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		var row reminderRow
		if err := tx.Raw(`SELECT `+reminderColumns+` FROM reminders r WHERE r.id = ? AND r.user_id = ?`, id, user).Scan(&row).Error; err != nil {
			return err
		}
		if row.ID == 0 {
			return noReminder()
		}
		before := row
		if err := row.set(change); err != nil {
			return err
		}
		if row != before {
			zone, err := tx.zoneOf(user)
			if err != nil {
				return err
			}
			if row.At != before.At || row.Days != before.Days || row.Enabled != before.Enabled {
				row.plan(tx.now, zone)
			}
			err = tx.Exec(`UPDATE reminders SET at = ?, days = ?, threshold = ?, unless_studied = ?, enabled = ?, next_at = ? WHERE id = ? AND user_id = ?`,
				row.At, row.Days, row.Threshold, bit(row.UnlessStudied), bit(row.Enabled), row.NextAt, id, user).Error
			if err != nil {
				return err
			}
			if err := tx.tellReminders(user); err != nil {
				return err
			}
		}
		made, err = tx.reminder(user, id)
		return err
	}, touchesOf(user))
	return made, err
}

// DeleteReminder deletes a reminder.
func (db *DB) DeleteReminder(ctx context.Context, user, id int64) error {
	return db.Write(ctx, func(tx *Tx) error {
		done := tx.Exec(`DELETE FROM reminders WHERE id = ? AND user_id = ?`, id, user)
		if done.Error == nil && done.RowsAffected == 0 {
			return noReminder()
		}
		if done.Error != nil {
			return done.Error
		}
		return tx.tellReminders(user)
	}, touchesOf(user))
}

func noReminder() error { return Errorf(NotFound, "there is no such reminder") }
