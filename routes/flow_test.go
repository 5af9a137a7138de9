package routes

import (
	"fmt"
	"strings"
	"testing"
)

// The main job over HTTP, with every answer held against the document: a deck is
// made and shared, notes come, change and go, and each member's log and inbox
// tell it.
func TestMainJob(t *testing.T) {
	w := newWorld(t)
	ann, bob, eve := w.user("ann"), w.user("bob"), w.user("eve")
	must := func(status int, a answer) answer {
		t.Helper()
		if a.status != status {
			t.Fatalf("%d, want %d: %s", a.status, status, a.body)
		}
		return a
	}
	id := func(a answer, path string) string { return fmt.Sprintf("%.0f", a.json(path)) }

	deck := id(must(201, ann.post("/api/v1/decks", `{"name":"Spanish","description":"words"}`)), "id")
	at := "/api/v1/decks/" + deck
	must(200, w.call(ann, "PUT", at+"/members/bob", `{"role":"viewer"}`))
	must(200, ann.get(at+"/members"))
	must(200, bob.get(at))
	must(200, w.call(ann, "PATCH", at, `{"name":"Spanish A1"}`))

	note := must(201, ann.post(at+"/notes", `{"type":"basic","fields":{"Front":"hola","Back":"hello"},"tags":["greeting"]}`))
	noteAt := "/api/v1/notes/" + id(note, "note.id")
	must(201, ann.post(at+"/notes", `{"type":"reversed","fields":{"Front":"sol","Back":"sun"}}`))
	must(201, ann.post(at+"/notes", `{"type":"cloze","fields":{"Text":"{{c1::Madrid}} is in {{c2::Spain}}"}}`))
	huge := strings.Repeat("青", 20000)
	must(201, ann.post(at+"/notes", `{"type":"basic","fields":{"Front":"`+huge+`","Back":"`+huge+`"}}`))
	must(200, bob.get(noteAt))
	must(200, bob.get("/api/v1/cards/"+id(note, "cards.0.id")))
	if list := must(200, bob.get(at+"/notes?q=hola")); list.json("items.0.fields.Front") != "hola" || list.json("items.1") != nil {
		t.Errorf("search: %.300s", list.body)
	}
	must(200, w.call(ann, "PATCH", noteAt, `{"fields":{"Back":"hi"}}`))
	must(403, w.call(bob, "PATCH", noteAt, `{"fields":{"Back":"bob's"}}`))
	must(403, bob.post(at+"/notes", `{"type":"basic","fields":{"Front":"x","Back":"y"}}`))
	must(204, w.call(ann, "DELETE", noteAt, ""))
	must(404, ann.get(noteAt))

	// Who has nothing to do with it learns nothing of it.
	for _, path := range []string{at, at + "/members", at + "/notes", "/api/v1/cards/" + id(note, "cards.0.id")} {
		if got := must(404, eve.get(path)); strings.Contains(got.body, "Spanish") {
			t.Errorf("%s: %s", path, got.body)
		}
	}
	if got := eve.get("/api/v1/events"); got.json("events.0") != nil {
		t.Errorf("eve's log: %.300s", got.body)
	}

	names := func(p *person) (names []string) {
		events, _ := must(200, p.get("/api/v1/events?limit=200")).json("events").([]any)
		for i, e := range events {
			event := e.(map[string]any)
			if event["seq"] != float64(i+1) {
				t.Errorf("%s: event %d has seq %v", p.name, i+1, event["seq"])
			}
			names = append(names, event["name"].(string))
		}
		return names
	}
	count := func(names []string, want string) (n int) {
		for _, name := range names {
			if name == want {
				n++
			}
		}
		return n
	}
	for _, p := range []*person{ann, bob} {
		got := names(p)
		for name, n := range map[string]int{"deck.created": 1, "card.created": 4, "card.updated": 1, "card.deleted": 1} {
			if count(got, name) != n {
				t.Errorf("%s heard %s %d times, not %d: %v", p.name, name, count(got, name), n, got)
			}
		}
	}
	if inbox := must(200, bob.get("/api/v1/notifications")); inbox.json("unread") != 2.0 { // shared, and all the changes in one
		t.Errorf("bob's inbox: %.500s", inbox.body)
	}

	must(204, w.call(bob, "DELETE", at+"/members/bob", ""))
	must(404, bob.get(at))
	must(204, w.call(ann, "DELETE", at, ""))
	if got := names(bob); got[len(got)-1] != "deck.deleted" && got[len(got)-2] != "deck.deleted" {
		t.Errorf("bob left and heard %v", got)
	}
	if got := must(200, ann.get("/api/v1/decks")); got.json("items.0") != nil {
		t.Errorf("decks: %s", got.body)
	}
}
