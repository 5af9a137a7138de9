package routes

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestPush(t *testing.T) {
	w := newWorld(t)
	boss, ann, bob := w.admin("boss"), w.user("ann"), w.user("bob")
	w.user("cid")
	inbox := func(p *person) []any {
		items, _ := p.get("/api/v1/notifications").json("items").([]any)
		return items
	}

	long := func(n int) string { return strings.Repeat("ü", n) }
	for _, tt := range []struct {
		name, body string
		status     int
		code       string
		field      any
	}{
		{"malformed", `{"to":{"all":true}`, 400, "malformed", nil},
		{"unknown field", `{"to":{"all":true},"title":"x","body":"","colour":1}`, 400, "unknown_field", "colour"},
		{"unknown audience", `{"to":{"everybody":true},"title":"x","body":""}`, 400, "unknown_field", "to.everybody"},
		{"no audience", `{"title":"x","body":""}`, 422, "validation_failed", "to"},
		{"empty audience", `{"to":{},"title":"x","body":""}`, 422, "validation_failed", "to"},
		{"two audiences", `{"to":{"all":true,"online":true},"title":"x","body":""}`, 422, "validation_failed", "to"},
		{"not all", `{"to":{"all":false},"title":"x","body":""}`, 422, "validation_failed", "to.all"},
		{"not online", `{"to":{"online":false},"title":"x","body":""}`, 422, "validation_failed", "to.online"},
		{"no names", `{"to":{"users":[]},"title":"x","body":""}`, 422, "validation_failed", "to.users"},
		{"empty name", `{"to":{"users":[""]},"title":"x","body":""}`, 422, "validation_failed", "to.users[0]"},
		{"a name of a wrong type", `{"to":{"users":[5]},"title":"x","body":""}`, 422, "validation_failed", nil},
		{"an unknown name", `{"to":{"users":["ann","nobody","bob"]},"title":"x","body":""}`, 422, "validation_failed", "to.users"},
		{"an unknown deck", `{"to":{"deck":99},"title":"x","body":""}`, 422, "validation_failed", "to.deck"},
		{"no deck", `{"to":{"deck":0},"title":"x","body":""}`, 422, "validation_failed", "to.deck"},
		{"no title", `{"to":{"all":true},"body":""}`, 422, "validation_failed", "title"},
		{"empty title", `{"to":{"all":true},"title":"","body":""}`, 422, "validation_failed", "title"},
		{"blank title", `{"to":{"all":true},"title":" \t","body":""}`, 422, "validation_failed", "title"},
		{"title too long", `{"to":{"all":true},"title":"` + long(201) + `","body":""}`, 422, "validation_failed", "title"},
		{"title of a wrong type", `{"to":{"all":true},"title":5,"body":""}`, 422, "validation_failed", "title"},
		{"no body", `{"to":{"all":true},"title":"x"}`, 422, "validation_failed", "body"},
		{"body too long", `{"to":{"all":true},"title":"x","body":"` + long(4001) + `"}`, 422, "validation_failed", "body"},
		{"NUL", `{"to":{"all":true},"title":"x","body":"\u0000"}`, 422, "validation_failed", "body"},
		{"a script", `{"to":{"all":true},"title":"x","body":"","link":"javascript:alert(1)"}`, 422, "validation_failed", "link"},
		{"another site in disguise", `{"to":{"all":true},"title":"x","body":"","link":"//evil.example"}`, 422, "validation_failed", "link"},
		{"in another disguise", `{"to":{"all":true},"title":"x","body":"","link":"/\\evil.example"}`, 422, "validation_failed", "link"},
		{"with a tab in it", `{"to":{"all":true},"title":"x","body":"","link":"/\t/evil.example"}`, 422, "validation_failed", "link"},
		{"a relative link", `{"to":{"all":true},"title":"x","body":"","link":"decks"}`, 422, "validation_failed", "link"},
		{"no host", `{"to":{"all":true},"title":"x","body":"","link":"https:///x"}`, 422, "validation_failed", "link"},
		{"link too long", `{"to":{"all":true},"title":"x","body":"","link":"/` + long(2000) + `"}`, 422, "validation_failed", "link"},
		{"data is a list", `{"to":{"all":true},"title":"x","body":"","data":[]}`, 422, "validation_failed", "data"},
		{"data is text", `{"to":{"all":true},"title":"x","body":"","data":"x"}`, 422, "validation_failed", "data"},
		{"data too large", `{"to":{"all":true},"title":"x","body":"","data":{"x":"` + strings.Repeat("x", 16<<10) + `"}}`, 422, "validation_failed", "data"},
		{"later", `{"to":{"all":true},"title":"x","body":"","send_at":"2030-01-01T00:00:00Z"}`, 400, "unknown_field", "send_at"},
	} {
		got := boss.post("/api/v1/admin/pushes", tt.body)
		if got.status != tt.status || got.code() != tt.code || (tt.field != nil && got.json("fields.0.field") != tt.field) {
			t.Errorf("%s: %d %.300s", tt.name, got.status, got.body)
		}
	}
	if got := boss.post("/api/v1/admin/pushes", `{"to":{"users":["ann","nobody","nowhere"]},"title":"x","body":""}`); !strings.Contains(got.body, "nobody, nowhere") {
		t.Errorf("the error does not name them: %s", got.body)
	}
	for _, p := range []*person{boss, ann, bob} {
		if got := inbox(p); len(got) != 0 {
			t.Fatalf("a refused push reached %s: %v", p.name, got)
		}
	}
	if got := boss.get("/api/v1/admin/pushes"); got.body != `{"items":[],"next":null}` {
		t.Errorf("refused pushes are listed: %s", got.body)
	}

	if got := boss.post("/api/v1/admin/pushes", `{"to":{"all":true},"title":"x","body":"","dry_run":true}`, "Idempotency-Key: dry"); got.status != 200 || got.body != `{"audience":4,"online":0}` {
		t.Errorf("dry run: %d %s", got.status, got.body)
	}
	if got := boss.post("/api/v1/admin/pushes", `{"to":{"online":true},"title":"x","body":"","dry_run":true}`); got.status != 200 || got.body != `{"audience":0,"online":0}` {
		t.Errorf("dry run to nobody online: %d %s", got.status, got.body)
	}
	if got := boss.post("/api/v1/admin/pushes", `{"to":{"online":true},"title":"x","body":""}`); got.status != 201 || got.json("audience") != 0.0 {
		t.Errorf("to nobody online: %d %s", got.status, got.body)
	}
	if len(inbox(ann)) != 0 {
		t.Error("a dry run was sent, or a push to nobody")
	}

	got := boss.post("/api/v1/admin/pushes", `{"to":{"users":["ANN","ann"]},"title":"<b>hi</b>","body":"there","link":"/decks","data":{"k":[1]}}`)
	if got.status != 201 || got.json("state") != "sent" || got.json("audience") != 1.0 || got.json("online") != 0.0 || got.json("id") == nil {
		t.Errorf("to ann: %d %s", got.status, got.body)
	}
	items := ann.get("/api/v1/notifications")
	if items.json("items.0.title") != "<b>hi</b>" || items.json("items.0.link") != "/decks" || items.json("items.0.kind") != "push" || items.json("items.1") != nil {
		t.Errorf("ann's inbox: %s", items.body)
	}
	funnel := func(id any) string {
		f := boss.get(fmt.Sprintf("/api/v1/admin/pushes/%.0f", id))
		return fmt.Sprint(f.json("funnel.audience"), f.json("funnel.stored"), f.json("funnel.delivered"), f.json("funnel.seen"), f.json("funnel.read"))
	}
	if f := funnel(got.json("id")); f != "1 1 0 0 0" {
		t.Errorf("funnel %s", f)
	}
	if err := w.store.Delivered(t.Context(), map[int64]int64{ann.id: 1}); err != nil {
		t.Fatal(err)
	}
	ann.post("/api/v1/notifications/mark", fmt.Sprintf(`{"ids":[%q],"seen":true}`, items.json("items.0.id")))
	if f := funnel(got.json("id")); f != "1 1 1 1 0" {
		t.Errorf("funnel %s", f)
	}
	ann.post("/api/v1/notifications/mark", fmt.Sprintf(`{"ids":[%q],"read":true}`, items.json("items.0.id")))
	if f := funnel(got.json("id")); f != "1 1 1 1 1" {
		t.Errorf("funnel %s", f)
	}
	all := boss.post("/api/v1/admin/pushes", `{"to":{"all":true},"title":"all","body":""}`)
	if f := funnel(all.json("id")); f != "4 4 0 0 0" {
		t.Errorf("funnel of a push to all %s", f)
	}
	if f := boss.get("/api/v1/admin/pushes"); f.json("items.0.funnel.stored") != 4.0 || f.json("items.1.funnel.read") != 1.0 {
		t.Errorf("funnels of the list: %s", f.body)
	}
	if n := len(inbox(bob)); n != 1 {
		t.Errorf("bob has %d items: he got what was ann's", n)
	}
	one := boss.get(fmt.Sprintf("/api/v1/admin/pushes/%.0f", got.json("id")))
	if one.status != 200 || one.json("to.users.0") != "ANN" || one.json("title") != "<b>hi</b>" || one.json("audience") != 1.0 {
		t.Errorf("one: %d %s", one.status, one.body)
	}
	for _, id := range []string{"99", "0", "x", "-1", "1%20OR%201=1"} {
		if got := boss.get("/api/v1/admin/pushes/" + id); got.status != 404 {
			t.Errorf("push %s: %d", id, got.status)
		}
	}

	for _, p := range []*person{nil, ann} {
		want := 403
		if p == nil {
			want = 401
		}
		for _, route := range []string{"GET /api/v1/admin/pushes", "GET /api/v1/admin/pushes/1", "POST /api/v1/admin/pushes"} {
			method, path, _ := strings.Cut(route, " ")
			body := ""
			if method == "POST" {
				body = `{"to":{"all":true},"title":"x","body":""}`
			}
			got := w.call(p, method, path, body)
			if got.status != want || strings.Contains(got.body, "<b>") {
				t.Errorf("%s: %d %s", route, got.status, got.body)
			}
		}
	}
}

func TestPushOnce(t *testing.T) {
	w := newWorld(t)
	boss, ann := w.admin("boss"), w.user("ann")
	other := w.admin("other")
	body := `{"to":{"users":["ann"]},"title":"once","body":""}`
	first := boss.post("/api/v1/admin/pushes", body, "Idempotency-Key: k")
	if first.status != 201 {
		t.Fatalf("%d %s", first.status, first.body)
	}
	// Even when the audience could not be found any more.
	cid := w.user("cid")
	toCid := `{"to":{"users":["cid"]},"title":"bye","body":""}`
	before := boss.post("/api/v1/admin/pushes", toCid, "Idempotency-Key: cid")
	if got := w.call(boss, "DELETE", fmt.Sprintf("/api/v1/admin/users/%d", cid.id), ""); got.status != 204 {
		t.Fatalf("delete: %d %s", got.status, got.body)
	}
	if got := boss.post("/api/v1/admin/pushes", toCid, "Idempotency-Key: cid"); got.status != 201 || got.body != before.body {
		t.Errorf("again, to who is gone: %d %s, before %s", got.status, got.body, before.body)
	}

	if got := boss.post("/api/v1/admin/pushes", body, "Idempotency-Key: k"); got.status != 201 || got.body != first.body {
		t.Errorf("again: %d %s", got.status, got.body)
	}
	if got := boss.post("/api/v1/admin/pushes", strings.Replace(body, "once", "twice", 1), "Idempotency-Key: k"); got.status != 422 || got.code() != "idempotency_conflict" {
		t.Errorf("another body: %d %s", got.status, got.body)
	}
	if got := boss.post("/api/v1/admin/pushes", body, "Idempotency-Key: "+strings.Repeat("k", 256)); got.status != 422 || got.code() != "validation_failed" {
		t.Errorf("a key too long: %d %s", got.status, got.body)
	}
	if got := ann.get("/api/v1/notifications"); got.json("unread") != 1.0 {
		t.Errorf("ann has %v", got.json("unread"))
	}
	if got := other.post("/api/v1/admin/pushes", body, "Idempotency-Key: k"); got.status != 201 || got.body == first.body {
		t.Errorf("somebody else's key: %d %s", got.status, got.body)
	}
	w.store.Clock.Add(25 * 3600e9)
	boss = w.signIn("boss")
	if got := boss.post("/api/v1/admin/pushes", body, "Idempotency-Key: k"); got.status != 201 || got.body == first.body {
		t.Errorf("a day later: %d %s", got.status, got.body)
	}
}

func TestPushPages(t *testing.T) {
	w := newWorld(t)
	boss := w.admin("boss")
	for i := range 5 {
		body := fmt.Sprintf(`{"to":{"all":true},"title":"%d","body":""}`, i)
		if got := boss.post("/api/v1/admin/pushes", body); got.status != 201 {
			t.Fatal(got.body)
		}
	}
	var titles []string
	after := ""
	for range 3 {
		got := boss.get("/api/v1/admin/pushes?limit=2" + after)
		items, _ := got.json("items").([]any)
		for _, item := range items {
			titles = append(titles, item.(map[string]any)["title"].(string))
		}
		next, _ := got.json("next").(string)
		after = "&after=" + url.QueryEscape(next)
		if (next == "") != (len(items) < 2) {
			t.Errorf("next %q after %d items", next, len(items))
		}
	}
	if got := strings.Join(titles, ""); got != "43210" {
		t.Errorf("pages: %s", got)
	}
	for query, status := range map[string]int{"after=x": 400, "after=-1": 400, "after=1%3Bx": 400, "limit=0": 422} {
		if got := boss.get("/api/v1/admin/pushes?" + query); got.status != status {
			t.Errorf("%s: %d", query, got.status)
		}
	}
}
