package fsrs

import (
	"fmt"
	"strings"
	"time"
)

// Limits of [Params].
const (
	MinRetention = 0.70
	MaxRetention = 0.99
	MaxInterval  = 36500 // days
	MaxSteps     = 10
	MinStep      = time.Second
	MaxStep      = day
)

// Params is how a deck is studied.
type Params struct {
	Weights         []float64       // 21 of FSRS-6, or 19 of FSRS-5
	Retention       float64         // the probability of remembering at which a review is due
	Steps           []time.Duration // of learning; none: to review at once
	RelearningSteps []time.Duration // after a lapse; none: stays in review
	MaximumInterval int             // days
	Fuzz            bool            // spreads reviews, so that cards learnt together part
}

// Default is what Anki begins with, and without fuzz.
func Default() Params {
	return Params{
		Weights: []float64{0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
			1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542},
		Retention:       0.9,
		Steps:           []time.Duration{time.Minute, 10 * time.Minute},
		RelearningSteps: []time.Duration{10 * time.Minute},
		MaximumInterval: MaxInterval,
	}
}

// Field is a field that is wrong, and what is wrong with it.
type Field struct{ Field, Message string }

// Invalid is the error of parameters and answers: every field that is wrong.
type Invalid []Field

func (e Invalid) Error() string {
	said := make([]string, len(e))
	for i, f := range e {
		said[i] = f.Field + " " + f.Message
	}
	return strings.Join(said, "; ")
}

// Validate says in an [Invalid] what no schedule can be made with.
func (p Params) Validate() error {
	var wrong Invalid
	check := func(field, message string) {
		if message != "" {
			wrong = append(wrong, Field{field, message})
		}
	}
	check("weights", wrongWeights(p.Weights))
	if !within(p.Retention, MinRetention, MaxRetention) {
		check("retention", fmt.Sprintf("must be from %.2f to %.2f", MinRetention, MaxRetention))
	}
	check("steps", wrongSteps(p.Steps))
	check("relearning_steps", wrongSteps(p.RelearningSteps))
	if p.MaximumInterval < 1 || p.MaximumInterval > MaxInterval {
		check("maximum_interval", fmt.Sprintf("must be from 1 to %d days", MaxInterval))
	}
	if wrong != nil {
		return wrong
	}
	return nil
}

func wrongWeights(w []float64) string {
	if len(w) != 19 && len(w) != 21 {
		return fmt.Sprintf("must be 21 numbers, or the 19 of FSRS-5, and not %d", len(w))
	}
	bounds := weightBounds()
	for i, x := range w {
		if b := bounds[i]; !within(x, b[0], b[1]) {
			return fmt.Sprintf("must have a number from %v to %v at place %d, and not %v", b[0], b[1], i+1, x)
		}
	}
	return ""
}

func wrongSteps(steps []time.Duration) string {
	if len(steps) > MaxSteps {
		return fmt.Sprintf("must be at most %d", MaxSteps)
	}
	for i, step := range steps {
		if step < MinStep || step > MaxStep {
			return fmt.Sprintf("must each be from a second to a day, and not %v at place %d", step, i+1)
		}
	}
	return ""
}

// within is false for what is not a number.
func within(x, low, high float64) bool { return x >= low && x <= high }

// weightBounds are those to which optimizers of FSRS-6 keep. Those of w19 include
// the 0 of padded weights.
func weightBounds() [21][2]float64 {
	return [21][2]float64{
		{minStability, 100}, {minStability, 100}, {minStability, 100}, {minStability, 100}, // first stabilities
		{minDifficulty, maxDifficulty}, {0.001, 4}, {0.001, 4}, {0.001, 0.75}, // difficulty
		{0, 4.5}, {0, 0.8}, {0.001, 3.5}, // remembered
		{0.001, 5}, {0.001, 0.25}, {0.001, 0.9}, {0, 4}, // forgotten
		{0, 1}, {1, 6}, // Hard, Easy
		{0, 2}, {0, 2}, {0, 0.8}, // on the same day
		{0.1, 0.8}, // decay
	}
}

// padded are weights as FSRS-6 has them.
func padded(w []float64) (full [21]float64) {
	if copy(full[:], w); len(w) == 19 {
		full[20] = 0.5
	}
	return full
}
