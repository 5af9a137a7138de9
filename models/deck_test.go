package models_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// shelf is a store with users and one deck of ann's, which bob edits, cat views
// and dan has never heard of. The logs of its making are skipped.
type shelf struct {
	*modelstest.Store
	t                  *testing.T
	ann, bob, cat, dan int64
	deck               int64
	read               map[int64]int // how much of each log was seen
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{Store: modelstest.Open(t), t: t, read: map[int64]int{}}
	s.ann, s.bob, s.cat, s.dan = s.User("ann"), s.User("bob"), s.User("cat"), s.User("dan")
	s.deck = ok[models.Deck](t)(s.CreateDeck(ctx, s.ann, models.DeckInput{Name: "Spanish", Description: "words"})).ID
	s.share("bob", models.DeckEditor)
	s.share("cat", models.DeckViewer)
	for _, user := range s.users() {
		s.news(user)
	}
	return s
}

func (s *shelf) users() []int64 { return []int64{s.ann, s.bob, s.cat, s.dan} }

func (s *shelf) share(name, role string) {
	s.t.Helper()
	ok[models.Member](s.t)(s.PutMember(ctx, s.ann, s.deck, name, role))
}

// news is what came into a user's log since the last call.
func (s *shelf) news(user int64) []models.Entry {
	s.t.Helper()
	log := s.Log(user)
	fresh := log[s.read[user]:]
	s.read[user] = len(log)
	return fresh
}

// names are the events that came in.
func (s *shelf) names(user int64) string {
	s.t.Helper()
	var names []string
	for _, e := range s.news(user) {
		names = append(names, e.Name)
	}
	return strings.Join(names, " ")
}

// expectNews checks which events came to ann, bob, cat and dan, "" for none.
func (s *shelf) expectNews(what string, want ...string) {
	s.t.Helper()
	for i, user := range s.users() {
		if got := s.names(user); got != want[i] {
			s.t.Errorf("%s: user %d got %q, want %q", what, user, got, want[i])
		}
	}
}

func (s *shelf) add(user int64, front string) models.NoteWithCards {
	s.t.Helper()
	return ok[models.NoteWithCards](s.t)(s.CreateNote(ctx, user, s.deck, basic(front)))
}

func basic(front string, tags ...string) models.NoteInput {
	return models.NoteInput{Type: "basic", Fields: map[string]string{"Front": front, "Back": "b"}, Tags: tags}
}

func TestCreateDeck(t *testing.T) {
	s := modelstest.Open(t)
	ann, bob := s.User("ann"), s.User("bob")
	long := strings.Repeat("汉", 100)
	for _, c := range []struct {
		name string
		in   models.DeckInput
		want string
		code string
	}{
		{"plain", models.DeckInput{Name: "Spanish", Description: "words\nand more"}, "Spanish", ""},
		{"the same name again", models.DeckInput{Name: "Spanish"}, "Spanish", ""},
		{"spaces around", models.DeckInput{Name: "  a  b "}, "a  b", ""},
		{"as long as may be", models.DeckInput{Name: long, Description: strings.Repeat("é", 2000)}, long, ""},
		{"empty", models.DeckInput{}, "", models.Invalid},
		{"blank", models.DeckInput{Name: " \t\u3000"}, "", models.Invalid},
		{"too long", models.DeckInput{Name: long + "x"}, "", models.Invalid},
		{"two lines", models.DeckInput{Name: "a\nb"}, "", models.Invalid},
		{"NUL", models.DeckInput{Name: "a\x00b"}, "", models.Invalid},
		{"no UTF-8", models.DeckInput{Name: "a\xff"}, "", models.Invalid},
		{"description too long", models.DeckInput{Name: "a", Description: strings.Repeat("é", 2001)}, "", models.Invalid},
		{"NUL in the description", models.DeckInput{Name: "a", Description: "\x00"}, "", models.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(s.Log(ann))
			deck, err := s.CreateDeck(ctx, ann, c.in)
			code(t, err, c.code)
			log := s.Log(ann)[before:]
			if err != nil {
				if len(log) != 0 {
					t.Errorf("refused, and logged %v", log)
				}
				return
			}
			if deck.Name != c.want || deck.Description != c.in.Description || deck.Role != "owner" || deck.Members != 1 || deck.Counts != (models.DeckCounts{}) || !deck.CreatedAt.Equal(s.Now()) {
				t.Errorf("%+v", deck)
			}
			if len(log) != 1 || log[0].Name != "deck.created" {
				t.Fatalf("log %v", log)
			}
			want, _ := json.Marshal(map[string]any{"deck": map[string]any{"id": deck.ID, "name": deck.Name, "description": deck.Description}})
			if !sameJSON(log[0].Message, want) {
				t.Errorf("message %s, want %s", log[0].Message, want)
			}
		})
	}
	if len(s.Log(bob)) != 0 {
		t.Error("a stranger was told")
	}
}

func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func TestDeckIsTheMembersAlone(t *testing.T) {
	s := newShelf(t)
	for _, c := range []struct {
		name string
		user int64
		role string
		code string
	}{
		{"owner", s.ann, "owner", ""}, {"editor", s.bob, "editor", ""}, {"viewer", s.cat, "viewer", ""}, {"stranger", s.dan, "", models.NotFound},
	} {
		deck, err := s.GetDeck(ctx, c.user, s.deck)
		code(t, err, c.code)
		if deck.Role != c.role {
			t.Errorf("%s: role %q", c.name, deck.Role)
		}
		decks, next, err := s.ListDecks(ctx, c.user, 0, 10)
		if err != nil || next != 0 || len(decks) == 1 != (c.code == "") {
			t.Errorf("%s lists %v %d %v", c.name, decks, next, err)
		}
		if len(decks) == 1 && decks[0] != deck {
			t.Errorf("%s: %+v listed, %+v alone", c.name, decks[0], deck)
		}
		if _, _, err := s.ListMembers(ctx, c.user, s.deck, "", 10); models.ErrorCode(err) != c.code {
			t.Errorf("%s lists the members: %v", c.name, err)
		}
		if _, _, err := s.ListNotes(ctx, c.user, s.deck, "", 0, 10); models.ErrorCode(err) != c.code {
			t.Errorf("%s lists the notes: %v", c.name, err)
		}
	}
}

func TestListDecksByPage(t *testing.T) {
	s := newShelf(t)
	want := []int64{s.deck}
	for i := range 4 {
		ok[models.Deck](t)(s.CreateDeck(ctx, s.dan, models.DeckInput{Name: "dan's"}))
		want = append(want, ok[models.Deck](t)(s.CreateDeck(ctx, s.ann, models.DeckInput{Name: fmt.Sprint("deck ", 9-i)})).ID)
	}
	var got []int64
	for after, pages := int64(0), 0; ; pages++ {
		decks, next, err := s.ListDecks(ctx, s.ann, after, 2)
		if err != nil || pages > 3 {
			t.Fatal(err, pages)
		}
		for _, d := range decks {
			got = append(got, d.ID)
		}
		if after = next; next == 0 {
			break
		}
		// A deck that is renamed or made meanwhile neither hides one nor shows one twice.
		ok[models.Deck](t)(s.UpdateDeck(ctx, s.ann, s.deck, models.DeckChange{Name: ptr(fmt.Sprint("zz", pages))}))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestUpdateDeck(t *testing.T) {
	s := newShelf(t)
	for _, c := range []struct {
		name   string
		user   int64
		change models.DeckChange
		code   string
		told   bool
	}{
		{"owner renames", s.ann, models.DeckChange{Name: ptr("Español")}, "", true},
		{"editor describes", s.bob, models.DeckChange{Description: ptr("palabras")}, "", true},
		{"as it is", s.ann, models.DeckChange{Name: ptr(" Español "), Description: ptr("palabras")}, "", false},
		{"nothing", s.ann, models.DeckChange{}, "", false},
		{"blank name", s.ann, models.DeckChange{Name: ptr(" ")}, models.Invalid, false},
		{"viewer", s.cat, models.DeckChange{Name: ptr("x")}, models.Forbidden, false},
		{"stranger", s.dan, models.DeckChange{Name: ptr("x")}, models.NotFound, false},
		{"stranger with a bad name", s.dan, models.DeckChange{Name: ptr("")}, models.NotFound, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.Clock.Add(1)
			deck, err := s.UpdateDeck(ctx, c.user, s.deck, c.change)
			code(t, err, c.code)
			want := ""
			if c.told {
				want = "deck.updated"
			}
			s.expectNews(c.name, want, want, want, "")
			if err == nil && (deck.Name != "Español" || deck.Members != 3) {
				t.Errorf("%+v", deck)
			}
		})
	}
	if deck, _ := s.GetDeck(ctx, s.cat, s.deck); deck.Name != "Español" || deck.Description != "palabras" {
		t.Errorf("%+v", deck)
	}
}

func TestDeleteDeck(t *testing.T) {
	s := newShelf(t)
	note := s.add(s.ann, "hola")
	other := ok[models.Deck](t)(s.CreateDeck(ctx, s.ann, models.DeckInput{Name: "other"}))
	kept := ok[models.NoteWithCards](t)(s.CreateNote(ctx, s.ann, other.ID, basic("x")))
	for _, user := range s.users() {
		s.news(user)
	}
	for _, c := range []struct {
		user int64
		code string
	}{{s.bob, models.Forbidden}, {s.cat, models.Forbidden}, {s.dan, models.NotFound}} {
		code(t, s.DeleteDeck(ctx, c.user, s.deck), c.code)
	}
	s.expectNews("refused", "", "", "", "")
	code(t, s.DeleteDeck(ctx, s.ann, s.deck), "")
	s.expectNews("deleted", "deck.deleted", "deck.deleted", "deck.deleted", "")
	code(t, s.DeleteDeck(ctx, s.ann, s.deck), models.NotFound)
	_, err := s.GetNote(ctx, s.ann, note.Note.ID)
	code(t, err, models.NotFound)
	_, err = s.GetCard(ctx, s.ann, note.Cards[0].ID)
	code(t, err, models.NotFound)
	ok[models.NoteWithCards](t)(s.GetNote(ctx, s.ann, kept.Note.ID))
	for table, want := range map[string]int64{"decks": 1, "deck_members": 1, "notes": 1, "cards": 1} {
		var n int64
		s.Read(ctx).Table(table).Count(&n)
		if n != want {
			t.Errorf("%d rows in %s, want %d", n, table, want)
		}
	}
}

func TestDeckLimit(t *testing.T) {
	s := newShelf(t)
	err := s.Write(ctx, func(tx *models.Tx) error {
		return tx.Exec(`INSERT INTO decks (owner_id, name, created_at, updated_at)
			WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT ?, 'x', ?, ? FROM n`, s.ann, tx.Now(), tx.Now()).Error
	})
	code(t, err, "")
	_, err = s.CreateDeck(ctx, s.ann, models.DeckInput{Name: "one too many"})
	code(t, err, models.LimitReached)
	ok[models.Deck](t)(s.CreateDeck(ctx, s.bob, models.DeckInput{Name: "mine"}))
}
