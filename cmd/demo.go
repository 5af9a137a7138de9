package cmd

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"aoki/models"
)

// demoNotes are a few of each kind, so that a first look shows what a card can be.
var demoNotes = []models.NoteInput{
	{Type: "basic", Fields: map[string]string{"Front": "¿Cuánto es $\\frac{3}{4} + \\frac{1}{4}$?", "Back": "$1$: *uno*"}, Tags: []string{"numbers"}},
	{Type: "basic", Fields: map[string]string{"Front": "How is *ser* conjugated in the present?", "Back": "| | |\n|---|---|\n| yo | soy |\n| tú | eres |\n| ella | es |\n| nosotros | somos |\n| ellos | son |"}, Tags: []string{"grammar"}},
	{Type: "cloze", Fields: map[string]string{"Text": "{{c1::Madrid}} is the capital of {{c2::Spain}}.", "Extra": "About 3.3 million people live there."}, Tags: []string{"places"}},
	{Type: "reversed", Fields: map[string]string{"Front": "el árbol verde", "Back": "the green tree (青木, *aoki*)"}, Tags: []string{"nature"}},
	{Type: "reversed", Fields: map[string]string{"Front": "el desayuno", "Back": "the breakfast"}, Tags: []string{"food"}},
	{Type: "basic", Fields: map[string]string{"Front": "la mariposa", "Back": "the **butterfly**"}, Tags: []string{"animals"}},
}

// seedDemo fills an empty store: two users, a deck of one shared with the other, one that
// was studied, and a push to both. It gives what a person needs to know to look around.
func seedDemo(ctx context.Context, db *models.DB, accounts *models.Accounts) (string, error) {
	var told strings.Builder
	fmt.Fprintln(&told, "This is a demo: all of it is gone when the server stops. Sign in as")
	ids := map[string]int64{}
	for _, who := range []struct{ name, role string }{{"ann", models.RoleAdmin}, {"ben", models.RoleUser}} {
		password := strings.ToLower(rand.Text()[:10])
		user, err := accounts.CreateUser(ctx, 0, models.NewUser{Username: who.name, Password: password, Role: who.role})
		if err != nil {
			return "", err
		}
		ids[who.name] = user.ID
		fmt.Fprintf(&told, "  %s  password %s  (%s)\n", who.name, password, who.role)
	}
	ann := ids["ann"]
	deck, err := db.CreateDeck(ctx, ann, models.DeckInput{Name: "Spanish", Description: "First words, shared by ann and ben."})
	if err != nil {
		return "", err
	}
	for _, note := range demoNotes {
		if _, err := db.CreateNote(ctx, ann, deck.ID, note); err != nil {
			return "", err
		}
	}
	if _, err := db.PutMember(ctx, ann, deck.ID, "ben", models.DeckEditor); err != nil {
		return "", err
	}
	if err := seedStudied(ctx, db, ann); err != nil {
		return "", err
	}
	_, err = db.SendPush(ctx, ann, models.PushInput{
		To: models.Audience{All: true}, Title: "Welcome to Aoki", Link: fmt.Sprintf("/decks/%d", deck.ID),
		Body: "Sign in as ann here and as ben in another browser, add a card in one, and watch the other.",
	}, nobodyOnline{})
	return told.String(), err
}

// nobodyOnline is who has a socket before there is a server.
type nobodyOnline struct{}

func (nobodyOnline) OnlineUsers() []int64    { return nil }
func (nobodyOnline) Online() int             { return 0 }
func (nobodyOnline) CountOnline([]int64) int { return 0 }
