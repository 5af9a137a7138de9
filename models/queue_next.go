package models

import (
	"time"

	"gorm.io/gorm"
)

// nextCard is when the next card falls due in a deck that has nothing to study now: a
// learning card at its moment, a review with its day, and with tomorrow whatever the
// day's limits or a bury keep back. Nil when none will.
func nextCard(g *gorm.DB, st *study) (*time.Time, error) {
	var learning, review *int64
	var fresh bool
	err := g.Raw(`SELECT
		(SELECT MIN(CASE WHEN buried_on = ? AND due_at < ? THEN ? ELSE due_at END) FROM schedules WHERE user_id = ? AND deck_id = ? AND suspended = 0 AND state IN (1, 3)),
		(SELECT MIN(due_at) FROM schedules WHERE user_id = ? AND deck_id = ? AND suspended = 0 AND state = 2),
		EXISTS (SELECT 1 `+freshCards+`)`,
		st.today, st.tomorrow, st.tomorrow, st.user, st.deck,
		st.user, st.deck,
		st.deck, st.newAfter, st.user, st.today+1). // tomorrow none that is buried now is
		Row().Scan(&learning, &review, &fresh)
	if err != nil {
		return nil, err
	}
	var next int64
	sooner := func(at int64) {
		if next == 0 || at < next {
			next = at
		}
	}
	if learning != nil {
		sooner(*learning)
	}
	if review != nil && st.preset.ReviewsPerDay > 0 {
		day := st.calendar.Day(time.UnixMicro(*review))
		sooner(max(st.tomorrow, st.calendar.Start(day).UnixMicro()))
	}
	if fresh && st.preset.NewPerDay > 0 {
		sooner(st.tomorrow)
	}
	return timeOf(next), nil
}
