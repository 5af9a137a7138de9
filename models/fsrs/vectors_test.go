package fsrs_test

import (
	"testing"
	"time"

	"aoki/models/fsrs"
)

const day = 24 * time.Hour

// TestLongHistory answers each time when the card is due; the numbers are published,
// and three implementations agree on them.
func TestLongHistory(t *testing.T) {
	s := scheduler(t, fsrs.Default(), fsrs.Calendar{Rollover: 4})
	var card fsrs.Card
	at := t0
	for i, want := range []struct {
		rating                fsrs.Rating
		days                  int
		stability, difficulty float64
	}{
		{3, 0, 2.3065, 2.1181},
		{3, 2, 2.3065, 2.1112},
		{3, 11, 10.9710, 2.1043},
		{3, 46, 46.3169, 2.0975},
		{3, 163, 162.9998, 2.0906},
		{3, 498, 497.8766, 2.0837},
		{1, 0, 6.8904, 7.3832},
		{1, 0, 2.1546, 9.1251},
		{3, 2, 2.1546, 9.1112},
		{3, 4, 3.9831, 9.0973},
		{3, 7, 7.2363, 9.0835},
		{3, 12, 12.4830, 9.0696},
		{3, 21, 20.7704, 9.0558},
	} {
		card = answer(t, s, card, want.rating, at)
		if got := int(card.Interval() / day); got != want.days || !near(card.Stability, want.stability) || !near(card.Difficulty, want.difficulty) {
			t.Errorf("answer %d: %d days, S %.5f D %.5f, want %d, %.4f and %.4f", i+1, got, card.Stability, card.Difficulty,
				want.days, want.stability, want.difficulty)
		}
		at = card.Due
	}
	if card.State != fsrs.Review || card.Reps != 13 || card.Lapses != 1 {
		t.Errorf("ends as %+v", card)
	}
}

func TestFirstAnswer(t *testing.T) {
	for _, tt := range []struct {
		rating                fsrs.Rating
		stability, difficulty float64
		state                 fsrs.State
		interval              time.Duration
		left                  int
	}{
		{fsrs.Again, 0.212, 6.4133, fsrs.Learning, time.Minute, 2},
		{fsrs.Hard, 1.2931, 5.11217, fsrs.Learning, 330 * time.Second, 2},
		{fsrs.Good, 2.3065, 2.11810, fsrs.Learning, 10 * time.Minute, 1},
		{fsrs.Easy, 8.2956, 1, fsrs.Review, 8 * day, 0},
	} {
		got := answer(t, scheduler(t, fsrs.Default(), fsrs.Calendar{}), fsrs.Card{ID: 7}, tt.rating, t0)
		expect(t, tt.rating.String(), got, fsrs.Card{ID: 7, State: tt.state, StepsLeft: tt.left, Stability: tt.stability, Difficulty: tt.difficulty,
			Due: t0.Add(tt.interval), LastReview: t0, Reps: 1})
	}
}

// TestThirdAnswer rates a card that was Good twice, when it is due.
func TestThirdAnswer(t *testing.T) {
	s := scheduler(t, fsrs.Default(), fsrs.Calendar{Rollover: 4})
	card, err := s.Replay(7, []fsrs.Answer{{Rating: fsrs.Good, At: t0}, {Rating: fsrs.Good, At: t0.Add(10 * time.Minute)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rating                fsrs.Rating
		stability, difficulty float64
		state                 fsrs.State
		interval              time.Duration
		left, lapses          int
	}{
		{fsrs.Again, 0.6077, 7.3922, fsrs.Relearning, 10 * time.Minute, 1, 1},
		{fsrs.Hard, 7.5174, 4.7483, fsrs.Review, 8 * day, 0, 0},
		{fsrs.Good, 10.9710, 2.1043, fsrs.Review, 11 * day, 0, 0},
		{fsrs.Easy, 18.5343, 1, fsrs.Review, 19 * day, 0, 0},
	} {
		expect(t, tt.rating.String(), answer(t, s, card, tt.rating, card.Due), fsrs.Card{ID: 7, State: tt.state, StepsLeft: tt.left,
			Stability: tt.stability, Difficulty: tt.difficulty, Due: card.Due.Add(tt.interval), LastReview: card.Due, Reps: 3, Lapses: tt.lapses})
	}
}

// TestRetrievability: by definition 90 % are left after S days, on whatever curve.
func TestRetrievability(t *testing.T) {
	flat, steep := fsrs.Default(), fsrs.Default()
	flat.Weights[20], steep.Weights[20] = 0.1, 0.8
	for _, p := range []fsrs.Params{fsrs.Default(), flat, steep} {
		s := scheduler(t, p, fsrs.Calendar{})
		card := fsrs.Card{State: fsrs.Review, Stability: 10, LastReview: t0}
		for _, tt := range []struct {
			card fsrs.Card
			at   time.Time
			want float64
		}{
			{card, t0, 1},
			{card, t0.Add(-day), 1},
			{card, t0.Add(10 * day), 0.9},
			{fsrs.Card{}, t0, 0},
		} {
			if got := s.Retrievability(tt.card, tt.at); !near(got, tt.want) {
				t.Errorf("%v after %v: %v, want %v", tt.card.State, tt.at.Sub(t0), got, tt.want)
			}
		}
	}
	// 100 days on, where the curves part.
	s := scheduler(t, fsrs.Default(), fsrs.Calendar{})
	if got := s.Retrievability(fsrs.Card{State: fsrs.Review, Stability: 10, LastReview: t0}, t0.Add(100*day)); !near(got, 0.69283) {
		t.Errorf("after ten times the stability: %v", got)
	}
}

// TestRetention: the interval is when retrievability has fallen to what is desired.
func TestRetention(t *testing.T) {
	for _, retention := range []float64{0.7, 0.8, 0.85, 0.9, 0.95} {
		p := fsrs.Default()
		p.Retention = retention
		s := scheduler(t, p, fsrs.Calendar{})
		card := answer(t, s, fsrs.Card{State: fsrs.Review, Stability: 300, Difficulty: 5, LastReview: t0}, fsrs.Good, t0.Add(300*day))
		if got := s.Retrievability(card, card.Due); got < retention-0.001 || got > retention+0.001 {
			t.Errorf("of the desired %v there are %v", retention, got)
		}
	}
}

// expect compares what must be equal exactly, and the memory within 1e-4.
func expect(t *testing.T, what string, got, want fsrs.Card) {
	t.Helper()
	if !near(got.Stability, want.Stability) || !near(got.Difficulty, want.Difficulty) {
		t.Errorf("%s: S %v D %v, want %v and %v", what, got.Stability, got.Difficulty, want.Stability, want.Difficulty)
	}
	if got.Stability, got.Difficulty = want.Stability, want.Difficulty; got != want {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}
