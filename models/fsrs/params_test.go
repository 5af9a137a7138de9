package fsrs_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"aoki/models/fsrs"
)

func TestDefault(t *testing.T) {
	p := fsrs.Default()
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	p.Weights[0], p.Steps[0], p.RelearningSteps[0] = 0, 0, 0
	if err := fsrs.Default().Validate(); err != nil {
		t.Errorf("who changes the default changes it for others: %v", err)
	}
}

func TestInvalidParams(t *testing.T) {
	weight := func(i int, x float64) func(*fsrs.Params) { return func(p *fsrs.Params) { p.Weights[i] = x } }
	retention := func(x float64) func(*fsrs.Params) { return func(p *fsrs.Params) { p.Retention = x } }
	learn := func(steps ...time.Duration) func(*fsrs.Params) { return func(p *fsrs.Params) { p.Steps = steps } }
	relearn := func(steps ...time.Duration) func(*fsrs.Params) {
		return func(p *fsrs.Params) { p.RelearningSteps = steps }
	}
	most := func(days int) func(*fsrs.Params) { return func(p *fsrs.Params) { p.MaximumInterval = days } }
	eleven := slices.Repeat([]time.Duration{m}, 11)

	for _, tt := range []struct {
		name   string
		change func(*fsrs.Params)
		fields []string
		says   string
	}{
		{"no weights", func(p *fsrs.Params) { p.Weights = nil }, []string{"weights"}, "and not 0"},
		{"17 weights", func(p *fsrs.Params) { p.Weights = p.Weights[:17] }, []string{"weights"}, "and not 17"},
		{"20 weights", func(p *fsrs.Params) { p.Weights = p.Weights[:20] }, []string{"weights"}, "and not 20"},
		{"22 weights", func(p *fsrs.Params) { p.Weights = append(p.Weights, 1) }, []string{"weights"}, "and not 22"},
		{"not a number", weight(3, math.NaN()), []string{"weights"}, "at place 4, and not NaN"},
		{"infinite", weight(0, math.Inf(1)), []string{"weights"}, "at place 1, and not +Inf"},
		{"infinite the other way", weight(20, math.Inf(-1)), []string{"weights"}, "at place 21, and not -Inf"},
		{"a bad one of 19", func(p *fsrs.Params) { p.Weights = p.Weights[:19]; p.Weights[18] = -1 }, []string{"weights"}, "at place 19"},
		{"retention too low", retention(0.699), []string{"retention"}, "from 0.70 to 0.99"},
		{"retention too high", retention(0.991), []string{"retention"}, "from 0.70 to 0.99"},
		{"retention in per cent", retention(90), []string{"retention"}, ""},
		{"retention of nothing", retention(0), []string{"retention"}, ""},
		{"retention is no number", retention(math.NaN()), []string{"retention"}, ""},
		{"retention is infinite", retention(math.Inf(1)), []string{"retention"}, ""},
		{"a step of nothing", learn(m, 0), []string{"steps"}, "0s at place 2"},
		{"a step back", learn(-m), []string{"steps"}, "-1m0s at place 1"},
		{"a step of over a day", learn(day + 1), []string{"steps"}, "at place 1"},
		{"a step of a year", learn(365 * day), []string{"steps"}, "at place 1"},
		{"too many steps", learn(eleven...), []string{"steps"}, "at most 10"},
		{"a relearning step of nothing", relearn(0), []string{"relearning_steps"}, "0s at place 1"},
		{"a relearning step of a year", relearn(m, 365*day), []string{"relearning_steps"}, "at place 2"},
		{"too many relearning steps", relearn(eleven...), []string{"relearning_steps"}, "at most 10"},
		{"no interval", most(0), []string{"maximum_interval"}, "from 1 to 36500"},
		{"an interval of over a century", most(36501), []string{"maximum_interval"}, "from 1 to 36500"},
		{"an interval back", most(-1), []string{"maximum_interval"}, ""},
		{"nothing at all", func(p *fsrs.Params) { *p = fsrs.Params{} }, []string{"weights", "retention", "maximum_interval"}, "; "},
	} {
		p := fsrs.Default()
		tt.change(&p)
		err := p.Validate()
		if !names(err, tt.fields...) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want an error of %v that says %q", tt.name, err, tt.fields, tt.says)
		}
		if s, again := fsrs.NewScheduler(p, fsrs.Calendar{}); s != nil || !names(again, tt.fields...) {
			t.Errorf("%s: a scheduler is made of it: %v", tt.name, again)
		}
	}
}

// TestWeightBounds tries each weight at its bounds and just beyond them.
func TestWeightBounds(t *testing.T) {
	for i, b := range [21][2]float64{
		{0.001, 100}, {0.001, 100}, {0.001, 100}, {0.001, 100}, {1, 10}, {0.001, 4}, {0.001, 4}, {0.001, 0.75}, {0, 4.5}, {0, 0.8}, {0.001, 3.5},
		{0.001, 5}, {0.001, 0.25}, {0.001, 0.9}, {0, 4}, {0, 1}, {1, 6}, {0, 2}, {0, 2}, {0, 0.8}, {0.1, 0.8},
	} {
		for x, good := range map[float64]bool{b[0]: true, b[1]: true,
			math.Nextafter(b[0], -1): false, math.Nextafter(b[1], 1000): false} {
			p := fsrs.Default()
			p.Weights[i] = x
			if err := p.Validate(); (err == nil) != good {
				t.Errorf("weight %d is %v: %v", i+1, x, err)
			}
		}
	}
}

func TestValidParams(t *testing.T) {
	p := fsrs.Default()
	for name, change := range map[string]func(){
		"least retention": func() { p.Retention = 0.7 },
		"most retention":  func() { p.Retention = 0.99 },
		"no steps":        func() { p.Steps, p.RelearningSteps = nil, nil },
		"ten steps":       func() { p.Steps = slices.Repeat([]time.Duration{m}, 10) },
		"steps of a day":  func() { p.Steps, p.RelearningSteps = steps{day}, steps{sec} },
		"a day at most":   func() { p.MaximumInterval = 1 },
		"19 weights":      func() { p.Weights = p.Weights[:19] },
	} {
		if change(); p.Validate() != nil {
			t.Errorf("%s: %v", name, p.Validate())
		}
	}
}

func TestRollover(t *testing.T) {
	for hour, good := range map[int]bool{-1: false, 0: true, 4: true, 23: true, 24: false} {
		_, err := fsrs.NewScheduler(fsrs.Default(), fsrs.Calendar{Rollover: hour})
		if good && err != nil || !good && !names(err, "rollover") {
			t.Errorf("hour %d: %v", hour, err)
		}
	}
}

// TestPaddedWeights: 19 weights are 21 with the forgetting curve of FSRS-5.
func TestPaddedWeights(t *testing.T) {
	short, full := fsrs.Default(), fsrs.Default()
	short.Weights = short.Weights[:19]
	full.Weights[19], full.Weights[20] = 0, 0.5
	a, b := scheduler(t, short, fsrs.Calendar{}), scheduler(t, full, fsrs.Calendar{})
	card := fsrs.Card{State: fsrs.Review, Stability: 7, Difficulty: 6, LastReview: t0, Due: t0.Add(7 * day)}
	for _, at := range []time.Time{t0.Add(m), t0.Add(9 * day)} {
		if got, want := a.Preview(card, at), b.Preview(card, at); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	// The curve of FSRS-5 is (1 + 19/81 · t/S)^-0.5.
	if got, want := a.Retrievability(card, t0.Add(70*day)), 1/math.Sqrt(1+190.0/81); !near(got, want) {
		t.Errorf("after ten times the stability %v are left, want %v", got, want)
	}
}

// TestParamsAreCopied: who changes parameters later does not change the scheduler.
func TestParamsAreCopied(t *testing.T) {
	p := fsrs.Default()
	s := scheduler(t, p, fsrs.Calendar{})
	review := fsrs.Card{State: fsrs.Review, Stability: 7, Difficulty: 6, LastReview: t0, Due: t0.Add(7 * day)}
	fresh, due := s.Preview(fsrs.Card{}, t0), s.Preview(review, review.Due)
	p.Weights[0], p.Steps[0], p.RelearningSteps[0] = 50, h, h
	if s.Preview(fsrs.Card{}, t0) != fresh || s.Preview(review, review.Due) != due {
		t.Error("it has changed")
	}
}
