package cmd

import (
	"context"
	"strings"
	"time"

	"aoki/models"
)

// demoDays is for how long ann has studied when the demo begins.
const demoDays = 56

// demoPause is for how many days she has not, so that cards wait for her.
const demoPause = 4

// demoCapitals are countries and their capitals.
const demoCapitals = `Argentina Buenos Aires|Australia Canberra|Austria Vienna|Brazil Brasília|Canada Ottawa|Chile Santiago|China Beijing|Colombia Bogotá|Czechia Prague
Denmark Copenhagen|Egypt Cairo|Ethiopia Addis Ababa|Finland Helsinki|France Paris|Ghana Accra|Greece Athens|Hungary Budapest|Iceland Reykjavík|India New Delhi
Indonesia Jakarta|Ireland Dublin|Italy Rome|Japan Tokyo|Kazakhstan Astana|Kenya Nairobi|Mexico Mexico City|Morocco Rabat|Nepal Kathmandu|Netherlands Amsterdam
Nigeria Abuja|Norway Oslo|Peru Lima|Poland Warsaw|Portugal Lisbon|Senegal Dakar|Slovenia Ljubljana|Sweden Stockholm|Thailand Bangkok|Turkey Ankara|Uruguay Montevideo`

// seedStudied gives ann a deck that she has studied for weeks, so that there is
// something due today, and pictures to look at.
func seedStudied(ctx context.Context, db *models.DB, ann int64) error {
	deck, err := db.CreateDeck(ctx, ann, models.DeckInput{Name: "Capitals", Description: "Studied by ann for eight weeks."})
	if err != nil {
		return err
	}
	var cards []demoCard
	for i, pair := range strings.FieldsFunc(demoCapitals, func(r rune) bool { return r == '|' || r == '\n' }) {
		country, capital, _ := strings.Cut(pair, " ")
		made, err := db.CreateNote(ctx, ann, deck.ID, models.NoteInput{Type: "basic", Fields: map[string]string{"Front": "What is the capital of **" + country + "**?", "Back": capital}})
		if err != nil {
			return err
		}
		cards = append(cards, demoCard{id: made.Cards[0].ID, from: demoDays - i*3/2})
	}
	evening := db.Now().Add(-3 * time.Hour)
	for day := demoDays; day > demoPause; day-- {
		if day%9 == 4 {
			continue // an evening off
		}
		at := evening.AddDate(0, 0, -day)
		for i := range cards {
			if err := cards[i].study(ctx, db, ann, day, &at); err != nil {
				return err
			}
		}
	}
	return nil
}

// demoCard is a card of ann's, begun so many days ago.
type demoCard struct {
	id   int64
	from int
	reps int
	due  time.Time
}

// study answers the card until it is not due any more on an evening, and moves the time
// on by what that took.
func (c *demoCard) study(ctx context.Context, db *models.DB, user int64, day int, at *time.Time) error {
	if day > c.from {
		return nil
	}
	for end := at.Add(time.Hour); c.due.Before(end); {
		if c.due.After(*at) {
			*at = c.due
		}
		took := time.Duration(3+(c.id*5+int64(c.reps)*7)%11) * time.Second
		*at = at.Add(took)
		answered := *at
		made, err := db.AnswerCard(ctx, user, c.id, models.ReviewInput{Rating: c.rating(), AnsweredAt: &answered, AnsweredIn: took.Milliseconds()})
		if err != nil {
			return err
		}
		c.reps++
		c.due = *made.Card.DueAt
		if made.Card.DueAt.Sub(answered) > time.Hour {
			return nil
		}
	}
	return nil
}

// rating is Good as a rule, and now and then another.
func (c *demoCard) rating() int {
	switch (c.id*3 + int64(c.reps)*5) % 13 {
	case 0:
		return 1
	case 4:
		return 2
	case 8:
		return 4
	}
	return 3
}
