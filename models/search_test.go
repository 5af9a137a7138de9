package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"aoki/models"
)

func TestSearch(t *testing.T) {
	s := newShelf(t)
	ids := map[int64]string{}
	add := func(name string, in models.NoteInput) {
		ids[ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, in)).Note.ID] = name
	}
	add("spanish", models.NoteInput{Type: "basic", Fields: fields{"Front": "El Niño **GRANDE**", "Back": "the big boy"}, Tags: []string{"Noun", "es::people"}})
	add("german", models.NoteInput{Type: "basic", Fields: fields{"Front": "Straße", "Back": "street"}, Tags: []string{"noun"}})
	add("chinese", models.NoteInput{Type: "basic", Fields: fields{"Front": "我在图书馆看书", "Back": "I read in the library"}, Tags: []string{"动词"}})
	add("cloze", models.NoteInput{Type: "cloze", Fields: fields{"Text": "{{c1::Madrid::capital}} is in {{c2::Spain}}", "Extra": "Iberia"}})
	add("signs", models.NoteInput{Type: "basic", Fields: fields{"Front": `100% of a_b \ "c"`, "Back": "ﬁne ＡＢＣ"}, Tags: []string{"a_b", "nouns"}})
	other := ok[models.Deck](t)(s.CreateDeck(ctx, s.ann, models.DeckInput{Name: "other"}))
	ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, other.ID, basic("grande in another deck", "noun")))

	for _, c := range []struct{ q, want string }{
		{"", "signs cloze chinese german spanish"},
		{"  \t ", "signs cloze chinese german spanish"},
		{"grande", "spanish"},
		{"GRANDE", "spanish"},
		{"niño", "spanish"},
		{"NIN\u0303O", "spanish"},
		{"boy big", "spanish"},
		{"big girl", ""},
		{"rand", "spanish"},
		{"strasse", "german"},
		{"STRASSE", "german"},
		{"图书馆", "chinese"},
		{"书 看", "chinese"},
		{"馆\u3000library", "chinese"},
		{"madrid", "cloze"},
		{"capital spain", "cloze"},
		{"iberia", "cloze"},
		{"c1", ""},
		{"{{c1", ""},
		{"100%", "signs"},
		{"%", "signs"},
		{"_", "signs"},
		{"a_b", "signs"},
		{"axb", ""},
		{`\`, "signs"},
		{`"c"`, "signs"},
		{"fine abc", "signs"},
		{"' OR 1=1 --", ""},
		{"noun", "signs german spanish"},
		{"tag:noun", "german spanish"},
		{"TAG:NOUN", "german spanish"},
		{"tag:noun street", "german"},
		{"tag:noun tag:es::people", "spanish"},
		{"tag:es", ""},
		{"tag:动词", "chinese"},
		{"tag：动词", "chinese"},
		{"tag:a_b", "signs"},
		{"tag:a%", ""},
		{"tag:street", ""},
		{"tag:", ""},
		{"\x1fnoun\x1f", "signs german spanish"},
		{strings.Repeat("a ", 100), "signs cloze chinese german spanish"},
	} {
		notes, next, err := s.ListNotes(ctx, s.cat, s.deck, c.q, 0, 50)
		if err != nil || next != 0 {
			t.Fatal(c.q, next, err)
		}
		var got []string
		for _, n := range notes {
			got = append(got, ids[n.ID])
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q finds %q, want %q", c.q, s, c.want)
		}
	}
	for _, q := range []string{strings.Repeat("汉", 201), "a\xff"} {
		_, _, err := s.ListNotes(ctx, s.ann, s.deck, q, 0, 50)
		code(t, err, models.Invalid)
	}
	ok[[]models.Note](t)(first(s.ListNotes(ctx, s.ann, s.deck, strings.Repeat("汉", 200), 0, 50)))
}

func first[T, U any](v T, _ U, err error) (T, error) { return v, err }

// What is found follows an edit, and goes with the note.
func TestSearchFollowsEdits(t *testing.T) {
	s := newShelf(t)
	id := ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, s.deck, basic("old", "before"))).Note.ID
	ok[models.NoteWithCards](t)(s.UpdateNote(ctx, s.ann, id, models.NoteChange{Fields: fields{"Front": "new"}, Tags: &[]string{"after"}}))
	for q, want := range map[string]int{"old": 0, "new": 1, "tag:before": 0, "tag:after": 1, "b": 1} {
		notes := ok[[]models.Note](t)(first(s.ListNotes(ctx, s.ann, s.deck, q, 0, 50)))
		if len(notes) != want {
			t.Errorf("%s finds %d, want %d", q, len(notes), want)
		}
	}
}

func TestListNotesByPage(t *testing.T) {
	s := newShelf(t)
	var want []int64
	for i := range 7 {
		id := s.add(s.ann, fmt.Sprint("n", i%2)).Note.ID
		if i%2 == 0 {
			want = append(want, id)
		}
	}
	slices.Reverse(want)
	var got []int64
	for before := int64(0); ; {
		notes, next, err := s.ListNotes(ctx, s.bob, s.deck, "n0", before, 2)
		if err != nil || len(notes) == 0 && next != 0 || len(got) > 10 {
			t.Fatal(notes, next, err)
		}
		for _, n := range notes {
			got = append(got, n.ID)
		}
		s.add(s.ann, "n0 newer") // what comes meanwhile is not on older pages
		if before = next; next == 0 {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
