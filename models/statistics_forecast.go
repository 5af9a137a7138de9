package models

import (
	"fmt"
	"strings"

	"gorm.io/gorm"

	"aoki/models/fsrs"
)

// forecastDays is how far ahead the forecast goes day by day, today included.
const forecastDays = 365

// Forecast is when the cards fall due that the user has begun, if none were answered
// until then. Suspended cards never do, and those that rest today do so tomorrow.
type Forecast struct {
	Overdue int64    `json:"overdue"` // reviews of days before today
	Days    []DueDay `json:"days"`    // today and the 364 days behind it, those with cards
	Later   int64    `json:"later"`
}

// DueDay is how many cards fall due on a day; today also all being learnt that are due.
type DueDay struct {
	Day Day   `json:"day"`
	Due int64 `json:"due"`
}

// forecastOf counts the cards of the decks by the days on which they fall due.
func forecastOf(g *gorm.DB, decks deckChoice, c fsrs.Calendar, today int) (Forecast, error) {
	f := Forecast{Days: []DueDay{}}
	// One number for each kind of card, so that they are grouped in one go; all of it is
	// read from schedules_queue alone.
	from, args := decks.schedules()
	rows, err := g.Raw(fmt.Sprintf(`SELECT 4 * (%s) + CASE s.state WHEN %d THEN 2 ELSE 0 END + CASE WHEN s.buried_on = %d THEN 1 ELSE 0 END, COUNT(*)`,
		daysUntil("s.due_at", c, today), fsrs.Review, today)+from+` AND s.suspended = 0 AND s.state > 0 GROUP BY 1`, args...).Rows()
	if err != nil {
		return f, err
	}
	defer rows.Close()
	var due [forecastDays]int64
	for rows.Next() {
		var packed, cards int64
		if err := rows.Scan(&packed, &cards); err != nil {
			return f, err
		}
		switch day, review, rests := packed>>2, packed&2 != 0, packed&1 != 0; {
		case rests && day <= 0:
			due[1] += cards
		case day < 0 && review:
			f.Overdue += cards
		case day >= forecastDays:
			f.Later += cards
		default:
			due[max(day, 0)] += cards
		}
	}
	for n, cards := range due {
		if cards > 0 {
			f.Days = append(f.Days, DueDay{Day(today + n), cards})
		}
	}
	return f, rows.Err()
}

// daysUntil is SQL that gives how many days from today a moment lies, the user's days: -1
// if it was before today began, forecastDays if it is beyond the forecast. A night in
// which the clocks change makes a day of 23 or 25 hours.
func daysUntil(moment string, c fsrs.Calendar, today int) string {
	const day = 24 * 60 * 60 * 1_000_000
	var b strings.Builder
	when := func(before int64, format string, args ...any) {
		fmt.Fprintf(&b, " WHEN %s < %d THEN "+format, append([]any{moment, before}, args...)...)
	}
	begin := c.Start(today).UnixMicro()
	when(begin, "-1")
	first, start := 0, begin // of a run of days of 24 hours
	for n := range forecastDays {
		end := c.Start(today + n + 1).UnixMicro()
		if end-begin != day {
			when(begin, "%d + (%s - %d) / %d", first, moment, start, day)
			when(end, "%d", n)
			first, start = n+1, end
		}
		begin = end
	}
	when(begin, "%d + (%s - %d) / %d", first, moment, start, day)
	return fmt.Sprintf("CASE%s ELSE %d END", b.String(), forecastDays)
}
