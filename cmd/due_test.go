package cmd

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"aoki/realtime"
)

// nextOf is the next event of a name.
func nextOf(t *testing.T, frames <-chan realtime.Frame, name string) realtime.Frame {
	t.Helper()
	for {
		if f := next(t, frames); f.Name == name {
			return f
		}
	}
}

// A card that was rated Good calls ten minutes later, on every device and once, whatever
// becomes of the server meanwhile; answered on one device, it is withdrawn on the other.
func TestADueCardCallsWhenTheClockSaysSo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serve(t, data)
	ann, _ := s.setUp(t)
	var deck struct {
		ID id `json:"id"`
	}
	ann.do(t, http.MethodPost, "/decks", map[string]string{"name": "Spanish"}, &deck)
	var note struct {
		Cards []struct {
			ID id `json:"id"`
		} `json:"cards"`
	}
	ann.do(t, http.MethodPost, "/decks/"+string(deck.ID)+"/notes", map[string]any{"type": "basic", "fields": map[string]string{"Front": "hola", "Back": "hello"}}, &note)
	answer := "/cards/" + string(note.Cards[0].ID) + "/reviews"
	ann.do(t, http.MethodPost, answer, map[string]any{"rating": 3}, nil)
	if code := s.stop(); code != exitOK {
		t.Fatalf("exit code %d: %s", code, s.stderr)
	}

	// Nine minutes later nothing is due yet: the next event is what ann does herself.
	p := spawn(t, data, "--clock-offset", "9m")
	frames, _ := p.as(t, "annie").follow(t, &realtime.Position{})
	p.as(t, "annie").do(t, http.MethodPatch, "/me", map[string]any{"locale": "zh-CN"}, nil)
	for f := next(t, frames); f.Name != "me.updated"; f = next(t, frames) {
		if strings.Contains(string(f.Message), "cards.due") {
			t.Fatalf("it called too early: %s", f.Message)
		}
	}
	p.kill(t)

	p = spawn(t, data, "--clock-offset", "10m")
	first, second := p.as(t, "annie"), p.as(t, "annie")
	var items []string
	for _, device := range []*client{first, second} {
		frames, _ := device.follow(t, &realtime.Position{})
		for {
			f := nextOf(t, frames, "notification.created")
			var m struct {
				Notification struct{ ID, Kind, Title string }
			}
			if err := json.Unmarshal(f.Message, &m); err != nil {
				t.Fatal(err)
			}
			if m.Notification.Kind == "cards.due" {
				if m.Notification.Title != "1 card due in Spanish" || f.Counts == nil || f.Counts.Unseen != 2 {
					t.Errorf("%s %+v", f.Message, f.Counts)
				}
				items = append(items, m.Notification.ID)
				break
			}
		}
	}
	if items[0] != items[1] {
		t.Errorf("called with %s and %s", items[0], items[1])
	}
	p.kill(t)

	p = spawn(t, data, "--clock-offset", "11m")
	first, second = p.as(t, "annie"), p.as(t, "annie")
	frames, _ = second.follow(t, nil)
	first.do(t, http.MethodPost, answer, map[string]any{"rating": 3}, nil)
	f := next(t, frames)
	if want := fmt.Sprintf(`{"ids":[%q]}`, items[0]); f.Name != "notification.recalled" || string(f.Message) != want || f.Counts == nil || f.Counts.Unseen != 1 {
		t.Errorf("got %s %s %+v, want %s", f.Name, f.Message, f.Counts, want)
	}
	p.terminate(t, 1)
}

// A server whose clock is days ahead, or behind, is a server like any other.
func TestAClockThatIsFarOff(t *testing.T) {
	t.Parallel()
	for _, offset := range []string{"192h", "-24h", "1.5h"} {
		data := t.TempDir()
		s := serve(t, data, "--clock-offset="+offset)
		ann, _ := s.setUp(t)
		var me struct {
			CreatedAt time.Time `json:"created_at"`
		}
		ann.do(t, http.MethodGet, "/me", nil, &me)
		ahead, err := time.ParseDuration(offset)
		if err != nil {
			t.Fatal(err)
		}
		if off := me.CreatedAt.Sub(time.Now().Add(ahead)).Abs(); off > time.Minute {
			t.Errorf("%s: a user was made at %s", offset, me.CreatedAt)
		}
		if code := s.stop(); code != exitOK {
			t.Errorf("%s: exit code %d: %s", offset, code, s.stderr)
		}
		again := serve(t, data) // and back
		again.as(t, "annie").do(t, http.MethodGet, "/reminders", nil, nil)
		again.stop()
	}
	run(t, t.Context(), nil, "", "serve", "--clock-offset", "soon").oneSentence(t, exitUsage, "clock-offset")
	if help := run(t, t.Context(), nil, "", "serve", "--help"); strings.Contains(help.stdout, "clock-offset") {
		t.Error("a flag for tests is in the help")
	}
}
