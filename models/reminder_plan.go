package models

import (
	"time"
)

// defaultDigest is what everybody has who has not chosen otherwise.
func defaultDigest(user int64) reminderRow {
	return reminderRow{UserID: user, At: "08:00", Days: everyDay, Threshold: 1, Enabled: true}
}

// addReminder stores a new reminder, and gives it its id.
func (tx *Tx) addReminder(r *reminderRow) error {
	return tx.Raw(`INSERT INTO reminders (user_id, deck_id, at, days, threshold, unless_studied, enabled, next_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		r.UserID, r.DeckID, r.At, r.Days, r.Threshold, bit(r.UnlessStudied), bit(r.Enabled), r.NextAt, tx.now).Row().Scan(&r.ID)
}

// reminder is one of the user's reminders.
func (tx *Tx) reminder(user, id int64) (Reminder, error) {
	list, err := remindersOf(tx.DB, user, id)
	if err != nil || len(list) == 0 {
		return Reminder{}, err
	}
	return list[0], nil
}

// remindersEvent is the message of reminders.updated.
type remindersEvent struct {
	Items []Reminder `json:"items"`
}

// tellReminders logs a user's reminders as they are now.
func (tx *Tx) tellReminders(user int64) error {
	list, err := remindersOf(tx.DB, user, 0)
	if err != nil {
		return err
	}
	return tx.Append("reminders.updated", remindersEvent{list}, user)
}

// zoneOf is the user's time zone.
func (tx *Tx) zoneOf(user int64) (*time.Location, error) {
	var name string
	err := tx.Raw(`SELECT time_zone FROM users WHERE id = ?`, user).Row().Scan(&name)
	return calendarOf(name).Zone, err
}

// replan plans a user's reminders anew, whose time zone has become another.
func (tx *Tx) replan(user int64, zone string) error {
	var rows []reminderRow
	err := tx.Raw(`SELECT `+reminderColumns+` FROM reminders r WHERE r.user_id = ? AND r.enabled = 1 ORDER BY r.id`, user).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return err
	}
	for _, row := range rows {
		row.plan(tx.now, calendarOf(zone).Zone)
		if err := tx.Exec(`UPDATE reminders SET next_at = ? WHERE id = ? AND user_id = ?`, row.NextAt, row.ID, user).Error; err != nil {
			return err
		}
	}
	return tx.tellReminders(user)
}

// dropReminders deletes the users' reminders of a deck.
func (tx *Tx) dropReminders(deck int64, users []int64) error {
	var had []int64
	err := tx.Raw(`SELECT DISTINCT user_id FROM reminders WHERE deck_id = ? AND user_id `+inSet+` ORDER BY user_id`, deck, newIDSet(users)).Scan(&had).Error
	if err != nil || len(had) == 0 {
		return err
	}
	if err := tx.Exec(`DELETE FROM reminders WHERE deck_id = ? AND user_id `+inSet, deck, newIDSet(had)).Error; err != nil {
		return err
	}
	for _, user := range had {
		if err := tx.tellReminders(user); err != nil {
			return err
		}
	}
	return nil
}

// reminders claims the user's reminders that are due, and calls where one has reason to.
// One that was missed, because no server ran, still counts on the user's day for which it
// was, and once.
func (r *ringer) reminders() error {
	tx := r.tx
	var due []reminderRow
	err := tx.Raw(`SELECT `+reminderColumns+` FROM reminders r WHERE r.user_id = ? AND r.next_at <= ? ORDER BY r.id`, r.user, tx.now.UnixMicro()).Scan(&due).Error
	if err != nil {
		return err
	}
	for _, row := range due {
		was, last := *row.NextAt, row.daily(r.calendar.Zone).last(tx.now)
		row.plan(tx.now, r.calendar.Zone)
		claimed := tx.Exec(`UPDATE reminders SET next_at = ? WHERE id = ? AND user_id = ? AND next_at = ?`, row.NextAt, row.ID, r.user, was)
		if claimed.Error != nil {
			return claimed.Error
		}
		if claimed.RowsAffected == 0 || was == 0 || r.calendar.Day(last) != r.calendar.Day(tx.now) {
			continue
		}
		reason, err := r.reason(row)
		if err != nil {
			return err
		}
		if reason && row.DeckID == nil {
			r.want(0, false)
		} else if reason {
			r.want(*row.DeckID, false)
		}
	}
	return nil
}

// reason reports whether a reminder has something to say.
func (r *ringer) reason(row reminderRow) (bool, error) {
	tx, deck := r.tx, int64(0)
	if row.DeckID != nil {
		deck = *row.DeckID
	}
	if row.UnlessStudied {
		var studied bool
		err := tx.Raw(`SELECT EXISTS (SELECT 1 FROM study_days WHERE user_id = ? AND day = ? AND (? = 0 OR deck_id = ?) AND answers > 0)`,
			r.user, r.calendar.Day(tx.now), deck, deck).Row().Scan(&studied)
		if err != nil || studied {
			return false, err
		}
	}
	var decks []DigestDeck
	var err error
	if deck == 0 {
		decks, err = r.allDecks()
	} else {
		decks, err = decksDue(tx.DB, r.user, tx.now, []int64{deck})
	}
	return len(decks) > 0 && digestOf(decks).Due >= int64(row.Threshold), err
}
