package modelstest

import (
	"fmt"
	"slices"
	"time"

	"aoki/models/fsrs"
)

// longest is the library's maximum interval in days: without one, cards that are always
// remembered would have been begun before 1970.
const longest = 180

// studied is a begun card as its answers left it.
type studied struct {
	fsrs.Card
	deck      int64
	suspended int
}

// answered is an answer: the card before it, and what it led to.
type answered struct {
	before fsrs.Card
	next   time.Time // due
	deck   int64
	rating fsrs.Rating
	at     time.Time
	millis int64
}

type dayOf struct{ day, deck int64 }

// sums are the figures of a study day, in the order of their columns.
type sums struct {
	answers, fresh, reviews              int64
	ratings                              [4]int64
	millis                               int64
	young, youngKept, mature, matureKept int64
}

// study answers the begun cards, so often in all.
func (f *filler) study(answers int) {
	params := fsrs.Default()
	params.MaximumInterval = longest
	calendar := fsrs.Calendar{Zone: time.UTC, Rollover: 4}
	scheduler, err := fsrs.NewScheduler(params, calendar)
	if err != nil {
		panic(err) // it is always the same
	}
	left := 0
	for _, d := range f.held {
		left += int(d.begun)
	}
	for _, d := range f.held {
		for i := range d.begun {
			times := answers / left
			if left > 1 {
				times += f.random.IntN(times) - times/2
			}
			left, answers = left-1, answers-times
			f.card(scheduler, d, d.first+i, times)
		}
	}
	slices.SortFunc(f.answers, func(a, b answered) int {
		if by := a.at.Compare(b.at); by != 0 {
			return by
		}
		return int(a.before.ID - b.before.ID)
	})
	f.days = map[dayOf]*sums{}
	for _, a := range f.answers {
		f.count(a, dayOf{int64(calendar.Day(a.at)), a.deck})
	}
}

// card answers one, when it is due or some hours later, and then moves all of it by whole
// days so that it is due within what its interval allows: mostly later, now and then today
// or before.
func (f *filler) card(scheduler *fsrs.Scheduler, d deckOf, id int64, times int) {
	const day = 24 * time.Hour
	begin := len(f.answers)
	at := f.now.Truncate(day).Add(7*time.Hour + time.Duration(f.random.IntN(14*3600_000))*time.Millisecond)
	card := fsrs.Card{ID: id}
	for n := range times {
		rating := fsrs.Good
		switch p := f.random.IntN(100); {
		case n >= times-2 && id%2000 == 0:
			rating = fsrs.Again // among the last two: this one is being learnt
		case n >= times-2: // Good twice leaves no card in its steps
		case p < 9:
			rating = fsrs.Again
		case p < 16:
			rating = fsrs.Hard
		case p < 24:
			rating = fsrs.Easy
		}
		next, err := scheduler.Answer(card, rating, at)
		if err != nil {
			panic(err) // times go up
		}
		f.answers = append(f.answers, answered{before: card, next: next.Due, deck: d.id, rating: rating, at: at, millis: 1000 + int64(f.random.ExpFloat64()*4000)})
		card, at = next, next.Due.Add(time.Duration(f.random.IntN(120))*time.Second)
		if hours := at.Hour(); card.State == fsrs.Review && hours > 20 {
			at = at.Add(-time.Duration(f.random.IntN(12)) * time.Hour) // the day is not over yet
		}
		at = later(at, card.LastReview)
	}
	span := int64(card.Interval())
	if card.State == fsrs.Review {
		span += int64(day)
	} else {
		span = 1
	}
	shift := f.now.Sub(card.LastReview.Add(time.Duration(f.random.Int64N(span))))
	moved := shift.Truncate(day)
	if moved > shift {
		moved -= day
	}
	for i := range f.answers[begin:] {
		a := &f.answers[begin+i]
		a.at, a.next = a.at.Add(moved), a.next.Add(moved)
		if a.before.State != fsrs.New {
			a.before.Due, a.before.LastReview = a.before.Due.Add(moved), a.before.LastReview.Add(moved)
		}
	}
	card.Due, card.LastReview = card.Due.Add(moved), card.LastReview.Add(moved)
	suspended := 0
	if id%100 == 7 {
		suspended = 1
	}
	f.cards = append(f.cards, studied{card, d.id, suspended})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (f *filler) count(a answered, key dayOf) {
	s := f.days[key]
	if s == nil {
		s = &sums{}
		f.days[key] = s
	}
	s.answers++
	s.ratings[a.rating-1]++
	s.millis += a.millis
	kept := int64(1)
	if a.rating == fsrs.Again {
		kept = 0
	}
	switch {
	case a.before.State == fsrs.New:
		s.fresh++
	case a.before.State == fsrs.Review && a.before.Interval() < 21*24*time.Hour:
		s.reviews++
		s.young++
		s.youngKept += kept
	case a.before.State == fsrs.Review:
		s.reviews++
		s.mature++
		s.matureKept += kept
	}
}

// schedules stores what the user knows of the cards, and when those being learnt ring.
func (f *filler) schedules() error {
	const columns = "card_id, user_id, deck_id, state, steps_left, stability, difficulty, due_at, last_review_at, reps, lapses, suspended"
	err := f.insert("schedules", columns, len(f.cards), func(i int) []any {
		c := f.cards[i]
		return []any{c.ID, f.user, c.deck, int64(c.State), c.StepsLeft, c.Stability, c.Difficulty, c.Due.UnixMicro(), c.LastReview.UnixMicro(), c.Reps, c.Lapses, c.suspended}
	})
	if err != nil {
		return err
	}
	return f.tx.Exec(`UPDATE studies SET ring_at = (SELECT MIN(due_at) FROM schedules s WHERE s.user_id = studies.user_id AND s.deck_id = studies.deck_id
		AND s.suspended = 0 AND s.state IN (1, 3) AND s.due_at > ?) WHERE user_id = ?`, f.now.UnixMicro(), f.user).Error
}

// reviews stores the first n answers and forgets them.
func (f *filler) reviews(n int) error {
	const columns = "user_id, card_id, deck_id, word, rating, answered_at, answered_in, day, state, steps_left, stability, difficulty, due_at, last_review_at, reps, lapses, next_due_at"
	calendar := fsrs.Calendar{Zone: time.UTC, Rollover: 4}
	micros := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMicro()
	}
	err := f.insert("reviews", columns, n, func(i int) []any {
		a := f.answers[i]
		c := a.before
		return []any{f.user, c.ID, a.deck, fmt.Sprint(c.ID, ":", c.Reps), int(a.rating), a.at.UnixMicro(), a.millis, calendar.Day(a.at),
			int64(c.State), c.StepsLeft, c.Stability, c.Difficulty, micros(c.Due), micros(c.LastReview), c.Reps, c.Lapses, a.next.UnixMicro()}
	})
	f.answers = f.answers[n:]
	return err
}

func (f *filler) studyDays() error {
	keys := make([]dayOf, 0, len(f.days))
	for key := range f.days {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b dayOf) int {
		if a.day != b.day {
			return int(a.day - b.day)
		}
		return int(a.deck - b.deck)
	})
	const columns = "user_id, day, deck_id, answers, fresh, reviews, again, hard, good, easy, millis, young, young_kept, mature, mature_kept"
	return f.insert("study_days", columns, len(keys), func(i int) []any {
		s := f.days[keys[i]]
		return []any{f.user, keys[i].day, keys[i].deck, s.answers, s.fresh, s.reviews, s.ratings[0], s.ratings[1], s.ratings[2], s.ratings[3], s.millis,
			s.young, s.youngKept, s.mature, s.matureKept}
	})
}
