package cmd

import (
	"net/http"
	"strings"
	"testing"

	"aoki/realtime"
)

func TestACardArrivesOnEveryDeviceOfItsOwner(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	ann, ben := s.setUp(t)
	first, _ := ann.follow(t, nil)
	second, _ := s.as(t, "annie").follow(t, nil)
	bens, _ := ben.follow(t, nil)

	var deck struct {
		ID id `json:"id"`
	}
	ann.do(t, http.MethodPost, "/decks", map[string]string{"name": "Spanish"}, &deck)
	ann.do(t, http.MethodPost, "/decks/"+string(deck.ID)+"/notes", map[string]any{
		"type": "basic", "fields": map[string]string{"Front": "hola", "Back": "hello"},
	}, nil)
	for device, frames := range map[string]<-chan realtime.Frame{"first": first, "second": second} {
		var names []string
		for seq := int64(1); seq <= 3; seq++ {
			f := next(t, frames)
			if f.Seq != seq {
				t.Errorf("the %s device got %d in place of %d", device, f.Seq, seq)
			}
			names = append(names, f.Name)
			if f.Name == "card.created" && !strings.Contains(string(f.Message), "hola") {
				t.Errorf("the %s device got a card without its note: %s", device, f.Message)
			}
			if f.Name == "notification.created" && (f.Counts == nil || f.Counts.Unseen != 1) {
				t.Errorf("the %s device got counts %+v", device, f.Counts)
			}
		}
		if got := strings.Join(names, " "); got != "deck.created card.created notification.created" {
			t.Errorf("the %s device got %s", device, got)
		}
	}
	// Who has no part in it gets nothing: the next thing that ben hears of is his own.
	ben.do(t, http.MethodPost, "/decks", map[string]string{"name": "His own"}, nil)
	if f := next(t, bens); f.Seq != 1 || !strings.Contains(string(f.Message), "His own") {
		t.Errorf("ben got %d %s %s", f.Seq, f.Name, f.Message)
	}
	if log := s.stderr.String(); strings.Contains(log, "hola") || strings.Contains(log, "annieannie") || strings.Contains(log, ann.access) {
		t.Error("the log shows a content, a password or a token")
	}
	if code := s.stop(); code != exitOK {
		t.Errorf("exit code %d: %s", code, s.stderr)
	}
}

func TestWhatWasAcknowledgedIsThereAfterARestart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serve(t, data)
	ann, _ := s.setUp(t)
	ann.do(t, http.MethodPost, "/decks", map[string]string{"name": "Kept"}, nil)
	if code := s.stop(); code != exitOK {
		t.Fatalf("exit code %d: %s", code, s.stderr)
	}
	again := serve(t, data)
	if setupLink.MatchString(again.stdout.String()) {
		t.Error("a setup link is printed although there are users")
	}
	// The key is the same too: what was signed before is still believed.
	ann.base = again.url
	frames, _ := ann.follow(t, &realtime.Position{})
	if f := next(t, frames); f.Seq != 1 || !strings.Contains(string(f.Message), "Kept") {
		t.Errorf("got %d %s %s", f.Seq, f.Name, f.Message)
	}
}
