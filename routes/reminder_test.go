package routes

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestReminders(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	deck := fmt.Sprint(ann.post("/api/v1/decks", `{"name":"Spanish"}`).json("id"))
	his := fmt.Sprint(bob.post("/api/v1/decks", `{"name":"bob's secret"}`).json("id"))

	list := ann.get("/api/v1/reminders")
	if want := `{"items":[{"id":1,"deck":null,"at":"08:00","days":[1,2,3,4,5,6,7],"threshold":1,"unless_studied":false,"enabled":true,"next_at":"2026-05-14T08:00:00Z"}]}`; list.body != want {
		t.Fatalf("at the beginning there is %s, want %s", list.body, want)
	}
	for _, c := range []struct {
		name, body string
		status     int
		fields     string // those that are wrong
	}{
		{"nothing", ``, 415, ""},
		{"no time", `{}`, 422, "at"},
		{"an empty time", `{"at":""}`, 422, "at"},
		{"no hour of a day", `{"at":"24:00"}`, 422, "at"},
		{"no minute of an hour", `{"at":"08:60"}`, 422, "at"},
		{"short", `{"at":"8:00"}`, 422, "at"},
		{"with seconds", `{"at":"08:00:00"}`, 422, "at"},
		{"a number", `{"at":8}`, 422, "at"},
		{"no days", `{"at":"08:00","days":[]}`, 422, "days"},
		{"an eighth day", `{"at":"08:00","days":[8]}`, 422, "days"},
		{"a day before Monday", `{"at":"08:00","days":[0]}`, 422, "days"},
		{"too many days", `{"at":"08:00","days":[1,2,3,4,5,6,7,1]}`, 422, "days"},
		{"a day by its name", `{"at":"08:00","days":["Monday"]}`, 422, "days"},
		{"days that are no list", `{"at":"08:00","days":1}`, 422, "days"},
		{"threshold of none", `{"at":"08:00","threshold":0}`, 422, "threshold"},
		{"threshold too high", `{"at":"08:00","threshold":10000}`, 422, "threshold"},
		{"threshold of a half", `{"at":"08:00","threshold":1.5}`, 422, "threshold"},
		{"unless what", `{"at":"08:00","unless_studied":"yes"}`, 422, "unless_studied"},
		{"enabled how", `{"at":"08:00","enabled":1}`, 422, "enabled"},
		{"all of it at once", `{"at":"x","days":[9],"threshold":-1}`, 422, "at days threshold"},
		{"unknown field", `{"at":"08:00","zone":"UTC"}`, 400, "zone"},
		{"no such deck", `{"at":"08:00","deck_id":999}`, 404, ""},
		{"no deck at all", `{"at":"08:00","deck_id":0}`, 404, ""},
		{"somebody else's deck", `{"at":"08:00","deck_id":` + his + `}`, 404, ""},
		{"a deck of a wrong type", `{"at":"08:00","deck_id":"` + deck + `"}`, 422, "deck_id"},
	} {
		got := ann.post("/api/v1/reminders", c.body)
		var fields []string
		for _, f := range asList(got.json("fields")) {
			fields = append(fields, fmt.Sprint(f.(document)["field"]))
		}
		if got.status != c.status || strings.Join(fields, " ") != c.fields {
			t.Errorf("%s: %d %s", c.name, got.status, got.body)
		}
	}
	if again := ann.get("/api/v1/reminders"); again.body != list.body {
		t.Fatalf("something was made: %s", again.body)
	}

	made := ann.post("/api/v1/reminders", `{"deck_id":`+deck+`,"at":"19:30","days":[3,1,3],"threshold":10,"unless_studied":true}`)
	const want = `"at":"19:30","days":[1,3],"threshold":10,"unless_studied":true,"enabled":true,"next_at":"2026-05-13T19:30:00Z"}`
	if made.status != 201 || made.body != fmt.Sprintf(`{"id":%v,"deck":{"id":%s,"name":"Spanish"},`, made.json("id"), deck)+want {
		t.Fatalf("%d %s", made.status, made.body)
	}
	one := "/api/v1/reminders/" + fmt.Sprint(made.json("id"))
	for _, c := range []struct {
		name, body string
		status     int
		next       any
	}{
		{"nothing", `{}`, 200, "2026-05-13T19:30:00Z"},
		{"off", `{"enabled":false}`, 200, nil},
		{"wrong", `{"at":"25:00","enabled":true}`, 422, nil},
		{"another deck", `{"deck_id":` + deck + `}`, 400, nil},
		{"on again, at another time", `{"enabled":true,"at":"11:00"}`, 200, "2026-05-18T11:00:00Z"},
		{"every day", `{"days":[1,2,3,4,5,6,7]}`, 200, "2026-05-14T11:00:00Z"},
		{"louder", `{"threshold":1,"unless_studied":false}`, 200, "2026-05-14T11:00:00Z"},
	} {
		if got := w.call(ann, "PATCH", one, c.body); got.status != c.status || got.json("next_at") != c.next {
			t.Errorf("%s: %d %s", c.name, got.status, got.body)
		}
	}
	for _, method := range []string{"PATCH", "DELETE"} {
		body := map[string]string{"PATCH": `{"enabled":false}`}[method]
		for path, who := range map[string]*person{one: bob, "/api/v1/reminders/999": ann, "/api/v1/reminders/x": ann} {
			if got := w.call(who, method, path, body); got.status != 404 {
				t.Errorf("%s %s: %d", method, path, got.status)
			}
		}
	}
	if got := w.call(ann, "DELETE", one, ""); got.status != 204 {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := w.call(ann, "DELETE", one, ""); got.status != 404 {
		t.Errorf("twice: %d %s", got.status, got.body)
	}
	if again := ann.get("/api/v1/reminders"); again.body != list.body {
		t.Errorf("%s", again.body)
	}

	// Each change was told, with all of them.
	told := 0
	for _, e := range w.store.Log(ann.id) {
		if e.Name == "reminders.updated" {
			told++
		}
	}
	if told != 6 {
		t.Errorf("told %d times", told)
	}
	for i := 1; i < 100; i++ {
		if got := ann.post("/api/v1/reminders", `{"at":"12:34"}`); got.status != 201 {
			t.Fatal(i, got.body)
		}
	}
	if got := ann.post("/api/v1/reminders", `{"at":"12:34"}`); got.status != 409 || got.code() != "limit_reached" {
		t.Errorf("one too many: %d %s", got.status, got.body)
	}
}

func TestDueCardsOverHTTP(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	deck := fmt.Sprint(ann.post("/api/v1/decks", `{"name":"Spanish"}`).json("id"))
	card := fmt.Sprint(ann.post("/api/v1/decks/"+deck+"/notes", `{"type":"basic","fields":{"Front":"a","Back":"b"}}`).json("cards.0.id"))
	ring := func() {
		t.Helper()
		if _, err := w.store.RingDue(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	ann.post("/api/v1/cards/"+card+"/reviews", `{"rating":3}`)
	if got := w.call(ann, "PUT", "/api/v1/decks/"+deck+"/studying", ""); got.status != 204 {
		t.Error(got.status, got.body)
	}
	if got := w.call(ann, "DELETE", "/api/v1/decks/"+deck+"/studying", ""); got.status != 204 {
		t.Error(got.status, got.body)
	}
	for _, method := range []string{"PUT", "DELETE"} {
		if got := w.call(bob, method, "/api/v1/decks/"+deck+"/studying", ""); got.status != 404 {
			t.Error(got.status, got.body)
		}
	}
	w.store.Clock.Add(10 * time.Minute)
	ring()
	item := func() answer { return ann.get("/api/v1/notifications?filter=unread") }
	got := item()
	if got.json("items.0.kind") != "cards.due" || got.json("items.0.title") != "1 card due in Spanish" || got.json("unread") != 2.0 {
		t.Fatal(got.body)
	}
	id := fmt.Sprint(got.json("items.0.id"))
	news := fmt.Sprint(got.json("items.1.id"))
	snooze := func(p *person, id, body string) answer {
		t.Helper()
		return p.post("/api/v1/notifications/"+id+"/snooze", body)
	}
	for _, c := range []struct {
		name, id, body string
		who            *person
		status         int
	}{
		{"no minutes", id, `{}`, ann, 422},
		{"none", id, `{"minutes":0}`, ann, 422},
		{"more than a week", id, `{"minutes":10081}`, ann, 422},
		{"no number", id, `{"minutes":"10"}`, ann, 422},
		{"unknown field", id, `{"minutes":10,"hours":1}`, ann, 400},
		{"somebody else's", id, `{"minutes":10}`, bob, 404},
		{"none of these", "1-99999", `{"minutes":10}`, ann, 404},
		{"another kind", news, `{"minutes":10}`, ann, 409},
	} {
		if got := snooze(c.who, c.id, c.body); got.status != c.status {
			t.Errorf("%s: %d %s", c.name, got.status, got.body)
		}
	}
	if got := snooze(ann, id, `{"minutes":60}`); got.status != 200 || got.body != `{"until":"2026-05-13T13:10:00Z"}` {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := item(); got.json("unread") != 1.0 {
		t.Error(got.body)
	}
	w.store.Clock.Add(time.Hour)
	w.call(ann, "GET", "/api/v1/reminders", "")
	ring()
	ann = w.signIn("ann") // the token was for less than an hour
	if got := item(); got.json("items.0.kind") != "cards.due" {
		t.Fatal(got.body)
	}
	ann.post("/api/v1/cards/"+card+"/reviews", `{"rating":3}`)
	if got := item(); got.json("unread") != 1.0 {
		t.Error(got.body)
	}
}
