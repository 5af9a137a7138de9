package fsrs_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
	"time"

	"aoki/models/fsrs"
)

// tsAnswer is an answer, and the card that ts-fsrs makes of it.
type tsAnswer struct {
	at                    float64 // minutes since the first answer
	rating                fsrs.Rating
	state                 fsrs.State
	stability, difficulty float64
	due                   *float64 // minutes from the answer; nil where ts-fsrs does not as Anki does
	lapses                int
}

func (a *tsAnswer) UnmarshalJSON(text []byte) error {
	var state uint8
	err := json.Unmarshal(text, &[]any{&a.at, &a.rating, &state, &a.stability, &a.difficulty, &a.due, &a.lapses})
	a.state = fsrs.State(state)
	return err
}

type tsHistory struct {
	W                 []float64
	Retention         float64
	Steps, Relearning []float64 // minutes
	Answers           []tsAnswer
}

// TestTSFSRS holds the package against ts-fsrs, which others wrote.
// testdata/generate.mjs says what is left out, and why.
func TestTSFSRS(t *testing.T) {
	file, err := os.Open("testdata/ts-fsrs.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var histories []tsHistory
	if err := json.NewDecoder(plain).Decode(&histories); err != nil {
		t.Fatal(err)
	}
	if len(histories) < 1000 {
		t.Fatalf("%d histories", len(histories))
	}
	dues, sameDay := 0, 0
	for i, h := range histories {
		p := fsrs.Default()
		p.Retention, p.Steps, p.RelearningSteps = h.Retention, minutes(h.Steps), minutes(h.Relearning)
		if h.W != nil {
			p.Weights = h.W
		}
		s := scheduler(t, p, fsrs.Calendar{})
		card := fsrs.Card{ID: int64(i)}
		for n, a := range h.Answers {
			at := t0.Add(time.Duration(a.at) * time.Minute)
			before := card
			card = answer(t, s, card, a.rating, at)
			where := fmt.Sprintf("history %d, answer %d: %v", i, n+1, a.rating)
			if card.State != a.state || card.Lapses != a.lapses || card.Reps != n+1 {
				t.Fatalf("%s: %v with %d lapses and %d reps, want %v with %d and %d", where, card.State, card.Lapses, card.Reps, a.state, a.lapses, n+1)
			}
			if !alike(card.Stability, a.stability) || !alike(card.Difficulty, a.difficulty) {
				t.Fatalf("%s: S %v D %v, want %v and %v", where, card.Stability, card.Difficulty, a.stability, a.difficulty)
			}
			if before.State != fsrs.New && (fsrs.Calendar{}).Between(before.LastReview, at) == 0 {
				sameDay++
			}
			if a.due == nil {
				continue
			}
			dues++
			if want := time.Duration(*a.due * float64(time.Minute)); card.Interval() != want {
				t.Fatalf("%s: due after %v, want %v", where, card.Interval(), want)
			}
		}
	}
	if dues < 5000 || sameDay < 1000 {
		t.Errorf("no more than %d intervals and %d answers of the same day were held against it", dues, sameDay)
	}
}

func minutes(list []float64) []time.Duration {
	steps := make([]time.Duration, len(list))
	for i, m := range list {
		steps[i] = time.Duration(m * float64(time.Minute))
	}
	return steps
}

// alike leaves room for ts-fsrs's rounding to 8 decimals, and the file's to 7 digits.
func alike(got, want float64) bool { return math.Abs(got-want) <= 1e-6*(1+want) }
