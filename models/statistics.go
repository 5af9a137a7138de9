package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// MaxStatisticsDays is how far back the statistics go day by day: ten years.
const MaxStatisticsDays = 3660

// Day is a day of a user, whose days begin at 04:00: 20779 is "2026-11-22".
type Day int

// String is the date on which the day begins.
func (d Day) String() string { return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly) }

// MarshalText writes the date.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Statistics are how a user studies one deck, or all. What was answered counts by the
// user's days, also in decks that are gone; cards are those of the decks they have now.
type Statistics struct {
	From      Day          `json:"from"`  // the first day of the range
	Today     Day          `json:"today"` // its last
	Days      []AnswerDay  `json:"days"`  // of the range, those with answers, oldest first
	Totals    AnswerTotals `json:"totals"`
	Streak    Streak       `json:"streak"`
	Retention Retained     `json:"retention"`
	Forecast  Forecast     `json:"forecast"`
	States    CardStates   `json:"states"`
	Histograms
}

// Statistics of a deck of the user's, or of all when deck is 0, with the last so many
// days one by one. All of it is of one moment.
func (db *DB) Statistics(ctx context.Context, user, deck int64, days int) (s Statistics, err error) {
	if days < 1 || days > MaxStatisticsDays {
		return s, InvalidField("days", "must be 1 to %d", MaxStatisticsDays)
	}
	err = db.Snapshot(ctx, func(g *gorm.DB) error {
		decks, err := studiedDecks(g, user, deck)
		if err != nil {
			return err
		}
		calendar := calendarOf(decks.zone)
		today := calendar.Day(db.Now())
		s.Today, s.From = Day(today), Day(today-days+1)
		for _, read := range []func(*gorm.DB, deckChoice) error{s.readDays, s.readStreak, s.readCards} {
			if err := read(g, decks); err != nil {
				return err
			}
		}
		s.Forecast, err = forecastOf(g, decks, calendar, today)
		return err
	})
	return s, err
}

// deckChoice are the decks whose cards are looked at.
type deckChoice struct {
	user, deck int64  // deck 0: all
	zone       string // the user's
	cards      int64  // in them, whoever knows them
}

// studiedDecks finds them; a deck that is not the user's is none.
func studiedDecks(g *gorm.DB, user, deck int64) (deckChoice, error) {
	c := deckChoice{user: user, deck: deck}
	var found int64
	err := g.Raw(`SELECT COUNT(d.id), CAST(COALESCE(SUM(d.cards), 0) AS BIGINT), (SELECT time_zone FROM users WHERE id = ?)
		FROM deck_members m JOIN decks d ON d.id = m.deck_id WHERE m.user_id = ? AND (m.deck_id = ? OR ? = 0)`,
		user, user, deck, deck).Row().Scan(&found, &c.cards, &c.zone)
	if err == nil && found == 0 && deck != 0 {
		err = noDeck()
	}
	return c, err
}

// schedules is the beginning of a query about the user's cards in these decks, s, and
// its arguments.
func (c deckChoice) schedules() (from string, args []any) {
	// CROSS JOIN has SQLite go from the decks to the cards, not through all cards and back.
	from = ` FROM deck_members m CROSS JOIN schedules s WHERE m.user_id = ? AND s.user_id = m.user_id AND s.deck_id = m.deck_id`
	if c.deck == 0 {
		return from, []any{c.user}
	}
	return from + ` AND m.deck_id = ?`, []any{c.user, c.deck}
}

// studyDays is the beginning of a query about the days on which the user answered, and
// its arguments. All decks are also those that are gone.
func (c deckChoice) studyDays() (from string, args []any) {
	from = ` FROM study_days WHERE user_id = ? AND answers > 0`
	if c.deck == 0 {
		return from, []any{c.user}
	}
	return from + ` AND deck_id = ?`, []any{c.user, c.deck}
}
