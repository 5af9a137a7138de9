package models

import (
	"encoding/json"
	"time"
)

// quietHours are the hours of the local clock in which nothing rings, as minutes of
// the day. From 22:00 to 07:00 goes over midnight; equal ends mean never.
type quietHours struct{ from, to int }

// readQuiet reads the quiet hours from a user's preferences, as the web app does: what
// is missing or of another shape has its default, and they are off unless they are on.
func readQuiet(preferences string) quietHours {
	var stored struct {
		Quiet struct {
			On   any `json:"on"`
			From any `json:"from"`
			To   any `json:"to"`
		} `json:"quiet"`
	}
	if err := json.Unmarshal([]byte(preferences), &stored); err != nil || stored.Quiet.On != true {
		return quietHours{}
	}
	minutes := func(v any, otherwise int) int {
		text, _ := v.(string)
		if hour, minute, ok := parseClock(text); ok {
			return hour*60 + minute
		}
		return otherwise
	}
	return quietHours{minutes(stored.Quiet.From, 22*60), minutes(stored.Quiet.To, 7*60)}
}

// moveQuiet lets what waits for the end of a user's quiet hours look again, when they end
// at another time now, or are over.
func (tx *Tx) moveQuiet(before, after userRow) error {
	end := func(u userRow) int64 {
		return readQuiet(u.Preferences).until(tx.now, calendarOf(u.TimeZone).Zone).UnixMicro()
	}
	if end(before) == end(after) {
		return nil
	}
	return tx.Exec(`UPDATE calls SET at = ? WHERE user_id = ? AND deed = ? AND at > ? AND at = ?`,
		tx.now.UnixMicro(), after.ID, deedRing, tx.now.UnixMicro(), end(before)).Error
}

// at reports whether it is quiet at a time of the local day.
func (q quietHours) at(sinceMidnight time.Duration) bool {
	now := int(sinceMidnight / time.Minute)
	if q.from <= q.to {
		return q.from <= now && now < q.to
	}
	return now >= q.from || now < q.to
}

// until is when it stops being quiet, t itself when it is not. Clocks that are changed
// meanwhile are followed.
func (q quietHours) until(t time.Time, zone *time.Location) time.Time {
	for {
		local := t.In(zone)
		today := sinceMidnight(local)
		if !q.at(today) {
			return t
		}
		left := time.Duration(q.to)*time.Minute - today
		if left <= 0 {
			left += 24 * time.Hour
		}
		end := t.Add(left)
		_, change := local.ZoneBounds()
		if change.IsZero() || end.Before(change) {
			return end.UTC()
		}
		t = change.UTC()
	}
}

// sinceMidnight is what the clock shows.
func sinceMidnight(local time.Time) time.Duration {
	return time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute +
		time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
}
