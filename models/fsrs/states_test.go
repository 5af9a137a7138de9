package fsrs_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"aoki/models/fsrs"
)

const sec, m, h = time.Second, time.Minute, time.Hour

type steps []time.Duration

// TestSteps previews cards at each of their steps.
func TestSteps(t *testing.T) {
	for _, tt := range []struct {
		name  string
		steps steps
		left  int // 0 is a new card
		want  [4]time.Duration
	}{
		{"new, two steps", steps{m, 10 * m}, 0, [4]time.Duration{m, 330 * sec, 10 * m, 8 * day}},
		{"first of two", steps{m, 10 * m}, 2, [4]time.Duration{m, 330 * sec, 10 * m, 7 * day}},
		{"second of two", steps{m, 10 * m}, 1, [4]time.Duration{m, 10 * m, 4 * day, 7 * day}},
		{"first of three", steps{m, 10 * m, 100 * m}, 3, [4]time.Duration{m, 330 * sec, 10 * m, 7 * day}},
		{"second of three", steps{m, 10 * m, 100 * m}, 2, [4]time.Duration{m, 10 * m, 100 * m, 7 * day}},
		{"third of three", steps{m, 10 * m, 100 * m}, 1, [4]time.Duration{m, 100 * m, 4 * day, 7 * day}},
		{"new, one step", steps{10 * m}, 0, [4]time.Duration{10 * m, 15 * m, 2 * day, 8 * day}},
		{"one step", steps{10 * m}, 1, [4]time.Duration{10 * m, 15 * m, 4 * day, 7 * day}},
		{"half a second", steps{sec, 2 * sec}, 2, [4]time.Duration{sec, sec, 2 * sec, 7 * day}},
		{"over a day by Hard", steps{20 * h}, 1, [4]time.Duration{20 * h, day, 4 * day, 7 * day}},
		{"a day", steps{day}, 1, [4]time.Duration{day, 2 * day, 4 * day, 7 * day}},
		{"falling", steps{10 * m, m}, 2, [4]time.Duration{10 * m, m, m, 7 * day}},
		{"new, no steps", steps{}, 0, [4]time.Duration{day, day, 2 * day, 8 * day}},
		{"a step was taken away", steps{5 * m}, 2, [4]time.Duration{5 * m, 450 * sec, 4 * day, 7 * day}},
		{"a step was added", steps{m, 10 * m, 100 * m}, 1, [4]time.Duration{m, 100 * m, 4 * day, 7 * day}},
		{"all were taken away", steps{}, 2, [4]time.Duration{day, 4 * day, 4 * day, 7 * day}},
		{"more than there were", steps{m, 10 * m}, 99, [4]time.Duration{m, 330 * sec, 10 * m, 7 * day}},
		{"fewer than none", steps{m, 10 * m}, -99, [4]time.Duration{m, 10 * m, 4 * day, 7 * day}},
	} {
		// Relearning goes by its own steps, and is otherwise the same.
		for _, state := range []fsrs.State{fsrs.Learning, fsrs.Relearning} {
			p := fsrs.Default()
			if state == fsrs.Learning {
				p.Steps = tt.steps
			} else {
				p.RelearningSteps = tt.steps
			}
			card := fsrs.Card{State: state, StepsLeft: tt.left, Stability: 4.3, Difficulty: 5, LastReview: t0, Due: t0.Add(m), Reps: 3, Lapses: 2}
			if tt.left == 0 {
				if state == fsrs.Relearning {
					continue
				}
				card = fsrs.Card{}
			}
			next := scheduler(t, p, fsrs.Calendar{}).Preview(card, t0.Add(m))
			for i, got := range next {
				if got.Interval() != tt.want[i] {
					t.Errorf("%s, %v: %v after %v, want %v", tt.name, state, fsrs.Rating(i+1), got.Interval(), tt.want[i])
				}
				inSteps := i < 2 && len(tt.steps) > 0 || i == 2 && got.Interval() < day
				if want := map[bool]fsrs.State{true: state, false: fsrs.Review}[inSteps]; got.State != want {
					t.Errorf("%s, %v: %v leads to %v, want %v", tt.name, state, fsrs.Rating(i+1), got.State, want)
				}
				if got.State == fsrs.Review && got.StepsLeft != 0 {
					t.Errorf("%s, %v: %v leaves %d steps in review", tt.name, state, fsrs.Rating(i+1), got.StepsLeft)
				}
				if got.Lapses != card.Lapses {
					t.Errorf("%s, %v: %v is a lapse outside of review", tt.name, state, fsrs.Rating(i+1))
				}
			}
		}
	}
}

// TestWayThroughSteps follows one card from step to step.
func TestWayThroughSteps(t *testing.T) {
	p := fsrs.Default()
	p.Steps, p.RelearningSteps = steps{m, 10 * m, h}, steps{5 * m, 20 * m}
	sched := scheduler(t, p, fsrs.Calendar{})
	var card fsrs.Card
	at := t0
	for i, tt := range []struct {
		rating fsrs.Rating
		state  fsrs.State
		left   int
		wait   time.Duration
	}{
		{fsrs.Good, fsrs.Learning, 2, 10 * m},
		{fsrs.Hard, fsrs.Learning, 2, 10 * m},
		{fsrs.Good, fsrs.Learning, 1, h},
		{fsrs.Again, fsrs.Learning, 3, m},
		{fsrs.Hard, fsrs.Learning, 3, 330 * sec},
		{fsrs.Good, fsrs.Learning, 2, 10 * m},
		{fsrs.Good, fsrs.Learning, 1, h},
		{fsrs.Good, fsrs.Review, 0, day},
		{fsrs.Again, fsrs.Relearning, 2, 5 * m},
		{fsrs.Hard, fsrs.Relearning, 2, 750 * sec},
		{fsrs.Good, fsrs.Relearning, 1, 20 * m},
		{fsrs.Again, fsrs.Relearning, 2, 5 * m},
		{fsrs.Good, fsrs.Relearning, 1, 20 * m},
		{fsrs.Good, fsrs.Review, 0, day},
	} {
		card = answer(t, sched, card, tt.rating, at)
		if card.State != tt.state || card.StepsLeft != tt.left || card.Interval() != tt.wait {
			t.Fatalf("answer %d, %v: %v with %d steps left after %v, want %v, %d, %v", i+1, tt.rating,
				card.State, card.StepsLeft, card.Interval(), tt.state, tt.left, tt.wait)
		}
		at = card.Due
	}
	if card.Lapses != 1 {
		t.Errorf("%d lapses", card.Lapses)
	}
}

func TestReviews(t *testing.T) {
	review := func(stability float64, interval int) fsrs.Card {
		return fsrs.Card{State: fsrs.Review, Stability: stability, Difficulty: 5, LastReview: t0, Due: t0.Add(time.Duration(interval) * day)}
	}
	lapse := fsrs.Default()
	lapse.RelearningSteps = nil
	short := lapse
	short.MaximumInterval = 5
	for _, tt := range []struct {
		name   string
		params fsrs.Params
		card   fsrs.Card
		after  int // days
		want   [4]int
	}{
		{"when due", lapse, review(10, 10), 10, [4]int{1, 23, 32, 51}},
		{"early", lapse, review(10, 10), 5, [4]int{1, 18, 23, 34}},
		{"late", lapse, review(10, 10), 40, [4]int{2, 40, 60, 104}},
		{"on the same day", lapse, review(10, 10), 0, [4]int{3, 10, 11, 16}},
		{"so unstable that all are a day", lapse, review(0.001, 1), 0, [4]int{1, 1, 2, 3}},
		{"beyond the maximum", short, review(10, 5), 10, [4]int{1, 5, 5, 5}},
		{"near the maximum", short, review(1.5, 2), 1, [4]int{1, 4, 5, 5}},
	} {
		next := scheduler(t, tt.params, fsrs.Calendar{}).Preview(tt.card, t0.Add(time.Duration(tt.after)*day))
		for i, got := range next {
			if got.Interval() != time.Duration(tt.want[i])*day || got.State != fsrs.Review {
				t.Errorf("%s: %v is %v after %v days, want review after %d", tt.name, fsrs.Rating(i+1), got.State, got.Interval().Hours()/24, tt.want[i])
			}
		}
		if next[0].Lapses != 1 || next[1].Lapses+next[2].Lapses+next[3].Lapses != 0 {
			t.Errorf("%s: lapses are not those of Again alone", tt.name)
		}
	}
}

// TestNewIsWhole: what a new card carries besides its id is not looked at.
func TestNewIsWhole(t *testing.T) {
	sched := scheduler(t, fsrs.Default(), fsrs.Calendar{})
	odd := fsrs.Card{ID: 3, StepsLeft: 1, Stability: 99, Difficulty: 9, LastReview: t0.Add(h), Due: t0.Add(2 * h)}
	if got, want := answer(t, sched, odd, fsrs.Good, t0), answer(t, sched, fsrs.Card{ID: 3}, fsrs.Good, t0); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestTimesAreStored: the times of a card are those that a store gives back.
func TestTimesAreStored(t *testing.T) {
	now := time.Now() // with a monotonic clock, in the zone of this machine
	card := answer(t, scheduler(t, fsrs.Default(), fsrs.Calendar{}), fsrs.Card{}, fsrs.Good, now)
	if want := time.Unix(now.Unix(), int64(now.Nanosecond())).UTC(); card.LastReview != want || card.Due != want.Add(10*m) {
		t.Errorf("answered at %#v: %#v", now, card)
	}
}

func TestRefusedAnswers(t *testing.T) {
	sched := scheduler(t, fsrs.Default(), fsrs.Calendar{})
	card := answer(t, sched, fsrs.Card{}, fsrs.Good, t0)
	for _, tt := range []struct {
		name   string
		rating fsrs.Rating
		at     time.Time
		field  string
	}{
		{"no rating", 0, t0.Add(m), "rating"},
		{"a fifth rating", 5, t0.Add(m), "rating"},
		{"less than none", -1, t0.Add(m), "rating"},
		{"before the last one", fsrs.Good, t0.Add(-1), "answered_at"},
	} {
		got, err := sched.Answer(card, tt.rating, tt.at)
		if !names(err, tt.field) || got != card {
			t.Errorf("%s: %v, want an error of %s and the same card", tt.name, err, tt.field)
		}
	}
	if _, err := sched.Answer(card, fsrs.Good, t0); err != nil {
		t.Errorf("at the very time of the last answer: %v", err)
	}
	_, err := sched.Replay(1, []fsrs.Answer{{Rating: fsrs.Good, At: t0}, {Rating: fsrs.Good, At: t0.Add(-1)}})
	if !names(err, "answered_at") || !strings.Contains(err.Error(), "answer 2 of 2") {
		t.Errorf("a log out of order: %v", err)
	}
	if card, err := sched.Replay(5, nil); err != nil || card != (fsrs.Card{ID: 5}) {
		t.Errorf("an empty log: %+v, %v", card, err)
	}
}

// names reports whether an error is an Invalid of exactly these fields.
func names(err error, fields ...string) bool {
	var wrong fsrs.Invalid
	if !errors.As(err, &wrong) {
		return false
	}
	got := make([]string, len(wrong))
	for i, f := range wrong {
		got[i] = f.Field
		if f.Message == "" || !strings.Contains(err.Error(), f.Field+" "+f.Message) {
			return false
		}
	}
	return slices.Equal(got, fields)
}

// TestWords: the words are those of the API.
func TestWords(t *testing.T) {
	if got := []string{fsrs.Again.String(), fsrs.Hard.String(), fsrs.Good.String(), fsrs.Easy.String(), fsrs.Rating(7).String()}; !slices.Equal(got,
		[]string{"again", "hard", "good", "easy", "Rating(7)"}) {
		t.Errorf("ratings: %v", got)
	}
	for i, word := range []string{"new", "learning", "review", "relearning"} {
		state := fsrs.State(i)
		text, err := json.Marshal(state)
		if err != nil || string(text) != `"`+word+`"` {
			t.Errorf("%d: %s, %v", i, text, err)
		}
		var back fsrs.State = 9
		if err := json.Unmarshal(text, &back); err != nil || back != state {
			t.Errorf("%s: %v, %v", text, back, err)
		}
	}
	if _, err := fsrs.ParseState("Review"); !names(err, "state") {
		t.Errorf("an unknown word: %v", err)
	}
	if text, err := json.Marshal(fsrs.State(4)); err == nil {
		t.Errorf("a fifth state: %s", text)
	}
	if got := fsrs.State(4).String(); got != "State(4)" {
		t.Error(got)
	}
}

// TestCardJSON: a card can be kept beside the answer that changed it, for an undo.
func TestCardJSON(t *testing.T) {
	text, err := json.Marshal(fsrs.Card{ID: 3})
	if want := `{"id":3,"state":"new","steps_left":0,"stability":0,"difficulty":0,"reps":0,"lapses":0}`; err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
	card := answer(t, scheduler(t, fsrs.Default(), fsrs.Calendar{}), fsrs.Card{ID: 3}, fsrs.Good, t0)
	if text, err = json.Marshal(card); err != nil {
		t.Fatal(err)
	}
	var back fsrs.Card
	if err := json.Unmarshal(text, &back); err != nil || back != card {
		t.Errorf("%s is read as %+v, %v", text, back, err)
	}
}
