package routes

import (
	"fmt"
	"strings"
	"testing"
)

func TestInbox(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	for i := range 3 {
		ann.notify(fmt.Sprintf("hers %d", i+1))
	}
	bob.notify("bob's secret")
	id := func(seq int) string { return fmt.Sprintf("%d-%d", ann.id, seq) }
	his := fmt.Sprintf("%d-1", bob.id)

	got := ann.get("/api/v1/notifications")
	for path, want := range map[string]any{
		"items.0.id": id(3), "items.0.title": "hers 3", "items.2.id": id(1), "items.0.kind": "push", "items.0.read_at": nil,
		"next": nil, "unread": 3.0, "unseen": 3.0, "head": 3.0, "epoch": w.store.Epoch(),
	} {
		if got.json(path) != want {
			t.Errorf("%s: %v, want %v", path, got.json(path), want)
		}
	}
	if strings.Contains(got.body, "secret") {
		t.Errorf("ann sees what is bob's: %s", got.body)
	}

	for _, tt := range []struct {
		name, body string
		status     int
		code       string
		unread     any
	}{
		{"nothing", `{}`, 422, "validation_failed", nil},
		{"no mark", `{"ids":["` + id(1) + `"]}`, 422, "validation_failed", nil},
		{"both", `{"ids":["` + id(1) + `"],"up_to":"` + id(1) + `","read":true}`, 422, "validation_failed", nil},
		{"no ids", `{"ids":[],"read":true}`, 422, "validation_failed", nil},
		{"unseen", `{"ids":["` + id(1) + `"],"seen":false}`, 422, "validation_failed", nil},
		{"ids of a wrong type", `{"ids":[5],"read":true}`, 422, "validation_failed", nil},
		{"a mark of a wrong type", `{"ids":["` + id(1) + `"],"read":"yes"}`, 422, "validation_failed", nil},
		{"unknown field", `{"ids":["` + id(1) + `"],"starred":true}`, 400, "unknown_field", nil},
		{"malformed", `{`, 400, "malformed", nil},
		{"bob's", `{"ids":["` + id(1) + `","` + his + `"],"read":true}`, 404, "not_found", nil},
		{"up to bob's", `{"up_to":"` + his + `","read":true}`, 404, "not_found", nil},
		{"one that is not there", `{"ids":["` + id(99) + `"],"read":true}`, 404, "not_found", nil},
		{"no id", `{"ids":["1; DROP TABLE notifications"],"read":true}`, 404, "not_found", nil},
		{"one", `{"ids":["` + id(1) + `"],"read":true}`, 200, "", 2.0},
		{"again", `{"ids":["` + id(1) + `"],"read":true}`, 200, "", 2.0},
		{"unread again", `{"ids":["` + id(1) + `"],"read":false}`, 200, "", 3.0},
		{"up to", `{"up_to":"` + id(2) + `","read":true}`, 200, "", 1.0},
		{"archive", `{"ids":["` + id(3) + `"],"archived":true}`, 200, "", 0.0},
	} {
		got := ann.post("/api/v1/notifications/mark", tt.body)
		if got.status != tt.status || got.code() != tt.code || got.json("unread") != tt.unread {
			t.Errorf("%s: %d %s", tt.name, got.status, got.body)
		}
	}
	if got := ann.post("/api/v1/notifications/mark", ""); got.status != 415 {
		t.Errorf("without a body: %d %s", got.status, got.body)
	}
	if got := bob.get("/api/v1/notifications"); got.json("unread") != 1.0 || got.json("items.0.read_at") != nil {
		t.Errorf("bob's inbox was touched: %s", got.body)
	}

	for _, tt := range []struct {
		query  string
		status int
		items  []string
		next   any
	}{
		{"", 200, []string{id(2), id(1)}, nil},
		{"?filter=all", 200, []string{id(2), id(1)}, nil},
		{"?filter=unread", 200, nil, nil},
		{"?filter=archived", 200, []string{id(3)}, nil},
		{"?limit=1", 200, []string{id(2)}, id(2)},
		{"?limit=1&before=" + id(2), 200, []string{id(1)}, nil},
		{"?filter=other", 422, nil, nil},
		{"?before=" + his, 400, nil, nil},
		{"?before=x", 400, nil, nil},
		{"?limit=0", 422, nil, nil},
		{"?limit=x", 400, nil, nil},
	} {
		got := ann.get("/api/v1/notifications" + tt.query)
		if got.status != tt.status || got.json("next") != tt.next {
			t.Errorf("%s: %d %s", tt.query, got.status, got.body)
			continue
		}
		items, _ := got.json("items").([]any)
		if tt.status == 200 && (items == nil || len(items) != len(tt.items)) {
			t.Errorf("%s: %s", tt.query, got.body)
			continue
		}
		for i, want := range tt.items {
			if got.json(fmt.Sprintf("items.%d.id", i)) != want {
				t.Errorf("%s: item %d is not %s: %s", tt.query, i, want, got.body)
			}
		}
	}
	for _, path := range []string{"GET /api/v1/notifications", "POST /api/v1/notifications/mark"} {
		method, path, _ := strings.Cut(path, " ")
		if got := w.call(nil, method, path, ""); got.status != 401 || got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("nobody at %s: %d", path, got.status)
		}
	}
}

func TestMarksReachOtherDevices(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	ann.notify("one")
	if got := ann.post("/api/v1/notifications/mark", fmt.Sprintf(`{"ids":["%d-1"],"read":true}`, ann.id)); got.status != 200 {
		t.Fatal(got.body)
	}
	got := ann.get("/api/v1/events?since=1")
	if got.json("events.0.name") != "notification.marked" || got.json("events.0.counts.unread") != 0.0 || got.json("events.0.message.read") != true {
		t.Errorf("%s", got.body)
	}
}
