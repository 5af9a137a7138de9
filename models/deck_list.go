package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// deckView is a deck as one of its members sees it, and how they study it.
type deckView struct {
	Deck     deckRow `gorm:"embedded"`
	Role     string
	Members  int64
	TimeZone string
	Preset   *string
	NewAfter *int64
}

const selectDecks = `SELECT d.*, m.role, u.time_zone, st.preset, st.new_after, (SELECT COUNT(*) FROM deck_members x WHERE x.deck_id = d.id) AS members
	FROM deck_members m ` + studyTables + `WHERE m.user_id = ? `

// readDecks gives the decks that the query finds, counted as of now.
func readDecks(g *gorm.DB, user int64, now time.Time, query string, args ...any) ([]Deck, error) {
	var views []deckView
	if err := g.Raw(query, args...).Scan(&views).Error; err != nil || len(views) == 0 {
		return nil, err
	}
	done, err := studyDaysOf(g, user, calendarOf(views[0].TimeZone).Day(now))
	if err != nil {
		return nil, err
	}
	decks := make([]Deck, len(views))
	for i, v := range views {
		st, err := studyRow{DeckID: v.Deck.ID, DeckName: v.Deck.Name, Cards: v.Deck.Cards, Role: v.Role, TimeZone: v.TimeZone, Preset: v.Preset, NewAfter: v.NewAfter}.study(user, now)
		if err != nil {
			return nil, err
		}
		st.done = done[v.Deck.ID]
		counts, err := countQueue(g, st)
		if err != nil {
			return nil, err
		}
		d := v.Deck
		decks[i] = Deck{ID: d.ID, Name: d.Name, Description: d.Description, Role: v.Role, Members: v.Members,
			Counts: counts, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt}
		if counts == (DeckCounts{Total: st.cards}) && st.cards > 0 {
			if decks[i].NextDueAt, err = nextCard(g, st); err != nil {
				return nil, err
			}
		}
	}
	return decks, nil
}

// studyDaysOf is what the user answered on a day, by deck.
func studyDaysOf(g *gorm.DB, user int64, day int) (map[int64]studyDay, error) {
	var rows []struct {
		DeckID  int64
		Fresh   int64
		Reviews int64
	}
	err := g.Raw(`SELECT deck_id, fresh, reviews FROM study_days WHERE user_id = ? AND day = ?`, user, day).Scan(&rows).Error
	days := make(map[int64]studyDay, len(rows))
	for _, r := range rows {
		days[r.DeckID] = studyDay{Fresh: r.Fresh, Reviews: r.Reviews}
	}
	return days, err
}

func deckOf(g *gorm.DB, user, id int64, now time.Time) (Deck, error) {
	decks, err := readDecks(g, user, now, selectDecks+`AND m.deck_id = ?`, user, id)
	if err != nil {
		return Deck{}, err
	}
	if len(decks) == 0 {
		return Deck{}, noDeck()
	}
	return decks[0], nil
}

// GetDeck is a deck of the user's.
func (db *DB) GetDeck(ctx context.Context, user, id int64) (deck Deck, err error) {
	err = db.Snapshot(ctx, func(tx *gorm.DB) error {
		deck, err = deckOf(tx, user, id, db.Now())
		return err
	})
	return deck, err
}

// ListDecks is a page of the user's decks, oldest first, behind the deck after.
// next is the cursor of the page behind it, 0 on the last.
func (db *DB) ListDecks(ctx context.Context, user, after int64, limit int) (decks []Deck, next int64, err error) {
	err = db.Snapshot(ctx, func(tx *gorm.DB) error {
		decks, err = readDecks(tx, user, db.Now(), selectDecks+`AND m.deck_id > ? ORDER BY m.deck_id LIMIT ?`, user, after, limit+1)
		return err
	})
	if len(decks) > limit {
		decks = decks[:limit]
		next = decks[limit-1].ID
	}
	return decks, next, err
}
