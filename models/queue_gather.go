package models

import (
	"gorm.io/gorm"
)

// maxLearning is how many learning cards are looked at: more than anybody could have
// before them within minutes.
const maxLearning = 10_000

// The cards of each kind, with how their places are to be filled.
const (
	// user, deck, until when (inclusive), today
	learningCards = `FROM schedules s WHERE s.user_id = ? AND s.deck_id = ? AND s.suspended = 0 AND s.state IN (1, 3) AND s.due_at <= ? AND s.buried_on <> ?`
	// user, deck, tomorrow, today
	reviewCards = `FROM schedules s WHERE s.user_id = ? AND s.deck_id = ? AND s.suspended = 0 AND s.state = 2 AND s.due_at < ? AND s.buried_on <> ?`
	// deck, newAfter, user, today
	freshCards = `FROM cards c WHERE c.deck_id = ? AND c.id > ?
		AND NOT EXISTS (SELECT 1 FROM schedules s WHERE s.card_id = c.id AND s.user_id = ? AND (s.state <> 0 OR s.suspended <> 0 OR s.buried_on = ?))`
)

// queue is what a user is to study in a deck at a moment, as ids of cards: each list
// in the order in which it is asked.
type queue struct {
	learning []int64 // due
	reviews  []int64 // due today, within the day's limit
	fresh    []int64 // new ones, within the day's limit
	ahead    []int64 // learning cards that will be due soon, for when nothing else is left
}

// counts are the lengths of the lists, so that they never disagree with the queue.
func (q queue) counts(st *study) DeckCounts {
	return DeckCounts{New: int64(len(q.fresh)), Learning: int64(len(q.learning) + len(q.ahead)), Due: int64(len(q.reviews)), Total: st.cards}
}

// gatherQueue finds what is to be studied.
func gatherQueue(g *gorm.DB, st *study) (q queue, err error) {
	if st.cards == 0 {
		return q, nil
	}
	now := st.now.UnixMicro()
	soon, err := pickCards(g, nil, maxLearning, `SELECT s.card_id, s.due_at `+learningCards+` ORDER BY s.due_at, s.card_id LIMIT ?`,
		st.user, st.deck, now+learnAhead.Microseconds(), st.today, maxLearning)
	if err != nil {
		return q, err
	}
	for _, c := range soon {
		if c.second <= now {
			q.learning = append(q.learning, c.id)
		} else {
			q.ahead = append(q.ahead, c.id)
		}
	}
	// Of a note whose siblings are to rest only one card is asked in a day: the others are
	// not among those to come either.
	var notes map[int64]bool
	sibling := `0`
	if st.preset.BurySiblings {
		notes = map[int64]bool{}
		sibling = `(SELECT c.note_id FROM cards c WHERE c.id = s.card_id)`
	}
	most := func(left int) int { // a limit for the store, where one card of a note hides no other
		if notes != nil {
			return -1
		}
		return left
	}
	if left := st.preset.ReviewsPerDay - int(st.done.Reviews); left > 0 {
		reviews, err := pickCards(g, notes, left, `SELECT s.card_id, `+sibling+` `+reviewCards+` ORDER BY s.due_at, s.card_id`+limitOf(most(left)), st.user, st.deck, st.tomorrow, st.today)
		if err != nil {
			return q, err
		}
		q.reviews = ids(reviews)
	}
	if left := st.preset.NewPerDay - int(st.done.Fresh); left > 0 {
		fresh, err := pickCards(g, notes, left, `SELECT c.id, c.note_id `+freshCards+` ORDER BY c.id`+limitOf(most(left)), st.deck, st.newAfter, st.user, st.today)
		if err != nil {
			return q, err
		}
		q.fresh = ids(fresh)
	}
	return q, nil
}

// picked is a card's id and what else its query gives.
type picked struct{ id, second int64 }

// pickCards reads at most so many cards. When notes are given, the second column is
// the card's note, and a note that was met before is passed over.
func pickCards(g *gorm.DB, notes map[int64]bool, most int, query string, args ...any) ([]picked, error) {
	rows, err := g.Raw(query, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var cards []picked
	for len(cards) < most && rows.Next() {
		var c picked
		if err := rows.Scan(&c.id, &c.second); err != nil {
			return nil, err
		}
		if notes != nil {
			if notes[c.second] {
				continue
			}
			notes[c.second] = true
		}
		cards = append(cards, c)
	}
	return cards, rows.Err()
}

func ids(cards []picked) []int64 {
	list := make([]int64, len(cards))
	for i, c := range cards {
		list[i] = c.id
	}
	return list
}

// mixed are reviews and new cards, the fewer spread evenly among the more, as Anki
// does it.
func mixed(reviews, fresh []int64) []int64 {
	all := make([]int64, 0, len(reviews)+len(fresh))
	// How many reviews there are for each new card, counting the gaps around them.
	ratio := float64(len(reviews)+1) / float64(len(fresh)+1)
	r, f := 0, 0
	for r < len(reviews) || f < len(fresh) {
		if f == len(fresh) || r < len(reviews) && float64(f+1)*ratio >= float64(r+1) {
			all = append(all, reviews[r])
			r++
		} else {
			all = append(all, fresh[f])
			f++
		}
	}
	return all
}
