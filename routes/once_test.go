package routes

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// creating are all POSTs that make something: the path, a body, another one, and the
// tables that a success adds to. {deck} and {card} are ids and {token} the setup's word.
var creating = []struct {
	path, body, other string
	tables            []string
	auth              bool // it signs in: what a repeat gets is a session of its own
}{
	{"/setup", `{"token":"{token}","username":"ann","password":"correct horse"}`, `{"token":"{token}","username":"ann","password":"battery staple"}`, []string{"users"}, true},
	{"/auth/register", `{"username":"bob","password":"correct horse"}`, `{"username":"bobby","password":"correct horse"}`, []string{"users"}, true},
	{"/decks", `{"name":"Spanish"}`, `{"name":"Greek"}`, []string{"decks"}, false},
	{"/decks/{deck}/notes", `{"type":"basic","fields":{"Front":"a","Back":"b"}}`, `{"type":"basic","fields":{"Front":"a","Back":"c"}}`, []string{"notes", "cards"}, false},
	{"/cards/{card}/reviews", `{"rating":3}`, `{"rating":4}`, []string{"reviews", "schedules"}, false},
	{"/reminders", `{"at":"19:30"}`, `{"at":"19:31"}`, []string{"reminders"}, false},
	{"/admin/users", `{"username":"cid","password":"correct horse"}`, `{"username":"cid","password":"battery staple"}`, []string{"users"}, false},
	{"/admin/pushes", `{"to":{"users":["boss"]},"title":"hello","body":""}`, `{"to":{"users":["boss"]},"title":"hello","body":"!"}`, []string{"pushes", "notifications"}, false},
}

// maker is a world in which one of them can be made.
func newMaker(t *testing.T, path, body, other string) (w *world, boss *person, at, first, second string) {
	t.Helper()
	w = newWorld(t)
	token, deck, card := "", "", ""
	if path == "/setup" {
		var err error
		if token, err = w.api.Accounts.PrepareSetup(context.Background()); err != nil {
			t.Fatal(err)
		}
	} else {
		boss = w.admin("boss")
		deck = fmt.Sprint(boss.post("/api/v1/decks", `{"name":"a deck"}`).json("id"))
		card = fmt.Sprint(boss.post("/api/v1/decks/"+deck+"/notes", `{"type":"basic","fields":{"Front":"q","Back":"a"}}`).json("cards.0.id"))
	}
	fill := strings.NewReplacer("{token}", token, "{deck}", deck, "{card}", card)
	return w, boss, "/api/v1" + fill.Replace(path), fill.Replace(body), fill.Replace(other)
}

// rows is how many rows there are.
func (w *world) rows(tables ...string) (n int64) {
	w.t.Helper()
	for _, table := range tables {
		var more int64
		if err := w.store.Read(context.Background()).Table(table).Count(&more).Error; err != nil {
			w.t.Fatal(err)
		}
		n += more
	}
	return n
}

// made is what an answer says that was made: all of it, or who was signed in.
func (a answer) made(auth bool) string {
	if auth {
		return fmt.Sprint(a.status, a.json("user"))
	}
	return fmt.Sprint(a.status, a.body)
}

func TestEveryCreationIsMadeOnce(t *testing.T) {
	for _, c := range creating {
		t.Run(c.path, func(t *testing.T) {
			w, boss, path, body, other := newMaker(t, c.path, c.body, c.other)
			const key = "Idempotency-Key: one"
			before := w.rows(c.tables...)
			answers := make([]answer, 8)
			var all sync.WaitGroup
			for i := range answers { // at once
				all.Go(func() { answers[i] = w.call(boss, "POST", path, body, key) })
			}
			all.Wait()
			answers = append(answers, w.call(boss, "POST", path, body, key)) // and later
			w.store.Clock.Add(10 * time.Minute)
			answers = append(answers, w.call(boss, "POST", path, body, key))
			first := answers[0].made(c.auth)
			for _, got := range answers {
				if got.status != 201 || got.made(c.auth) != first || c.auth && got.json("access_token") == nil {
					t.Errorf("%d %s, want %s", got.status, got.body, first)
				}
			}
			if n := w.rows(c.tables...) - before; n != int64(len(c.tables)) {
				t.Errorf("%d rows were made", n)
			}
			for name, got := range map[string]answer{
				"another body":           w.call(boss, "POST", path, other, key),
				"the same, spelt anew":   w.call(boss, "POST", path, " "+body, key),
				"at the same time again": w.call(boss, "POST", path, other, key),
			} {
				if got.status != 422 || got.code() != "idempotency_conflict" || strings.Contains(got.body, "token") {
					t.Errorf("%s: %d %s", name, got.status, got.body)
				}
			}
			if n := w.rows(c.tables...) - before; n != int64(len(c.tables)) {
				t.Errorf("%d rows were made", n)
			}
			if !c.auth {
				if got := boss.post("/api/v1/decks", `{"name":"elsewhere"}`, key); got.status != 422 || got.code() != "idempotency_conflict" {
					t.Errorf("another route: %d %s", got.status, got.body)
				}
			}
			// A body with a password leaves nothing behind that it could be guessed by.
			sum := sha256.Sum256([]byte("POST\n" + path + "\n" + body))
			var plain int64
			w.store.Read(t.Context()).Table("idempotency").Where("hash = ? OR result LIKE '%horse%' OR result LIKE '%aokir_%' OR result LIKE '%argon2%'", hex.EncodeToString(sum[:])).Count(&plain)
			if (plain != 0) == strings.Contains(body, "password") {
				t.Errorf("%d keys with a plain hash or a secret", plain)
			}
		})
	}
}

func TestKeysThatAreNone(t *testing.T) {
	for _, c := range creating {
		w, boss, path, body, _ := newMaker(t, c.path, c.body, c.other)
		before := w.rows(c.tables...)
		for name, key := range map[string][]string{
			"10 KiB": {strings.Repeat("k", 10<<10)}, "256": {strings.Repeat("k", 256)}, "empty": {""}, "two": {"a", "b"}, "twice": {"a", "a"},
			"one and none": {"a", ""}, "a tab": {"a\tb"}, "letters of others": {"schlüssel"}, "no UTF-8": {"a\xff"},
		} {
			r, err := http.NewRequest("POST", w.url+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header["Content-Type"], r.Header["Idempotency-Key"] = []string{"application/json"}, key
			if boss != nil {
				r.Header.Set("Authorization", "Bearer "+boss.token)
			}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(c.path, name, err)
			}
			var text [1000]byte
			n, _ := resp.Body.Read(text[:])
			resp.Body.Close()
			got := answer{body: string(text[:n])}
			if resp.StatusCode != 422 || got.code() != "validation_failed" || got.json("fields.0.field") != "Idempotency-Key" {
				t.Errorf("%s, %s: %d %s", c.path, name, resp.StatusCode, got.body)
			}
		}
		// Control characters are no HTTP at all; net/http's client would not send them.
		address, _ := url.Parse(w.url)
		for _, key := range []string{"a\x01b", "a\x00b", "a\x7fb", "a\rb"} {
			conn, err := net.Dial("tcp", address.Host)
			if err != nil {
				t.Fatal(err)
			}
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s", path, address.Host, key, len(body), body)
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil || resp.StatusCode != 400 {
				t.Errorf("%s, %q: %v %v", c.path, key, resp, err)
			}
			conn.Close()
		}
		if n := w.rows(c.tables...) - before; n != 0 {
			t.Errorf("%s: %d rows were made", c.path, n)
		}
		if got := w.call(boss, "POST", path, body, "Idempotency-Key: "+strings.Repeat("~", 255)); got.status != 201 {
			t.Errorf("%s: the longest key: %d %s", c.path, got.status, got.body)
		}
	}
}

// The list above is all of them: what answers 201 takes a key, and nothing else does. A
// file, which is no JSON, has a test of its own.
func TestEveryCreationTakesAKey(t *testing.T) {
	listed := map[string]bool{}
	for _, c := range creating {
		listed["/api/v1"+strings.NewReplacer("{deck}", "{id}", "{card}", "{id}").Replace(c.path)] = true
	}
	for path, item := range contract().doc["paths"].(document) {
		post, ok := item.(document)["post"].(document)
		if !ok {
			continue
		}
		_, creates := post["responses"].(document)["201"]
		takes := false
		for _, p := range asList(post["parameters"]) {
			takes = takes || p.(document)["$ref"] == "#/components/parameters/IdempotencyKey"
		}
		if creates != takes || creates != (listed[path] || path == "/api/v1/media") {
			t.Errorf("POST %s: creates %v, takes a key %v, is tested %v", path, creates, takes, listed[path])
		}
	}
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}
