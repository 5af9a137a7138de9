package routes

import (
	"strings"
	"testing"

	"aoki/models"
)

// newDecks is a server with ann, who owns deck 1, bob, who edits it, cat, who views
// it, and dan, who does not have it. Deck 2 is dan's.
func newDecks(t *testing.T) (*accountServer, map[string]string) {
	t.Helper()
	s := newAccounts(t)
	tokens := map[string]string{}
	for _, name := range []string{"ann", "bob", "cat", "dan"} {
		s.store.Account(s.api.Accounts, name, models.RoleUser)
		tokens[name] = s.login(t, name).AccessToken
	}
	for _, c := range []call{
		{method: "POST", path: "/decks", as: "ann", body: `{"name":"Spanish"}`},
		{method: "POST", path: "/decks", as: "dan", body: `{"name":"secret of dan"}`},
		{method: "PUT", path: "/decks/1/members/bob", as: "ann", body: `{"role":"editor"}`},
		{method: "PUT", path: "/decks/1/members/cat", as: "ann", body: `{"role":"viewer"}`},
		{method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic","fields":{"Front":"hola","Back":"hello"},"tags":["es"]}`},
		{method: "POST", path: "/decks/2/notes", as: "dan", body: `{"type":"basic","fields":{"Front":"secret of dan","Back":""}}`},
	} {
		if w := s.call(c.method, c.path, tokens[c.as], c.body); w.Code >= 300 {
			t.Fatalf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
	}
	return s, tokens
}

// hidden is what no answer to those who have deck 1 may show.
var hidden = []string{"dan", "search", "owner_id", "\x1f"}

func TestDeckRoutes(t *testing.T) {
	s, tokens := newDecks(t)
	s.run(t, tokens, hiding(hidden, []call{
		{name: "list as nobody", method: "GET", path: "/decks", status: 401, code: "unauthorized"},
		{name: "list", method: "GET", path: "/decks", as: "bob", status: 200,
			contains: []string{`{"items":[{"id":1,"name":"Spanish","description":"","role":"editor","counts":{"new":1,"learning":0,"due":0,"total":1},"members":3,"next_due_at":null,"created_at":"2026-05-13T12:00:00Z","updated_at":"2026-05-13T12:00:00Z"}],"next":null}`}},
		{name: "a limit that is no number", method: "GET", path: "/decks?limit=x", as: "ann", status: 400, code: "malformed"},
		{name: "a limit too high", method: "GET", path: "/decks?limit=201", as: "ann", status: 422},
		{name: "a cursor that is none", method: "GET", path: "/decks?after=Spanish", as: "ann", status: 400, code: "malformed", contains: []string{`"field":"after"`}},
		{name: "create", method: "POST", path: "/decks", as: "ann", body: `{"name":" Latin ","description":"d"}`, status: 201,
			contains: []string{`"id":3,"name":"Latin","description":"d","role":"owner","counts":{"new":0,"learning":0,"due":0,"total":0},"members":1`}},
		{name: "first page", method: "GET", path: "/decks?limit=1", as: "ann", status: 200, contains: []string{`"id":1`, `"next":"1"`}, excludes: []string{"Latin"}},
		{name: "second page", method: "GET", path: "/decks?limit=1&after=1", as: "ann", status: 200, contains: []string{`"id":3`, `"next":null`}, excludes: []string{"Spanish"}},
		{name: "no name", method: "POST", path: "/decks", as: "ann", body: `{}`, status: 422, contains: []string{`"field":"name"`}},
		{name: "blank name", method: "POST", path: "/decks", as: "ann", body: `{"name":"  "}`, status: 422, contains: []string{`"field":"name"`}},
		{name: "long name", method: "POST", path: "/decks", as: "ann", body: `{"name":"` + strings.Repeat("a", 101) + `"}`, status: 422, contains: []string{`"field":"name"`}},
		{name: "name that is a number", method: "POST", path: "/decks", as: "ann", body: `{"name":1}`, status: 422, contains: []string{`"field":"name"`}},
		{name: "long description", method: "POST", path: "/decks", as: "ann", body: `{"name":"a","description":"` + strings.Repeat("a", 2001) + `"}`, status: 422, contains: []string{`"field":"description"`}},
		{name: "an owner in the body", method: "POST", path: "/decks", as: "ann", body: `{"name":"a","owner":2}`, status: 400, code: "unknown_field"},
		{name: "malformed", method: "POST", path: "/decks", as: "ann", body: `{"name":"a"`, status: 400, code: "malformed"},
		{name: "two values", method: "POST", path: "/decks", as: "ann", body: `{"name":"a"}{}`, status: 400, code: "malformed"},
		{name: "get", method: "GET", path: "/decks/1", as: "cat", status: 200, contains: []string{`"role":"viewer"`}},
		{name: "get a stranger's", method: "GET", path: "/decks/2", as: "ann", status: 404, code: "not_found"},
		{name: "get none", method: "GET", path: "/decks/99", as: "ann", status: 404, code: "not_found"},
		{name: "an id that is none", method: "GET", path: "/decks/1%20OR%201=1", as: "ann", status: 404, code: "not_found"},
		{name: "rename as an editor", method: "PATCH", path: "/decks/1", as: "bob", body: `{"name":"Español"}`, status: 200, contains: []string{`"name":"Español"`, `"role":"editor"`}},
		{name: "rename as a viewer", method: "PATCH", path: "/decks/1", as: "cat", body: `{"name":"x"}`, status: 403, code: "forbidden"},
		{name: "rename a stranger's", method: "PATCH", path: "/decks/2", as: "ann", body: `{"name":"x"}`, status: 404, code: "not_found"},
		{name: "rename to nothing", method: "PATCH", path: "/decks/1", as: "ann", body: `{"name":""}`, status: 422},
		{name: "change the role", method: "PATCH", path: "/decks/1", as: "cat", body: `{"role":"owner"}`, status: 400, code: "unknown_field"},
		{name: "delete as an editor", method: "DELETE", path: "/decks/1", as: "bob", status: 403, code: "forbidden"},
		{name: "delete a stranger's", method: "DELETE", path: "/decks/2", as: "ann", status: 404, code: "not_found"},
		{name: "delete", method: "DELETE", path: "/decks/1", as: "ann", status: 204},
		{name: "it is gone", method: "GET", path: "/decks/1", as: "bob", status: 404},
		{name: "its note too", method: "GET", path: "/notes/1", as: "bob", status: 404},
		{name: "delete again", method: "DELETE", path: "/decks/1", as: "ann", status: 404},
	}))
}

// hiding adds what must not appear to calls.
func hiding(not []string, calls []call) []call {
	for i := range calls {
		calls[i].excludes = append(calls[i].excludes, not...)
	}
	return calls
}

func TestMemberRoutes(t *testing.T) {
	s, tokens := newDecks(t)
	s.run(t, tokens, []call{
		{name: "list", method: "GET", path: "/decks/1/members", as: "cat", status: 200,
			contains: []string{`{"items":[{"user":{"id":1,"username":"ann"},"role":"owner"},{"user":{"id":2,"username":"bob"},"role":"editor"},{"user":{"id":3,"username":"cat"},"role":"viewer"}],"next":null}`}},
		{name: "a page", method: "GET", path: "/decks/1/members?limit=1", as: "ann", status: 200, contains: []string{`"ann"`, `"next":"."`}, excludes: []string{"bob"}},
		{name: "the next", method: "GET", path: "/decks/1/members?limit=2&after=.", as: "ann", status: 200, contains: []string{`"bob"`, `"cat"`, `"next":null`}, excludes: []string{"ann"}},
		{name: "list as a stranger", method: "GET", path: "/decks/1/members", as: "dan", status: 404, code: "not_found", excludes: []string{"bob"}},
		{name: "add as an editor", method: "PUT", path: "/decks/1/members/dan", as: "bob", body: `{"role":"viewer"}`, status: 403, code: "forbidden"},
		{name: "add oneself", method: "PUT", path: "/decks/1/members/dan", as: "dan", body: `{"role":"viewer"}`, status: 404, code: "not_found", contains: []string{`"fields":[]`}},
		{name: "add nobody", method: "PUT", path: "/decks/1/members/nobody", as: "ann", body: `{"role":"viewer"}`, status: 404, code: "not_found", contains: []string{`"field":"username"`}},
		{name: "no role", method: "PUT", path: "/decks/1/members/dan", as: "ann", body: `{}`, status: 422, contains: []string{`"field":"role"`}},
		{name: "as owner", method: "PUT", path: "/decks/1/members/dan", as: "ann", body: `{"role":"owner"}`, status: 422, contains: []string{`"field":"role"`}},
		{name: "no body", method: "PUT", path: "/decks/1/members/dan", as: "ann", status: 415},
		{name: "add", method: "PUT", path: "/decks/1/members/DAN", as: "ann", body: `{"role":"viewer"}`, status: 200, contains: []string{`{"user":{"id":4,"username":"dan"},"role":"viewer"}`}},
		{name: "who was added sees it", method: "GET", path: "/decks/1", as: "dan", status: 200, contains: []string{`"members":4`}},
		{name: "demote the owner", method: "PUT", path: "/decks/1/members/ann", as: "ann", body: `{"role":"viewer"}`, status: 409, code: "conflict"},
		{name: "the owner leaves", method: "DELETE", path: "/decks/1/members/ann", as: "ann", status: 409, code: "conflict"},
		{name: "remove as an editor", method: "DELETE", path: "/decks/1/members/dan", as: "bob", status: 403, code: "forbidden"},
		{name: "leave", method: "DELETE", path: "/decks/1/members/cat", as: "cat", status: 204},
		{name: "who left is out", method: "GET", path: "/decks/1/notes", as: "cat", status: 404, excludes: []string{"hola"}},
		{name: "remove", method: "DELETE", path: "/decks/1/members/dan", as: "ann", status: 204},
		{name: "remove again", method: "DELETE", path: "/decks/1/members/dan", as: "ann", status: 404, contains: []string{`"field":"username"`}},
		{name: "remove nobody", method: "DELETE", path: "/decks/1/members/nobody", as: "ann", status: 404},
		{name: "as nobody", method: "DELETE", path: "/decks/1/members/bob", status: 401},
	})
}

func TestNoteRoutes(t *testing.T) {
	s, tokens := newDecks(t)
	cloze := `{"type":"cloze","fields":{"Text":"{{c1::Madrid}} is in {{c2::Spain::land}}","Extra":"Iberia"},"tags":[" geo ","geo","es"]}`
	s.run(t, tokens, hiding(hidden, []call{
		{name: "list", method: "GET", path: "/decks/1/notes", as: "cat", status: 200,
			contains: []string{`{"items":[{"id":1,"deck_id":1,"type":"basic","fields":{"Back":"hello","Front":"hola"},"tags":["es"],"created_at":"2026-05-13T12:00:00Z","updated_at":"2026-05-13T12:00:00Z"}],"next":null}`}},
		{name: "list a stranger's", method: "GET", path: "/decks/2/notes", as: "ann", status: 404, code: "not_found"},
		{name: "create", method: "POST", path: "/decks/1/notes", as: "bob", body: cloze, status: 201,
			contains: []string{`{"note":{"id":3,"deck_id":1,"type":"cloze"`, `"tags":["geo","es"]`, `"cards":[{"id":3,"note_id":3,"ord":0},{"id":4,"note_id":3,"ord":1}]`}},
		{name: "create as a viewer", method: "POST", path: "/decks/1/notes", as: "cat", body: cloze, status: 403, code: "forbidden"},
		{name: "create in a stranger's", method: "POST", path: "/decks/2/notes", as: "ann", body: cloze, status: 404, code: "not_found"},
		{name: "create as nobody", method: "POST", path: "/decks/1/notes", body: cloze, status: 401},
		{name: "no type", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"fields":{"Front":"a"}}`, status: 422, contains: []string{`"field":"type"`}},
		{name: "no fields", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic"}`, status: 422, contains: []string{`"field":"fields"`}},
		{name: "unknown field of a note", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic","fields":{"Front":"a","Hint":"b"}}`, status: 422, contains: []string{`"field":"fields.Hint"`}},
		{name: "unknown field of the body", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic","fields":{"Front":"a"},"deck_id":2}`, status: 400, code: "unknown_field"},
		{name: "null for a text", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic","fields":{"Front":"a","Back":null}}`, status: 422, contains: []string{`"field":"fields.Back"`}},
		{name: "a number for a text", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic","fields":{"Front":1}}`, status: 422, contains: []string{`"field":"fields`}},
		{name: "a word for the tags", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic","fields":{"Front":"a"},"tags":"x"}`, status: 422, contains: []string{`"field":"tags"`}},
		{name: "blank front", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic","fields":{"Front":" ","Back":"b"}}`, status: 422, contains: []string{`"field":"fields.Front"`}},
		{name: "huge front", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic","fields":{"Front":"` + strings.Repeat("a", 20_001) + `"}}`, status: 422, contains: []string{`"field":"fields.Front"`}, excludes: []string{"aaaa"}},
		{name: "a huge body", method: "POST", path: "/decks/1/notes", as: "ann", body: `{"type":"basic","fields":{"Front":"` + strings.Repeat("a", 1<<20) + `"}}`, status: 413, code: "too_large"},
		{name: "search", method: "GET", path: "/decks/1/notes?q=SPAIN+tag:geo", as: "cat", status: 200, contains: []string{`"id":3`}, excludes: []string{`"id":1`}},
		{name: "search finds nothing", method: "GET", path: "/decks/1/notes?q=secret", as: "ann", status: 200, contains: []string{`{"items":[],"next":null}`}},
		{name: "search with wildcards", method: "GET", path: "/decks/1/notes?q=%25", as: "ann", status: 200, contains: []string{`"items":[]`}},
		{name: "search too long", method: "GET", path: "/decks/1/notes?q=" + strings.Repeat("a", 201), as: "ann", status: 422, contains: []string{`"field":"q"`}},
		{name: "first page", method: "GET", path: "/decks/1/notes?limit=1", as: "ann", status: 200, contains: []string{`"id":3`, `"next":"3"`}, excludes: []string{"hola"}},
		{name: "second page", method: "GET", path: "/decks/1/notes?limit=1&after=3", as: "ann", status: 200, contains: []string{`"id":1`, `"next":null`}},
		{name: "bad cursor", method: "GET", path: "/decks/1/notes?after=-3", as: "ann", status: 400, code: "malformed"},
		{name: "get", method: "GET", path: "/notes/3", as: "cat", status: 200, contains: []string{`{"note":{"id":3`, `"cards":[{"id":3,`}},
		{name: "get a stranger's", method: "GET", path: "/notes/2", as: "ann", status: 404, code: "not_found"},
		{name: "get a card", method: "GET", path: "/cards/4", as: "cat", status: 200,
			contains: []string{`{"id":4,"note_id":3,"deck_id":1,"ord":1,"type":"cloze","question":"Madrid is in **[land]**","answer":"Madrid is in **Spain**\n\nIberia","state":"new","due_at":null,"last_review_at":null,"stability":0,"difficulty":0,"retrievability":0,"reps":0,"lapses":0,"suspended":false,"buried":false,"leech":false,"flag":0,"intervals":{"again":60,"hard":330,"good":600,"easy":691200}}`}},
		{name: "get a stranger's card", method: "GET", path: "/cards/2", as: "ann", status: 404, code: "not_found"},
		{name: "get no card", method: "GET", path: "/cards/x", as: "ann", status: 404},
		{name: "edit", method: "PATCH", path: "/notes/3", as: "bob", body: `{"fields":{"Text":"{{c2::Spain}}"},"tags":[]}`, status: 200,
			contains: []string{`"Extra":"Iberia"`, `"tags":[]`, `"cards":[{"id":4,"note_id":3,"ord":1}]`}},
		{name: "edit nothing", method: "PATCH", path: "/notes/3", as: "bob", body: `{}`, status: 200, contains: []string{`"Text":"{{c2::Spain}}"`}},
		{name: "edit the type", method: "PATCH", path: "/notes/3", as: "bob", body: `{"type":"basic"}`, status: 422, contains: []string{`"field":"type"`}},
		{name: "edit the deck", method: "PATCH", path: "/notes/3", as: "bob", body: `{"deck_id":2}`, status: 400, code: "unknown_field"},
		{name: "edit as a viewer", method: "PATCH", path: "/notes/3", as: "cat", body: `{"tags":["x"]}`, status: 403, code: "forbidden"},
		{name: "edit a stranger's", method: "PATCH", path: "/notes/2", as: "ann", body: `{"tags":["x"]}`, status: 404, code: "not_found"},
		{name: "delete as a viewer", method: "DELETE", path: "/notes/3", as: "cat", status: 403},
		{name: "delete a stranger's", method: "DELETE", path: "/notes/2", as: "ann", status: 404},
		{name: "delete", method: "DELETE", path: "/notes/3", as: "bob", status: 204},
		{name: "delete again", method: "DELETE", path: "/notes/3", as: "bob", status: 404},
		{name: "its card is gone", method: "GET", path: "/cards/4", as: "bob", status: 404},
	}))
	s.run(t, tokens, []call{{name: "dan's note is as it was", method: "GET", path: "/notes/2", as: "dan", status: 200, contains: []string{"secret of dan"}}})
}

func TestCreateTwiceUnderOneKey(t *testing.T) {
	s, tokens := newDecks(t)
	for _, c := range []struct{ path, body, other string }{
		{"/decks", `{"name":"Latin"}`, `{"name":"Greek"}`},
		{"/decks/1/notes", `{"type":"basic","fields":{"Front":"a"}}`, `{"type":"basic","fields":{"Front":"b"}}`},
	} {
		first := s.call("POST", c.path, tokens["ann"], c.body, "Idempotency-Key", "k"+c.path)
		again := s.call("POST", c.path, tokens["ann"], c.body, "Idempotency-Key", "k"+c.path)
		if first.Code != 201 || again.Code != 201 || first.Body.String() != again.Body.String() {
			t.Errorf("%d %s, then %d %s", first.Code, first.Body, again.Code, again.Body)
		}
		other := s.call("POST", c.path, tokens["ann"], c.other, "Idempotency-Key", "k"+c.path)
		if other.Code != 422 || !strings.Contains(other.Body.String(), "idempotency_conflict") {
			t.Errorf("%d %s", other.Code, other.Body)
		}
		// Somebody else's key of the same words is another key.
		if w := s.call("POST", c.path, tokens["bob"], c.body, "Idempotency-Key", "k"+c.path); w.Code != 201 || w.Body.String() == first.Body.String() {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if w := s.call("GET", "/decks/1/notes", tokens["ann"], ""); strings.Count(w.Body.String(), `"deck_id":1`) != 3 {
		t.Errorf("%s", w.Body)
	}
}
