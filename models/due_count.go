package models

import (
	"time"

	"gorm.io/gorm"
)

// ringAhead is how far ahead a ring looks: learning cards that fall due so soon after the
// first call with it, and not one by one.
const ringAhead = time.Minute

// ringRow is what a study knows of ringing, in microseconds.
type ringRow struct {
	DeckID        int64
	RingAt        *int64 // when learning cards call next; nil never
	RungAt        int64  // those that fell due until then have called
	SnoozedUntil  int64
	StudyingUntil int64
}

const ringColumns = `deck_id, ring_at, rung_at, snoozed_until, studying_until`

// ringOf is the study's row, nil when there is none. A clock that was put back does not
// keep anything silent.
func ringOf(g *gorm.DB, st *study) (*ringRow, error) {
	var r ringRow
	err := g.Raw(`SELECT `+ringColumns+` FROM studies WHERE user_id = ? AND deck_id = ?`, st.user, st.deck).Scan(&r).Error
	if err != nil || r.DeckID == 0 {
		return nil, err
	}
	if r.RungAt > st.now.Add(ringAhead).UnixMicro() {
		r.RungAt = 0
	}
	return &r, nil
}

// horizon is up to when learning cards count as due: those that have called a little
// ahead of their time do.
func (r *ringRow) horizon(now time.Time) int64 {
	if r == nil {
		return now.UnixMicro()
	}
	return max(now.UnixMicro(), r.RungAt)
}

// blocked is until when the deck's rings are held back.
func (r *ringRow) blocked() int64 {
	if r == nil {
		return 0
	}
	return max(r.SnoozedUntil, r.StudyingUntil)
}

// learningDue counts the learning cards that fall due in (from, to].
func learningDue(g *gorm.DB, st *study, from, to int64) (n int64, err error) {
	err = g.Raw(`SELECT COUNT(*) FROM schedules WHERE user_id = ? AND deck_id = ? AND suspended = 0 AND state IN (1, 3)
		AND due_at > ? AND due_at <= ? AND buried_on <> ?`, st.user, st.deck, from, to, st.today).Row().Scan(&n)
	return n, err
}

// allDue counts what is due: learning cards up to a moment, and the day's reviews as the
// queue has them.
func allDue(g *gorm.DB, st *study, to int64) (int64, error) {
	learning, err := learningDue(g, st, 0, to)
	if err != nil {
		return 0, err
	}
	reviews := *st
	reviews.preset.NewPerDay = 0 // nobody asks for new cards
	counts, err := countQueue(g, &reviews)
	return learning + counts.Due, err
}

// countDue counts what an item speaks of.
func countDue(g *gorm.DB, st *study, r *ringRow, learning bool) (int64, error) {
	if learning {
		return learningDue(g, st, 0, r.horizon(st.now))
	}
	return allDue(g, st, r.horizon(st.now))
}

// nextCall is when the first learning card calls that has not; nil when none will.
func nextCall(g *gorm.DB, st *study, r *ringRow) (*int64, error) {
	var due *int64
	err := g.Raw(`SELECT MIN(due_at) FROM schedules WHERE user_id = ? AND deck_id = ? AND suspended = 0 AND state IN (1, 3)
		AND due_at > ? AND (buried_on <> ? OR due_at >= ?)`, st.user, st.deck, r.RungAt, st.today, st.tomorrow).Row().Scan(&due)
	if due != nil {
		*due = max(*due, r.blocked())
	}
	return due, err
}

// decksDue are a user's decks in which something is due, with how much; of the given
// ones, or of all for nil.
func decksDue(g *gorm.DB, user int64, now time.Time, only []int64) (decks []DigestDeck, err error) {
	if only == nil {
		if only, err = decksAsking(g, user, now); err != nil {
			return nil, err
		}
	}
	for _, id := range only {
		st, err := studyOf(g, user, id, now)
		if ErrorCode(err) == NotFound {
			continue // the deck has gone, or its member
		}
		if err != nil {
			return nil, err
		}
		r, err := ringOf(g, st)
		if err != nil {
			return nil, err
		}
		n, err := countDue(g, st, r, false)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			decks = append(decks, DigestDeck{ID: id, Name: st.name, Due: n})
		}
	}
	return decks, nil
}

// decksAsking are a user's decks that have cards that may be due today.
func decksAsking(g *gorm.DB, user int64, now time.Time) (decks []int64, err error) {
	until := now.Add(26 * time.Hour).UnixMicro() // at least the end of the user's day
	asks := `EXISTS (SELECT 1 FROM schedules s WHERE s.user_id = m.user_id AND s.deck_id = m.deck_id AND s.suspended = 0 AND s.due_at < ? AND s.state = `
	err = g.Raw(`SELECT m.deck_id FROM deck_members m WHERE m.user_id = ? AND (`+asks+`1) OR `+asks+`2) OR `+asks+`3)) ORDER BY m.deck_id`,
		user, until, until, until).Scan(&decks).Error
	return decks, err
}
