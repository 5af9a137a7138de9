package models_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// BenchmarkStudy is what one user waits for who has 100,000 cards, 50,000 of them in one
// deck, and has given a million answers. The store syncs as in earnest. The limits are
// those that somebody sets who has so many cards.
//
//	go test -run - -bench Study ./models
func BenchmarkStudy(b *testing.B) {
	s := modelstest.Open(b)
	l := modelstest.FillLibrary(b, s.DB, s.User("ann"), 100_000, 1_000_000)
	if err := s.OnWriter("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		b.Fatal(err)
	}
	deck := l.Decks[0]
	for _, c := range []struct {
		name string
		deck int64
		days int
	}{{"all", 0, 365}, {"ten-years", 0, models.MaxStatisticsDays}, {"one-deck", deck, 365}} {
		b.Run("statistics/"+c.name, func(b *testing.B) {
			timed(b, func() error {
				_, err := s.Statistics(ctx, l.User, c.deck, c.days)
				return err
			})
		})
	}
	for _, c := range []struct {
		name string
		most string
	}{{"limit=200", "200"}, {"limit=9999", "9999"}} {
		if _, err := s.UpdatePreset(ctx, l.User, deck, models.PresetChange{"reviews_per_day": json.RawMessage(c.most)}); err != nil {
			b.Fatal(err)
		}
		b.Run("queue/"+c.name, func(b *testing.B) {
			timed(b, func() error {
				_, err := s.GetQueue(ctx, l.User, deck, 50)
				return err
			})
		})
		b.Run("decks/"+c.name, func(b *testing.B) {
			timed(b, func() error {
				_, _, err := s.ListDecks(ctx, l.User, 0, 50)
				return err
			})
		})
		var last models.Reviewed
		answer := func(card int64) (err error) {
			last, err = s.AnswerCard(ctx, l.User, card, models.ReviewInput{Rating: 3, AnsweredIn: 4000})
			return err
		}
		undo := func() error { return s.UndoReview(ctx, l.User, last.Review.ID) }
		cards := dueCards(b, s, l.User, deck)
		b.Run("answer/"+c.name, func(b *testing.B) {
			i := 0
			timedOf(b, func() error { i++; return answer(cards[i%len(cards)]) }, undo)
		})
		b.Run("undo/"+c.name, func(b *testing.B) {
			i := 0
			if err := answer(cards[0]); err != nil {
				b.Fatal(err)
			}
			timedOf(b, undo, func() error { i++; return answer(cards[i%len(cards)]) })
			if err := undo(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func dueCards(b *testing.B, s *modelstest.Store, user, deck int64) []int64 {
	b.Helper()
	q, err := s.GetQueue(ctx, user, deck, 1000)
	if err != nil {
		b.Fatal(err)
	}
	var cards []int64
	for _, c := range q.Items {
		cards = append(cards, c.ID)
	}
	return cards
}

// timed reports how long a half and nearly all of the operations took at most.
func timed(b *testing.B, op func() error) { timedOf(b, op, func() error { return nil }) }

// timedOf is timed with something after each operation that is not looked at.
func timedOf(b *testing.B, op, after func() error) {
	b.ReportAllocs()
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	for i := range took {
		begin := time.Now()
		if err := op(); err != nil {
			b.Fatal(err)
		}
		took[i] = time.Since(begin)
		b.StopTimer()
		if err := after(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	slices.Sort(took)
	for name, part := range map[string]float64{"p50-ms": .5, "p99-ms": .99} {
		b.ReportMetric(float64(took[int(part*float64(len(took)-1))].Microseconds())/1000, name)
	}
}
