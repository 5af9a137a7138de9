package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"aoki/models/fsrs"
)

// What becomes of a card that is a leech.
const (
	LeechTag     = "tag"
	LeechSuspend = "suspend"
)

const (
	maxPerDay = 9999
	maxLeech  = 99
	// rollover is the hour at which a user's day begins.
	rollover = 4
)

// Preset is how a user studies a deck. Steps are in seconds, the maximum interval is
// in days.
type Preset struct {
	NewPerDay       int       `json:"new_per_day"`
	ReviewsPerDay   int       `json:"reviews_per_day"`
	Steps           []int     `json:"steps"`
	RelearningSteps []int     `json:"relearning_steps"`
	Retention       float64   `json:"retention"`
	MaximumInterval int       `json:"maximum_interval"`
	Weights         []float64 `json:"weights"`
	Fuzz            bool      `json:"fuzz"`
	LeechThreshold  int       `json:"leech_threshold"` // lapses; 0 is never
	LeechAction     string    `json:"leech_action"`
	BurySiblings    bool      `json:"bury_siblings"`
}

// defaultPreset is Anki's, without fuzz.
func defaultPreset() Preset {
	p := fsrs.Default()
	return Preset{
		NewPerDay: 20, ReviewsPerDay: 200, Steps: seconds(p.Steps), RelearningSteps: seconds(p.RelearningSteps), Retention: p.Retention,
		MaximumInterval: p.MaximumInterval, Weights: p.Weights, LeechThreshold: 8, LeechAction: LeechTag,
	}
}

func seconds(steps []time.Duration) []int {
	s := make([]int, len(steps))
	for i, step := range steps {
		s[i] = int(step / time.Second)
	}
	return s
}

func durations(steps []int) []time.Duration {
	d := make([]time.Duration, len(steps))
	for i, s := range steps {
		// A wrong number of seconds must not become a right one by overflow.
		d[i] = time.Duration(min(max(s, 0), int(fsrs.MaxStep/time.Second)+1)) * time.Second
	}
	return d
}

func (p Preset) params() fsrs.Params {
	return fsrs.Params{Weights: p.Weights, Retention: p.Retention, Steps: durations(p.Steps), RelearningSteps: durations(p.RelearningSteps),
		MaximumInterval: p.MaximumInterval, Fuzz: p.Fuzz}
}

// check says what nobody can study with.
func (p Preset) check() error {
	e := Errorf(Invalid, "some fields are not valid")
	wrong := func(field, format string, args ...any) {
		e.Fields = append(e.Fields, Field{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if p.NewPerDay < 0 || p.NewPerDay > maxPerDay {
		wrong("new_per_day", "must be 0 to %d", maxPerDay)
	}
	if p.ReviewsPerDay < 0 || p.ReviewsPerDay > maxPerDay {
		wrong("reviews_per_day", "must be 0 to %d", maxPerDay)
	}
	if p.LeechThreshold < 0 || p.LeechThreshold > maxLeech {
		wrong("leech_threshold", "must be 0 to %d", maxLeech)
	}
	if p.LeechAction != LeechTag && p.LeechAction != LeechSuspend {
		wrong("leech_action", "must be %s or %s", LeechTag, LeechSuspend)
	}
	var invalid fsrs.Invalid
	if errors.As(p.params().Validate(), &invalid) {
		for _, f := range invalid {
			e.Fields = append(e.Fields, Field(f))
		}
	}
	switch len(e.Fields) {
	case 0:
		return nil
	case 1:
		e.Message = e.Fields[0].Field + " " + e.Fields[0].Message
	}
	return e
}

// invalidAnswer makes ours of the scheduler's refusal.
func invalidAnswer(err error) error {
	var invalid fsrs.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	e := Errorf(Invalid, "%s", invalid.Error())
	for _, f := range invalid {
		e.Fields = append(e.Fields, Field(f))
	}
	return e
}

// readPreset is a stored preset: what it does not name is the default.
func readPreset(stored string) (Preset, error) {
	p := defaultPreset()
	if stored == "" || stored == "{}" {
		return p, nil
	}
	return p, json.Unmarshal([]byte(stored), &p)
}

// PresetChange is what of a preset is to change, by the names of [Preset]'s JSON:
// null is the default again, what is left out stays.
type PresetChange map[string]json.RawMessage

// on is the stored preset with the change: only what somebody chose is stored, so
// that a better default reaches all others.
func (c PresetChange) on(stored string) (string, Preset, error) {
	chosen := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(stored), &chosen); err != nil {
		return "", Preset{}, err
	}
	for name, value := range c {
		if string(value) == "null" {
			delete(chosen, name)
		} else {
			chosen[name] = value
		}
	}
	text, err := json.Marshal(chosen)
	if err != nil {
		return "", Preset{}, err
	}
	p, err := readPreset(string(text))
	if err != nil {
		return "", p, err
	}
	return string(text), p, p.check()
}

// presetEvent is the message of preset.updated.
type presetEvent struct {
	DeckID int64      `json:"deck_id"`
	Preset Preset     `json:"preset"`
	Counts DeckCounts `json:"counts"`
}

// GetPreset is how the user studies a deck.
func (db *DB) GetPreset(ctx context.Context, user, deck int64) (Preset, error) {
	st, err := studyOf(db.Read(ctx), user, deck, db.Now())
	return st.preset, err
}

// UpdatePreset changes how the user studies a deck, and nobody else. Cards keep the
// dates that they have. A change that changes nothing is none.
func (db *DB) UpdatePreset(ctx context.Context, user, deck int64, change PresetChange) (Preset, error) {
	var after Preset
	err := db.Write(ctx, func(tx *Tx) error {
		st, err := studyOf(tx.DB, user, deck, tx.now)
		if err != nil {
			return err
		}
		var text string
		if text, after, err = change.on(st.stored); err != nil {
			return err
		}
		if reflect.DeepEqual(after, st.preset) && text == st.stored {
			return nil
		}
		if err := st.use(after); err != nil {
			return err
		}
		err = tx.Exec(`INSERT INTO studies (user_id, deck_id, preset) VALUES (?, ?, ?) ON CONFLICT (user_id, deck_id) DO UPDATE SET preset = excluded.preset`,
			user, deck, text).Error
		if err != nil {
			return err
		}
		counts, err := tx.studied(st)
		if err != nil {
			return err
		}
		return tx.Append("preset.updated", presetEvent{deck, after, counts}, user)
	}, touchesOf(user))
	after.Weights = slices.Clone(after.Weights)
	return after, err
}
