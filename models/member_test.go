package models_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"aoki/models"
)

// roster is who has the shelf's deck, page by page.
func (s *shelf) roster(limit int) string {
	s.t.Helper()
	var all []string
	for after := ""; ; {
		members, next, err := s.ListMembers(ctx, s.cat, s.deck, after, limit)
		if err != nil || len(members) > limit || len(all) > 100 {
			s.t.Fatal(members, next, err)
		}
		for _, m := range members {
			all = append(all, m.User.Username+":"+m.Role)
		}
		if after = next; next == "" {
			return strings.Join(all, " ")
		}
	}
}

func TestListMembers(t *testing.T) {
	s := newShelf(t)
	s.User("zoë")
	s.User("Émile")
	s.User("0day")
	for _, name := range []string{"zoë", "Émile", "0day"} {
		s.share(name, models.DeckViewer)
	}
	want := "ann:owner 0day:viewer bob:editor cat:viewer zoë:viewer Émile:viewer"
	for _, limit := range []int{1, 2, 3, 200} {
		if got := s.roster(limit); got != want {
			t.Errorf("by %d: %s, want %s", limit, got, want)
		}
	}
	// The owner comes first whatever their name is.
	mine := ok[models.Deck](t)(s.CreateDeck(ctx, s.dan, models.DeckInput{Name: "dan's"}))
	ok[models.Member](t)(s.PutMember(ctx, s.dan, mine.ID, "ANN", models.DeckViewer))
	s.deck, s.cat = mine.ID, s.dan
	if got := s.roster(1); got != "dan:owner ann:viewer" {
		t.Error(got)
	}
}

func TestPutMember(t *testing.T) {
	s := newShelf(t)
	for _, c := range []struct {
		name       string
		user       int64
		other      string
		role       string
		code       string
		news       []string // of ann, bob, cat, dan
		fields     bool
		wantRoster string
	}{
		{"a new one", s.ann, "DAN", "viewer", "", []string{"deck.updated", "deck.updated", "deck.updated", "deck.created notification.created"}, false, "ann:owner bob:editor cat:viewer dan:viewer"},
		{"again", s.ann, "dan", "viewer", "", []string{"", "", "", ""}, false, ""},
		{"another role", s.ann, "dan", "editor", "", []string{"deck.updated", "deck.updated", "deck.updated", "deck.updated"}, false, "ann:owner bob:editor cat:viewer dan:editor"},
		{"full width", s.ann, "ｄａｎ", "viewer", "", []string{"deck.updated", "deck.updated", "deck.updated", "deck.updated"}, false, "ann:owner bob:editor cat:viewer dan:viewer"},
		{"unknown", s.ann, "nobody", "viewer", models.NotFound, nil, true, ""},
		{"no name", s.ann, "", "viewer", models.NotFound, nil, true, ""},
		{"injection", s.ann, "x' OR '1'='1", "viewer", models.NotFound, nil, true, ""},
		{"no role", s.ann, "dan", "", models.Invalid, nil, true, ""},
		{"owner as a role", s.ann, "dan", "owner", models.Invalid, nil, true, ""},
		{"the owner", s.ann, "ann", "viewer", models.Conflict, nil, false, ""},
		{"an editor", s.bob, "dan", "editor", models.Forbidden, nil, false, ""},
		{"an editor, of nobody", s.bob, "nobody", "editor", models.Forbidden, nil, false, ""},
		{"a viewer, themselves", s.cat, "cat", "editor", models.Forbidden, nil, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := s.PutMember(ctx, c.user, s.deck, c.other, c.role)
			code(t, err, c.code)
			if err == nil && (m.Role != c.role || m.User.Username != "dan" || m.User.ID != s.dan) {
				t.Errorf("%+v", m)
			}
			if err != nil && (len(models.AsError(err).Fields) > 0) != c.fields {
				t.Errorf("fields %v", models.AsError(err).Fields)
			}
			if c.news == nil {
				c.news = []string{"", "", "", ""}
			}
			s.expectNews(c.name, c.news...)
			if c.wantRoster != "" && s.roster(10) != c.wantRoster {
				t.Error(s.roster(10))
			}
		})
	}
	s = newShelf(t)
	_, err := s.PutMember(ctx, s.dan, s.deck, "dan", "editor")
	code(t, err, models.NotFound)
	if fields := models.AsError(err).Fields; len(fields) != 0 {
		t.Errorf("a deck that is not theirs is not there, whoever is named: %v", fields)
	}
}

func TestSharedNotification(t *testing.T) {
	s := newShelf(t)
	s.share("dan", models.DeckEditor)
	log := s.news(s.dan)
	if len(log) != 2 || !strings.Contains(string(log[0].Message), `"name":"Spanish"`) {
		t.Fatalf("%v", log)
	}
	n := notified(t, log[1])
	var data models.DeckShared
	if err := json.Unmarshal(n.Data, &data); err != nil {
		t.Fatal(err)
	}
	if data != (models.DeckShared{DeckID: s.deck, Deck: "Spanish", By: "ann", Role: "editor"}) {
		t.Errorf("%+v", data)
	}
	if n.Kind != "deck.shared" || n.Title != "ann shared Spanish with you" || n.Link != fmt.Sprintf("/decks/%d", s.deck) {
		t.Errorf("%+v", n)
	}
	if c := log[1].Counts; c == nil || *c != (models.Counts{Unread: 1, Unseen: 1}) {
		t.Errorf("counts %v", c)
	}
}

// item is a notification as it is in an event.
type item struct {
	ID, Kind, Title, Body, Link string
	Data                        json.RawMessage
}

func notified(t *testing.T, e models.Entry) item {
	t.Helper()
	var m struct{ Notification item }
	if err := json.Unmarshal(e.Message, &m); err != nil || !strings.HasPrefix(e.Name, "notification.") {
		t.Fatalf("%s %s: %v", e.Name, e.Message, err)
	}
	return m.Notification
}

func TestRemoveMember(t *testing.T) {
	s := newShelf(t)
	for _, c := range []struct {
		name   string
		user   int64
		other  string
		code   string
		fields int
	}{
		{"an editor removes a viewer", s.bob, "cat", models.Forbidden, 0},
		{"a viewer removes the owner", s.cat, "ann", models.Forbidden, 0},
		{"a viewer asks who is there", s.cat, "nobody", models.Forbidden, 0},
		{"the owner leaves", s.ann, "ANN", models.Conflict, 0},
		{"a stranger", s.dan, "cat", models.NotFound, 0},
		{"a stranger themselves", s.dan, "dan", models.NotFound, 0},
		{"somebody who hasn't it", s.ann, "dan", models.NotFound, 1},
		{"nobody", s.ann, "nobody", models.NotFound, 1},
	} {
		err := s.RemoveMember(ctx, c.user, s.deck, c.other)
		code(t, err, c.code)
		if n := len(models.AsError(err).Fields); n != c.fields {
			t.Errorf("%s: %d fields", c.name, n)
		}
	}
	s.expectNews("refused", "", "", "", "")

	code(t, s.RemoveMember(ctx, s.ann, s.deck, "Bob"), "")
	s.expectNews("removed", "deck.updated", "deck.deleted", "deck.updated", "")
	_, err := s.GetDeck(ctx, s.bob, s.deck)
	code(t, err, models.NotFound)
	code(t, s.RemoveMember(ctx, s.cat, s.deck, "CAT"), "")
	s.expectNews("left", "deck.updated", "", "deck.deleted", "")
	s.add(s.ann, "hola")
	s.expectNews("the deck goes on without them", "card.created notification.created", "", "", "")
	if deck := ok[models.Deck](t)(s.GetDeck(ctx, s.ann, s.deck)); deck.Members != 1 {
		t.Errorf("%d members", deck.Members)
	}
}

func TestMemberLimit(t *testing.T) {
	s := newShelf(t)
	err := s.Write(ctx, func(tx *models.Tx) error {
		for _, sql := range []string{
			`INSERT INTO users (id, username, username_key, password_hash, role, created_at)
				WITH RECURSIVE n (i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < 1997) SELECT i, 'u' || i, 'u' || i, '!', 'user', @now FROM n`,
			`INSERT INTO logs (user_id) SELECT id FROM users WHERE id > 1000 AND created_at = @now`,
			`INSERT INTO deck_members (deck_id, user_id, role, created_at) SELECT @deck, id, 'viewer', @now FROM users WHERE id > 1000`,
		} {
			if err := tx.Exec(sql, map[string]any{"now": tx.Now(), "deck": s.deck}).Error; err != nil {
				return err
			}
		}
		return nil
	})
	code(t, err, "")
	_, err = s.PutMember(ctx, s.ann, s.deck, "dan", "viewer")
	code(t, err, models.LimitReached)
	ok[models.Member](t)(s.PutMember(ctx, s.ann, s.deck, "bob", "viewer"))
	s.news(1500)
	s.add(s.ann, "hola")
	if got := s.names(1500); got != "card.created notification.created" {
		t.Errorf("the last of a thousand got %q", got)
	}
	code(t, s.RemoveMember(ctx, s.ann, s.deck, "u1500"), "")
	ok[models.Member](t)(s.PutMember(ctx, s.ann, s.deck, "dan", "viewer"))
}
