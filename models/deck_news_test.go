package models_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"aoki/models"
)

// last is the newest notification of a user, and its data.
func (s *shelf) last(user int64) (item, models.DeckChanged) {
	s.t.Helper()
	log := s.Log(user)
	n := notified(s.t, log[len(log)-1])
	var data models.DeckChanged
	if err := json.Unmarshal(n.Data, &data); err != nil {
		s.t.Fatal(err)
	}
	return n, data
}

func TestNewCardReachesAllWhoHaveTheDeck(t *testing.T) {
	s := newShelf(t)
	made := s.add(s.bob, "**hola**")
	for _, user := range []int64{s.ann, s.bob, s.cat} {
		log := s.news(user)
		if len(log) != 2 || log[0].Name != "card.created" || log[1].Name != "notification.created" {
			t.Fatalf("user %d got %v", user, log)
		}
		want, _ := json.Marshal(map[string]any{"deck": map[string]any{"id": s.deck, "name": "Spanish"}, "note": made.Note, "cards": made.Cards})
		if !sameJSON(log[0].Message, want) {
			t.Errorf("%s, want %s", log[0].Message, want)
		}
		if strings.Contains(string(log[0].Message), "search") || strings.Contains(string(log[0].Message), "truncated") {
			t.Errorf("too much: %s", log[0].Message)
		}
		n, data := s.last(user)
		if n.Title != "New card in Spanish" || n.Body != "hola" || n.Link != fmt.Sprintf("/decks/%d", s.deck) || n.Kind != "deck.changed" {
			t.Errorf("%+v", n)
		}
		if fmt.Sprint(data) != fmt.Sprint(models.DeckChanged{DeckID: s.deck, Deck: "Spanish", Added: 1, By: []string{"bob"}, NoteID: made.Note.ID}) {
			t.Errorf("%+v", data)
		}
	}
	if len(s.Log(s.dan)) != 0 {
		t.Error("a stranger was told")
	}
}

func TestDeckChangedIsOneItem(t *testing.T) {
	s := newShelf(t)
	first := s.add(s.ann, "one")
	s.add(s.ann, "two")
	s.add(s.bob, "three")
	n, data := s.last(s.cat)
	if n.Title != "3 new cards in Spanish" || n.Body != "three" || data.Added != 3 || fmt.Sprint(data.By) != "[ann bob]" {
		t.Errorf("%+v %+v", n, data)
	}
	box := ok[models.Inbox](t)(s.ListNotifications(ctx, s.cat, "all", "", 50))
	if box.Unread != 2 || len(box.Items) != 2 { // with the one that shared the deck
		t.Errorf("%d unread, %d items", box.Unread, len(box.Items))
	}

	// Edits and deletions are no news to who made them.
	before, _ := s.last(s.bob)
	ok[models.NoteWithCards](t)(s.UpdateNote(ctx, s.bob, first.Note.ID, models.NoteChange{Fields: fields{"Front": "uno"}}))
	code(t, s.DeleteNote(ctx, s.bob, first.Note.ID), "")
	if s.names(s.bob); s.Log(s.bob)[len(s.Log(s.bob))-1].Name != "card.deleted" {
		t.Error("bob was told of what he did")
	}
	n, data = s.last(s.cat)
	if n.Title != "5 changes in Spanish" || n.Body != "uno" || data.Added != 3 || data.Updated != 1 || data.Deleted != 1 || data.NoteID != first.Note.ID {
		t.Errorf("%+v %+v", n, data)
	}

	// What was read, and what is old, begins anew.
	if _, err := s.MarkNotifications(ctx, s.cat, models.Mark{IDs: []string{n.ID}, Read: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	s.add(s.ann, "four")
	if again, data := s.last(s.cat); again.ID == n.ID || data.Added != 1 || again.Title != "New card in Spanish" {
		t.Errorf("after reading: %+v %+v", again, data)
	}
	if again, data := s.last(s.bob); again.ID != before.ID || data.Added != 4 {
		t.Errorf("bob has not read: %+v %+v", again, data)
	}
	s.Clock.Add(time.Hour + time.Minute)
	s.add(s.ann, "five")
	if again, data := s.last(s.bob); again.ID == before.ID || data.Added != 1 {
		t.Errorf("an hour later: %+v %+v", again, data)
	}
}

func TestDeckChangedWords(t *testing.T) {
	s := newShelf(t)
	note := s.add(s.ann, "one").Note.ID
	clear := func() {
		t.Helper()
		n, _ := s.last(s.cat)
		if _, err := s.MarkNotifications(ctx, s.cat, models.Mark{IDs: []string{n.ID}, Read: ptr(true)}); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"Card changed in Spanish", "2 cards changed in Spanish"} {
		if i == 0 {
			clear()
		}
		ok[models.NoteWithCards](t)(s.UpdateNote(ctx, s.ann, note, models.NoteChange{Fields: fields{"Front": fmt.Sprint(i)}}))
		if n, _ := s.last(s.cat); n.Title != want {
			t.Errorf("%q, want %q", n.Title, want)
		}
	}
	clear()
	code(t, s.DeleteNote(ctx, s.ann, note), "")
	if n, _ := s.last(s.cat); n.Title != "Card deleted in Spanish" {
		t.Error(n.Title)
	}
	ok[models.Deck](t)(s.UpdateDeck(ctx, s.ann, s.deck, models.DeckChange{Name: ptr("Español")}))
	s.add(s.ann, strings.Repeat("word ", 100))
	n, data := s.last(s.cat)
	if n.Title != "2 changes in Español" || data.Deck != "Español" {
		t.Errorf("%+v", n)
	}
	if r := []rune(n.Body); len(r) > 140 || r[len(r)-1] != '…' {
		t.Errorf("body %q", n.Body)
	}
}

// A note may be larger than a frame: then the event has a part of it, and says so.
func TestEventOfALargeNote(t *testing.T) {
	s := newShelf(t)
	front := strings.Repeat("😀\"", 10_000) // 60 kB, of which JSON makes 70
	var tags []string
	for i := range 50 {
		tags = append(tags, fmt.Sprint(i, strings.Repeat("汉", 57)))
	}
	in := models.NoteInput{Type: "basic", Fields: fields{"Front": front, "Back": strings.Repeat("\x01", 20_000)}, Tags: tags}
	made := ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, in))
	if made.Note.Fields["Front"] != front {
		t.Error("the answer is cut")
	}
	e := s.news(s.cat)[0]
	var m struct {
		Note      models.Note
		Truncated bool
	}
	if err := json.Unmarshal(e.Message, &m); err != nil || !m.Truncated {
		t.Fatalf("%v %.200s", err, e.Message)
	}
	if len(e.Message) > 60<<10 || !strings.HasPrefix(front, strings.TrimSuffix(m.Note.Fields["Front"], "…")) || len([]rune(m.Note.Fields["Front"])) != 2000 || len(m.Note.Tags) != 50 {
		t.Errorf("%d bytes: %.200s", len(e.Message), e.Message)
	}
	if got := ok[models.NoteWithCards](t)(s.GetNote(ctx, s.cat, made.Note.ID)); got.Note.Fields["Front"] != front {
		t.Error("the note is cut")
	}
	// The most that fits goes whole.
	in = models.NoteInput{Type: "basic", Fields: fields{"Front": strings.Repeat("a", 20_000), "Back": strings.Repeat("b", 20_000)}}
	ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, in))
	for _, e := range s.news(s.cat) {
		if e.Name == "card.created" && strings.Contains(string(e.Message), "truncated") {
			t.Error("40,000 letters were cut")
		}
	}
}
