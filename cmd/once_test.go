package cmd

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"
	"time"
)

// The server is killed as soon as what a request makes is stored, at or before its
// answer. After the restart the same request is answered as if it had been the
// first, and nothing is made twice.
func TestCreationsOutliveAKill(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := spawn(t, data, "--registration", "open")
	eventually(t, "there is a link", func() bool { return setupLink.MatchString(p.stdout.String()) })
	word := setupLink.FindStringSubmatch(p.stdout.String())[1]

	token := ""
	for _, c := range []struct {
		path, table string
		body        map[string]any
	}{
		{"/setup", "users", map[string]any{"token": word, "username": "annie", "password": "annieannie"}},
		{"/auth/register", "users", map[string]any{"username": "benny", "password": "bennybenny"}},
		{"/decks", "decks", map[string]any{"name": "Spanish"}},
		{"/admin/users", "users", map[string]any{"username": "cindy", "password": "cindycindy"}},
		{"/admin/pushes", "pushes", map[string]any{"to": map[string]any{"users": []string{"benny"}}, "title": "hello", "body": ""}},
	} {
		nobody := &client{base: p.url, http: &http.Client{Timeout: 20 * time.Second}}
		db, err := sql.Open("sqlite3", "file:"+filepath.Join(data, "aoki.db")+"?mode=ro&_busy_timeout=5000")
		if err != nil {
			t.Fatal(err)
		}
		count := func() (n int) {
			if err := db.QueryRow(`SELECT COUNT(*) FROM ` + c.table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := count()
		var first, again map[string]any
		answered := make(chan error, 1)
		go func() {
			answered <- nobody.call(t.Context(), http.MethodPost, c.path, token, "key of "+c.path, c.body, &first)
		}()
		for late := time.Now().Add(30 * time.Second); count() == before; { // without a rest: the answer is on its way
			if time.Now().After(late) {
				t.Fatalf("%s: it is never stored", c.path)
			}
		}
		p.kill(t)
		heard := <-answered == nil
		t.Logf("%s: the answer was heard: %v", c.path, heard)
		nobody.http.CloseIdleConnections()

		p = spawn(t, data, "--registration", "open")
		nobody = &client{base: p.url, http: &http.Client{Timeout: 20 * time.Second}}
		if err := nobody.call(t.Context(), http.MethodPost, c.path, token, "key of "+c.path, c.body, &again); err != nil {
			t.Fatalf("%s, repeated: %v", c.path, err)
		}
		for _, field := range []string{"id", "name", "username", "role"} {
			if heard && first[field] != again[field] {
				t.Errorf("%s: %v, and then %v", c.path, first, again)
			}
		}
		if n := count() - before; n != 1 {
			t.Errorf("%s: %d were made", c.path, n)
		}
		if c.path == "/setup" {
			token, _ = again["access_token"].(string)
		}
		if user, ok := again["user"].(map[string]any); ok && user["username"] != c.body["username"] {
			t.Errorf("%s: signed in as %v", c.path, user)
		}
		nobody.http.CloseIdleConnections()
		db.Close()
	}
	p.terminate(t, 1)
}
