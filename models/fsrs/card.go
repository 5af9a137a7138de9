package fsrs

import (
	"fmt"
	"time"
)

// Rating is what the user pressed, 1 to 4.
type Rating int

// The ratings: not remembered, remembered with effort, remembered, too easy.
const (
	Again Rating = iota + 1
	Hard
	Good
	Easy
)

// String is the word that stands for the rating in JSON keys.
func (r Rating) String() string {
	switch r {
	case Again:
		return "again"
	case Hard:
		return "hard"
	case Good:
		return "good"
	case Easy:
		return "easy"
	}
	return fmt.Sprintf("Rating(%d)", int(r))
}

// State is what a card is to its user. In JSON it is a word.
type State uint8

// The states. New, the zero, was never answered; Learning and Relearning have steps
// before them, within the day; Review comes back after whole days.
const (
	New State = iota
	Learning
	Review
	Relearning
)

func (s State) String() string {
	switch s {
	case New:
		return "new"
	case Learning:
		return "learning"
	case Review:
		return "review"
	case Relearning:
		return "relearning"
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// ParseState reads a state's word.
func ParseState(word string) (State, error) {
	for s := New; s <= Relearning; s++ {
		if s.String() == word {
			return s, nil
		}
	}
	return New, Invalid{{"state", fmt.Sprintf("must be new, learning, review or relearning, not %q", word)}}
}

// MarshalText writes the state's word.
func (s State) MarshalText() ([]byte, error) {
	if s > Relearning {
		return nil, Invalid{{"state", "is none of the four"}}
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *State) UnmarshalText(text []byte) (err error) {
	*s, err = ParseState(string(text))
	return err
}

// Card is all that is known of one user's card. The zero with an id is a new card.
// Cards can be compared with ==, as long as their times are of one location.
type Card struct {
	ID         int64     `json:"id"` // nothing but fuzz depends on it
	State      State     `json:"state"`
	StepsLeft  int       `json:"steps_left"` // of learning or relearning, the present one included
	Stability  float64   `json:"stability"`  // days after which it is remembered with 90 %; 0 of a new card
	Difficulty float64   `json:"difficulty"` // 1 to 10; 0 of a new card
	Due        time.Time `json:"due_at,omitzero"`
	LastReview time.Time `json:"last_review_at,omitzero"`
	Reps       int       `json:"reps"`   // answers so far
	Lapses     int       `json:"lapses"` // times that a review was answered Again
}

// Interval is the time from the last answer to when the card is due; 0 of a new one.
func (c Card) Interval() time.Duration { return c.Due.Sub(c.LastReview) }

// Answer is one entry of a card's log.
type Answer struct {
	Rating Rating
	At     time.Time
}
