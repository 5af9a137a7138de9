package models_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"aoki/models"
	"aoki/models/fsrs"
)

type fields = map[string]string

// ords are the cards of a note, "0 1".
func ords(n models.NoteWithCards) string {
	var s []string
	for _, c := range n.Cards {
		s = append(s, fmt.Sprint(c.Ord))
	}
	return strings.Join(s, " ")
}

func TestCreateNote(t *testing.T) {
	s := newShelf(t)
	long := strings.Repeat("汉", 20_000)
	many := ""
	var tags, tooMany []string
	for i := range 51 {
		tooMany = append(tooMany, fmt.Sprint("t", i))
	}
	tags = tooMany[:50]
	for n := 1; n <= 100; n++ {
		many += fmt.Sprintf("{{c%d::x}}", n)
	}
	for _, c := range []struct {
		name string
		in   models.NoteInput
		want string // ords
		bad  string // the field that is refused
	}{
		{"basic", models.NoteInput{Type: "basic", Fields: fields{"Front": "a", "Back": "b"}}, "0", ""},
		{"empty back", models.NoteInput{Type: "basic", Fields: fields{"Front": "a", "Back": ""}}, "0", ""},
		{"no back", models.NoteInput{Type: "basic", Fields: fields{"Front": "a"}}, "0", ""},
		{"reversed", models.NoteInput{Type: "reversed", Fields: fields{"Front": "a", "Back": "b"}}, "0 1", ""},
		{"cloze", models.NoteInput{Type: "cloze", Fields: fields{"Text": "{{c3::a}} {{c1::b}} {{c3::c}}", "Extra": ""}}, "0 2", ""},
		{"a hundred clozes", models.NoteInput{Type: "cloze", Fields: fields{"Text": many}}, "", ""},
		{"as long as may be", models.NoteInput{Type: "basic", Fields: fields{"Front": long, "Back": long}, Tags: tags}, "0", ""},

		{"no type", models.NoteInput{Fields: fields{"Front": "a"}}, "", "type"},
		{"unknown type", models.NoteInput{Type: "Basic", Fields: fields{"Front": "a"}}, "", "type"},
		{"no fields", models.NoteInput{Type: "basic"}, "", "fields.Front"},
		{"blank front", models.NoteInput{Type: "basic", Fields: fields{"Front": " \n\u3000", "Back": "b"}}, "", "fields.Front"},
		{"blank back of a reversed one", models.NoteInput{Type: "reversed", Fields: fields{"Front": "a", "Back": " "}}, "", "fields.Back"},
		{"unknown field", models.NoteInput{Type: "basic", Fields: fields{"Front": "a", "Side": "b"}}, "", "fields.Side"},
		{"another case", models.NoteInput{Type: "basic", Fields: fields{"front": "a"}}, "", "fields.front"},
		{"fields of another type", models.NoteInput{Type: "cloze", Fields: fields{"Front": "{{c1::a}}"}}, "", "fields.Front"},
		{"front too long", models.NoteInput{Type: "basic", Fields: fields{"Front": long + "x"}}, "", "fields.Front"},
		{"back too long", models.NoteInput{Type: "basic", Fields: fields{"Front": "a", "Back": long + "x"}}, "", "fields.Back"},
		{"NUL", models.NoteInput{Type: "basic", Fields: fields{"Front": "a\x00"}}, "", "fields.Front"},
		{"no UTF-8", models.NoteInput{Type: "basic", Fields: fields{"Front": "a", "Back": "\xff"}}, "", "fields.Back"},
		{"cloze without a cloze", models.NoteInput{Type: "cloze", Fields: fields{"Text": "Madrid"}}, "", "fields.Text"},
		{"cloze 0", models.NoteInput{Type: "cloze", Fields: fields{"Text": "{{c0::a}} {{c1::b}}"}}, "", "fields.Text"},
		{"cloze 101", models.NoteInput{Type: "cloze", Fields: fields{"Text": "{{c101::a}}"}}, "", "fields.Text"},
		{"cloze in extra only", models.NoteInput{Type: "cloze", Fields: fields{"Text": "a", "Extra": "{{c1::a}}"}}, "", "fields.Text"},
		{"empty tag", models.NoteInput{Type: "basic", Fields: fields{"Front": "a"}, Tags: []string{"x", " "}}, "", "tags[1]"},
		{"tag of two words", models.NoteInput{Type: "basic", Fields: fields{"Front": "a"}, Tags: []string{"a b"}}, "", "tags[0]"},
		{"tag too long", models.NoteInput{Type: "basic", Fields: fields{"Front": "a"}, Tags: []string{strings.Repeat("é", 61)}}, "", "tags[0]"},
		{"tag with a control character", models.NoteInput{Type: "basic", Fields: fields{"Front": "a"}, Tags: []string{"a\x1fb"}}, "", "tags[0]"},
		{"too many tags", models.NoteInput{Type: "basic", Fields: fields{"Front": "a"}, Tags: tooMany}, "", "tags"},
	} {
		t.Run(c.name, func(t *testing.T) {
			made, err := s.CreateNote(ctx, s.ann, s.deck, c.in)
			if c.bad != "" {
				code(t, err, models.Invalid)
				if f := models.AsError(err).Fields; len(f) != 1 || f[0].Field != c.bad {
					t.Errorf("fields %v, want %s", f, c.bad)
				}
				s.expectNews("refused", "", "", "", "")
				return
			}
			code(t, err, "")
			if c.want != "" && ords(made) != c.want {
				t.Errorf("cards %s, want %s", ords(made), c.want)
			}
			for name, text := range c.in.Fields {
				if made.Note.Fields[name] != text {
					t.Errorf("%s was changed", name)
				}
			}
			if len(made.Note.Fields) != 2 || made.Note.Tags == nil || len(made.Note.Tags) != len(c.in.Tags) {
				t.Errorf("%+v", made.Note)
			}
			for _, user := range []int64{s.ann, s.bob, s.cat} {
				got := ok[models.NoteWithCards](t)(s.GetNote(ctx, user, made.Note.ID))
				if fmt.Sprint(got) != fmt.Sprint(made) {
					t.Errorf("stored %v, made %v", got, made)
				}
			}
			_, err = s.GetNote(ctx, s.dan, made.Note.ID)
			code(t, err, models.NotFound)
			_, err = s.GetCard(ctx, s.dan, made.Cards[0].ID)
			code(t, err, models.NotFound)
			for _, user := range s.users() {
				s.news(user)
			}
		})
	}
}

func TestTags(t *testing.T) {
	s := newShelf(t)
	made := ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, basic("a", " verb", "es", "verb", "VERB\n", "ｅｓ", "动词", "c++")))
	if want := []string{"verb", "es", "动词", "c++"}; !slices.Equal(made.Note.Tags, want) {
		t.Errorf("%q, want %q", made.Note.Tags, want)
	}
}

func TestWhoMayWriteNotes(t *testing.T) {
	s := newShelf(t)
	note := s.add(s.ann, "a").Note.ID
	for _, c := range []struct {
		user int64
		code string
	}{{s.ann, ""}, {s.bob, ""}, {s.cat, models.Forbidden}, {s.dan, models.NotFound}} {
		_, err := s.CreateNote(ctx, c.user, s.deck, basic("mine"))
		code(t, err, c.code)
		_, err = s.UpdateNote(ctx, c.user, note, models.NoteChange{Fields: fields{"Front": fmt.Sprint(c.user)}})
		code(t, err, c.code)
		own := s.add(s.ann, "to go").Note.ID
		code(t, s.DeleteNote(ctx, c.user, own), c.code)
		_, err = s.GetNote(ctx, s.ann, own)
		code(t, err, map[bool]string{true: models.NotFound}[c.code == ""])
	}
	code(t, s.DeleteNote(ctx, s.ann, 999), models.NotFound)
	_, err := s.CreateNote(ctx, s.ann, 999, basic("x"))
	code(t, err, models.NotFound)
}

func TestUpdateNote(t *testing.T) {
	s := newShelf(t)
	made := ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, models.NoteInput{
		Type: "cloze", Fields: fields{"Text": "{{c1::a}} {{c2::b}} {{c4::c}}", "Extra": "e"}, Tags: []string{"x"},
	}))
	id := made.Note.ID
	byOrd := map[int]int64{}
	for _, c := range made.Cards {
		byOrd[c.Ord] = c.ID
	}
	for _, user := range s.users() {
		s.news(user)
	}
	s.Clock.Add(1e9)
	got := ok[models.NoteWithCards](t)(s.UpdateNote(ctx, s.bob, id, models.NoteChange{Fields: fields{"Text": "{{c4::c}} {{c2::new}} {{c3::d}}"}}))
	if ords(got) != "1 2 3" || got.Cards[0].ID != byOrd[1] || got.Cards[2].ID != byOrd[3] || slices.Contains(slices.Collect(maps.Values(byOrd)), got.Cards[1].ID) {
		t.Errorf("was %v, is %v", made.Cards, got.Cards)
	}
	if got.Note.Fields["Extra"] != "e" || !slices.Equal(got.Note.Tags, []string{"x"}) || !got.Note.UpdatedAt.Equal(s.Now()) || !got.Note.CreatedAt.Equal(made.Note.CreatedAt) {
		t.Errorf("%+v", got.Note)
	}
	s.expectNews("bob edits", "card.updated notification.updated", "card.updated", "card.updated notification.updated", "")
	if stored := ok[models.NoteWithCards](t)(s.GetNote(ctx, s.cat, id)); fmt.Sprint(stored) != fmt.Sprint(got) {
		t.Errorf("stored %v, answered %v", stored, got)
	}
	_, err := s.GetCard(ctx, s.ann, byOrd[0])
	code(t, err, models.NotFound)
	if deck := ok[models.Deck](t)(s.GetDeck(ctx, s.cat, s.deck)); deck.Counts != (models.DeckCounts{New: 3, Total: 3}) {
		t.Errorf("%+v", deck.Counts)
	}

	for _, c := range []struct {
		name   string
		change models.NoteChange
		bad    string
	}{
		{"nothing", models.NoteChange{}, ""},
		{"the same", models.NoteChange{Type: ptr("cloze"), Fields: fields{"Extra": "e"}, Tags: &[]string{" x "}}, ""},
		{"another type", models.NoteChange{Type: ptr("basic")}, "type"},
		{"another type's field", models.NoteChange{Fields: fields{"Front": "a"}}, "fields.Front"},
		{"no cloze left", models.NoteChange{Fields: fields{"Text": "none"}}, "fields.Text"},
		{"blank", models.NoteChange{Fields: fields{"Text": ""}}, "fields.Text"},
		{"bad tag", models.NoteChange{Tags: &[]string{""}}, "tags[0]"},
		{"good text, bad tag", models.NoteChange{Fields: fields{"Text": "{{c1::lost?}}"}, Tags: &[]string{"a b"}}, "tags[0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.Clock.Add(1e9)
			after, err := s.UpdateNote(ctx, s.bob, id, c.change)
			if c.bad == "" {
				code(t, err, "")
				if fmt.Sprint(after) != fmt.Sprint(got) {
					t.Errorf("%v, want %v", after, got)
				}
			} else if f := models.AsError(err).Fields; models.ErrorCode(err) != models.Invalid || len(f) != 1 || f[0].Field != c.bad {
				t.Errorf("%v, want %s", err, c.bad)
			}
			if stored := ok[models.NoteWithCards](t)(s.GetNote(ctx, s.cat, id)); fmt.Sprint(stored) != fmt.Sprint(got) {
				t.Errorf("stored %v", stored)
			}
			s.expectNews(c.name, "", "", "", "")
		})
	}
	cleared := ok[models.NoteWithCards](t)(s.UpdateNote(ctx, s.ann, id, models.NoteChange{Tags: &[]string{}, Fields: fields{"Extra": ""}}))
	if cleared.Note.Tags == nil || len(cleared.Note.Tags) != 0 || cleared.Note.Fields["Extra"] != "" {
		t.Errorf("%+v", cleared.Note)
	}
}

// Changes of one note that come at once are all in it: each is made of the note as
// it is in its turn, not as it was when it was asked for.
func TestNoteChangedAtOnce(t *testing.T) {
	s := newShelf(t)
	n := ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, models.NoteInput{Type: "basic", Fields: fields{"Front": "a", "Back": "b"}}))
	for round := range 30 {
		want := fmt.Sprint("round ", round)
		var all sync.WaitGroup
		for _, change := range []models.NoteChange{
			{Fields: fields{"Front": want}}, {Fields: fields{"Back": want}}, {Tags: &[]string{fmt.Sprint("t", round)}},
		} {
			all.Go(func() {
				if _, err := s.UpdateNote(ctx, s.ann, n.Note.ID, change); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got := ok[models.NoteWithCards](t)(s.GetNote(ctx, s.ann, n.Note.ID)).Note
		if got.Fields["Front"] != want || got.Fields["Back"] != want || got.Tags[0] != fmt.Sprint("t", round) {
			t.Fatalf("round %d: %+v", round, got)
		}
	}
}

func TestDeleteNote(t *testing.T) {
	s := newShelf(t)
	made := ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, models.NoteInput{Type: "reversed", Fields: fields{"Front": "a", "Back": "b"}}))
	for _, user := range s.users() {
		s.news(user)
	}
	code(t, s.DeleteNote(ctx, s.ann, made.Note.ID), "")
	log := s.news(s.bob)
	if len(log) != 2 || log[0].Name != "card.deleted" || log[1].Name != "notification.updated" {
		t.Fatalf("%v", log)
	}
	var event struct {
		Deck  struct{ ID int64 }
		Note  models.Note
		Cards []models.CardRef
	}
	if err := json.Unmarshal(log[0].Message, &event); err != nil {
		t.Fatal(err)
	}
	if event.Deck.ID != s.deck || fmt.Sprint(event.Note) != fmt.Sprint(made.Note) || !slices.Equal(event.Cards, made.Cards) {
		t.Errorf("%s", log[0].Message)
	}
	s.expectNews("the others", "card.deleted", "", "card.deleted notification.updated", "")
	if deck := ok[models.Deck](t)(s.GetDeck(ctx, s.ann, s.deck)); deck.Counts.Total != 0 {
		t.Errorf("%+v", deck.Counts)
	}
	code(t, s.DeleteNote(ctx, s.ann, made.Note.ID), models.NotFound)
}

// The figures that are kept beside a deck are those that counting would give.
func TestCountsStayTrue(t *testing.T) {
	s := newShelf(t)
	var notes []int64
	for i := range 60 {
		switch {
		case i%5 == 4:
			code(t, s.DeleteNote(ctx, s.ann, notes[0]), "")
			notes = notes[1:]
		case i%3 == 2:
			text := fmt.Sprintf("{{c%d::a}} {{c%d::b}} {{c1::c}}", i%7+1, i%4+1)
			ok[models.NoteWithCards](t)(s.UpdateNote(ctx, s.bob, notes[len(notes)-1], models.NoteChange{Fields: fields{"Text": text}}))
		default:
			text := fmt.Sprintf("{{c%d::a}} {{c%d::b}}", i%7+1, i%4+1)
			notes = append(notes, ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, models.NoteInput{Type: "cloze", Fields: fields{"Text": text}})).Note.ID)
		}
		// What is refused counts nothing.
		_, err := s.CreateNote(ctx, s.cat, s.deck, basic("x"))
		code(t, err, models.Forbidden)
	}
	var kept, counted struct{ Notes, Cards int64 }
	s.Read(ctx).Raw(`SELECT notes, cards FROM decks WHERE id = ?`, s.deck).Scan(&kept)
	s.Read(ctx).Raw(`SELECT (SELECT COUNT(*) FROM notes WHERE deck_id = @d) AS notes, (SELECT COUNT(*) FROM cards WHERE deck_id = @d) AS cards`, map[string]any{"d": s.deck}).Scan(&counted)
	if kept != counted || counted.Notes != int64(len(notes)) {
		t.Errorf("kept %v, counted %v", kept, counted)
	}
}

func TestNoteLimit(t *testing.T) {
	s := newShelf(t)
	err := s.Write(ctx, func(tx *models.Tx) error { return tx.Exec(`UPDATE decks SET notes = 50000 WHERE id = ?`, s.deck).Error })
	code(t, err, "")
	_, err = s.CreateNote(ctx, s.ann, s.deck, basic("one too many"))
	code(t, err, models.LimitReached)
}

func TestGetCard(t *testing.T) {
	s := newShelf(t)
	made := ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, models.NoteInput{Type: "cloze", Fields: fields{"Text": "{{c1::a}} {{c5::b::hint}}", "Extra": "more"}}))
	card := ok[models.Card](t)(s.GetCard(ctx, s.cat, made.Cards[1].ID))
	want := models.Card{ID: made.Cards[1].ID, NoteID: made.Note.ID, DeckID: s.deck, Ord: 4, Type: "cloze", Question: "a **[hint]**", Answer: "a **b**\n\nmore", State: fsrs.New,
		Intervals: models.Intervals{Again: 60, Hard: 330, Good: 600, Easy: 8 * 86400}}
	if card != want {
		t.Errorf("%+v, want %+v", card, want)
	}
}

func TestNoteTwiceUnderOneKey(t *testing.T) {
	s := newShelf(t)
	once := models.WithKey(ctx, models.Key{Sender: "u:1", Word: "k", Hash: "h"})
	first := ok[models.NoteWithCards](t)(s.CreateNote(once, s.ann, s.deck, basic("a", "x")))
	second := ok[models.NoteWithCards](t)(s.CreateNote(once, s.ann, s.deck, basic("a", "x")))
	if fmt.Sprint(first) != fmt.Sprint(second) {
		t.Errorf("%v, then %v", first, second)
	}
	s.expectNews("once", "card.created notification.created", "card.created notification.created", "card.created notification.created", "")
	if deck := ok[models.Deck](t)(s.GetDeck(ctx, s.ann, s.deck)); deck.Counts.Total != 1 {
		t.Errorf("%+v", deck.Counts)
	}
}
