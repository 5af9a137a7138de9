package models_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// statisticsWorld is somebody with a deck of her own, one of bob's, and a zone.
type statisticsWorld struct {
	*modelstest.Store
	t         *testing.T
	random    *rand.Rand
	zone      *time.Location
	user, bob int64
	decks     [2]int64
	cards     []int64
	answers   []int64
}

func newStatisticsWorld(t *testing.T, zone, start string) *statisticsWorld {
	t.Helper()
	w := &statisticsWorld{Store: modelstest.Open(t), t: t, random: rand.New(rand.NewPCG(7, 11))}
	w.zone = ok[*time.Location](t)(time.LoadLocation(zone))
	w.Clock.Add(ok[time.Time](t)(time.Parse(time.RFC3339, start)).Sub(w.Clock.Now()))
	w.user, w.bob = w.User("ann"), w.User("bob")
	ok[models.Profile](t)(w.Accounts(&modelstest.Sockets{}).UpdateProfile(ctx, w.user, models.ProfileChange{TimeZone: &zone}))
	for i, owner := range []int64{w.user, w.bob} {
		w.decks[i] = ok[models.Deck](t)(w.CreateDeck(ctx, owner, models.DeckInput{Name: "d"})).ID
		for range 6 {
			made := ok[models.NoteWithCards](t)(w.CreateNote(ctx, owner, w.decks[i], models.NoteInput{Type: "reversed", Fields: map[string]string{"Front": "q", "Back": "a"}}))
			for _, c := range made.Cards {
				w.cards = append(w.cards, c.ID)
			}
		}
	}
	ok[models.Member](t)(w.PutMember(ctx, w.bob, w.decks[1], "ann", models.DeckViewer))
	return w
}

// step is a few answers to whatever card, and now and then something else.
func (w *statisticsWorld) step() {
	w.t.Helper()
	for range w.random.IntN(4) {
		card := w.cards[w.random.IntN(len(w.cards))]
		made, err := w.AnswerCard(ctx, w.user, card, models.ReviewInput{Rating: 1 + w.random.IntN(4), AnsweredIn: int64(w.random.IntN(9000))})
		if err == nil {
			w.answers = append(w.answers, made.Review.ID)
		} else {
			code(w.t, err, models.Suspended)
		}
	}
	yes, no := true, false
	card := w.cards[w.random.IntN(len(w.cards))]
	switch w.random.IntN(8) {
	case 0:
		ok[models.Card](w.t)(w.UpdateCard(ctx, w.user, card, models.CardChange{Suspended: &yes}))
	case 1:
		ok[models.Card](w.t)(w.UpdateCard(ctx, w.user, card, models.CardChange{Suspended: &no}))
	case 2:
		ok[models.Card](w.t)(w.UpdateCard(ctx, w.user, card, models.CardChange{Buried: &yes}))
	case 3, 4:
		if n := len(w.answers); n > 0 {
			code(w.t, w.UndoReview(ctx, w.user, w.answers[n-1]), "")
			w.answers = w.answers[:n-1]
		}
	case 5: // what others do is theirs
		ok[models.Reviewed](w.t)(w.AnswerCard(ctx, w.bob, w.cards[len(w.cards)-1], models.ReviewInput{Rating: 3}))
	}
}

// A deck that is gone leaves what was answered in it, and none of its cards.
func TestStatisticsWithoutADeck(t *testing.T) {
	w := newStatisticsWorld(t, "UTC", "2026-05-13T12:00:00Z")
	for _, card := range w.cards {
		ok[models.Reviewed](t)(w.AnswerCard(ctx, w.user, card, models.ReviewInput{Rating: 4, AnsweredIn: 1000}))
	}
	before := sameStatistics(t, w.Store, w.user, 0, 30, time.UTC)
	if before.Totals.Answers != 24 || before.States.Young != 24 {
		t.Errorf("%+v", before)
	}
	code(t, w.RemoveMember(ctx, w.user, w.decks[1], "ann"), "")
	_, err := w.Statistics(ctx, w.user, w.decks[1], 30)
	code(t, err, models.NotFound)
	left := sameStatistics(t, w.Store, w.user, 0, 30, time.UTC)
	code(t, w.DeleteDeck(ctx, w.user, w.decks[0]), "")
	gone := sameStatistics(t, w.Store, w.user, 0, 30, time.UTC)
	if left.States.Young != 12 || gone.States != (models.CardStates{}) || len(gone.Forecast.Days) != 0 {
		t.Errorf("%+v and %+v", left.States, gone.States)
	}
	if gone.Totals != before.Totals || gone.Streak.Longest != 1 || len(gone.Days) != 1 {
		t.Errorf("%+v, was %+v", gone.Totals, before.Totals)
	}
	w.Clock.Add(24 * time.Hour)
	if s := sameStatistics(t, w.Store, w.user, 0, 30, time.UTC).Streak; s.Current != 1 {
		t.Errorf("the day is not over, and the streak is %+v", s)
	}
	w.Clock.Add(24 * time.Hour)
	if s := ok[models.Statistics](t)(w.Statistics(ctx, w.user, 0, 30)).Streak; s.Current != 0 || s.Longest != 1 {
		t.Errorf("a day without an answer leaves a streak of %+v", s)
	}
}

func TestStatisticsRefuse(t *testing.T) {
	w := newStatisticsWorld(t, "UTC", "2026-05-13T12:00:00Z")
	for _, days := range []int{-1, 0, models.MaxStatisticsDays + 1} {
		_, err := w.Statistics(ctx, w.user, 0, days)
		code(t, err, models.Invalid)
	}
	for _, deck := range []int64{99, -1} {
		_, err := w.Statistics(ctx, w.user, deck, 30)
		code(t, err, models.NotFound)
	}
	_, err := w.Statistics(ctx, w.bob, w.decks[0], 30)
	code(t, err, models.NotFound)
}
