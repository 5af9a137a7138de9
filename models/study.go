package models

import (
	"sync"
	"time"

	"gorm.io/gorm"

	"aoki/models/fsrs"
)

// learnAhead is how long before it is due a learning card is asked when nothing else
// is left.
const learnAhead = 20 * time.Minute

// study is a user before a deck of theirs, at a moment.
type study struct {
	user, deck int64
	name       string // the deck's
	role       string
	cards      int64 // the deck's
	stored     string
	preset     Preset
	newAfter   int64 // no card up to this id is to be begun
	now        time.Time
	calendar   fsrs.Calendar
	today      int
	tomorrow   int64 // when the next day begins, in microseconds
	scheduler  *fsrs.Scheduler
	done       studyDay // of today
}

// studyRow is what the store knows of a study; its columns are those of studyColumns.
type studyRow struct {
	DeckID   int64
	DeckName string
	Cards    int64
	Role     string
	TimeZone string
	Preset   *string
	NewAfter *int64
}

const studyColumns = `d.id AS deck_id, d.name AS deck_name, d.cards, m.role, u.time_zone, st.preset, st.new_after`

// studyTables join m, the membership, with what studyColumns need.
const studyTables = `JOIN decks d ON d.id = m.deck_id JOIN users u ON u.id = m.user_id
	LEFT JOIN studies st ON st.user_id = m.user_id AND st.deck_id = m.deck_id `

// studyOf is a user before a deck; somebody else's deck is as little there as none.
func studyOf(g *gorm.DB, user, deck int64, now time.Time) (*study, error) {
	var row studyRow
	err := g.Raw(`SELECT `+studyColumns+` FROM deck_members m `+studyTables+`WHERE m.user_id = ? AND m.deck_id = ?`, user, deck).Scan(&row).Error
	if err != nil {
		return &study{}, err
	}
	if row.DeckID == 0 {
		return &study{}, noDeck()
	}
	st, err := row.study(user, now)
	if err != nil {
		return st, err
	}
	st.done, err = studyDayOf(g, user, deck, st.today)
	return st, err
}

// study makes one of the row, but for what was done today.
func (r studyRow) study(user int64, now time.Time) (*study, error) {
	st := &study{user: user, deck: r.DeckID, name: r.DeckName, role: r.Role, cards: r.Cards, now: now, stored: "{}", calendar: calendarOf(r.TimeZone)}
	if r.Preset != nil {
		st.stored = *r.Preset
	}
	if r.NewAfter != nil {
		st.newAfter = *r.NewAfter
	}
	st.today = st.calendar.Day(now)
	st.tomorrow = st.calendar.Start(st.today + 1).UnixMicro()
	preset, err := readPreset(st.stored)
	if err != nil {
		return st, err
	}
	return st, st.use(preset)
}

// use makes the study one with this preset.
func (st *study) use(p Preset) (err error) {
	st.preset = p
	st.scheduler, err = fsrs.NewScheduler(p.params(), st.calendar)
	return err
}

// zones keeps what was read of each time zone: it does not change, there are some
// hundreds, and reading one is file access, which the writer can't wait for.
var zones sync.Map

// calendarOf counts the days of somebody in a zone. One that this server does not
// know, as after a move to another machine, is UTC.
func calendarOf(zone string) fsrs.Calendar {
	known, ok := zones.Load(zone)
	if !ok {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			loc = time.UTC
		}
		known, _ = zones.LoadOrStore(zone, loc)
	}
	return fsrs.Calendar{Zone: known.(*time.Location), Rollover: rollover}
}

// studied is called at the end of each change to what there is to study: it keeps the
// study's row and its notifications true, and gives the deck's counts.
func (tx *Tx) studied(st *study) (DeckCounts, error) {
	if err := tx.settleDue(st); err != nil {
		return DeckCounts{}, err
	}
	return countQueue(tx.DB, st)
}

// timeOf is a stored moment, nil for none.
func timeOf(micros int64) *time.Time {
	if micros == 0 {
		return nil
	}
	t := time.UnixMicro(micros).UTC()
	return &t
}
