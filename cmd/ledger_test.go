package cmd

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
)

// ledger is what was pushed to one user, and what of it was acknowledged.
type ledger struct {
	mu        sync.Mutex
	attempted int
	acked     map[string]bool
	refused   []error
}

// push makes one push, and reports whether it was acknowledged.
func (l *ledger) push(ctx context.Context, ann *client) bool {
	l.mu.Lock()
	l.attempted++
	title := fmt.Sprintf("push %d", l.attempted)
	l.mu.Unlock()
	err := ann.call(ctx, http.MethodPost, "/admin/pushes", ann.access, "", map[string]any{"to": map[string]any{"users": []string{"benny"}}, "title": title, "body": "x"}, nil)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.refused = append(l.refused, err)
		return false
	}
	if l.acked == nil {
		l.acked = map[string]bool{}
	}
	l.acked[title] = true
	return true
}

func (l *ledger) acknowledged() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked)
}

func (l *ledger) attempts() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.attempted
}

// verify reads benny's log: what was acknowledged is in it once, nothing is there
// twice, and no seq is missing.
func (l *ledger) verify(t *testing.T, ben *client) {
	t.Helper()
	seen := map[string]int{}
	for since := int64(0); ; {
		var page struct {
			Events []struct {
				Seq     int64
				Message struct{ Notification struct{ Title string } }
			}
		}
		ben.do(t, http.MethodGet, fmt.Sprintf("/events?since=%d&limit=200", since), nil, &page)
		if len(page.Events) == 0 {
			break
		}
		for _, e := range page.Events {
			if since++; e.Seq != since {
				t.Fatalf("seq %d comes after %d", e.Seq, since-1)
			}
			seen[e.Message.Notification.Title]++
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for title, n := range seen {
		if n > 1 {
			t.Errorf("%q is there %d times", title, n)
		}
	}
	for title := range l.acked {
		if seen[title] == 0 {
			t.Errorf("%q was acknowledged and is not there", title)
		}
	}
	t.Logf("%d attempted, %d acknowledged, %d stored", l.attempted, len(l.acked), len(seen))
}

// reopened starts a server on the same folder and checks what it has.
func (l *ledger) reopened(t *testing.T, data string) {
	t.Helper()
	s := serve(t, data, "--keep-events", "1000000") // more than any server here can take
	l.verify(t, s.as(t, "benny"))
	s.stop()
	intact(t, data)
}

// intact asks SQLite whether the database is whole.
func intact(t *testing.T, data string) {
	t.Helper()
	db := outside(t, data)
	var answer string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&answer); err != nil || answer != "ok" {
		t.Errorf("integrity: %s, %v", answer, err)
	}
}

// outside opens the database as another program would.
func outside(t *testing.T, data string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(data, "aoki.db")+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// hold begins a transaction as another program would, until it is released.
func hold(t *testing.T, db *sql.DB, begin string) (release func()) {
	t.Helper()
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(context.Background(), begin); err != nil {
		t.Fatal(err)
	}
	return sync.OnceFunc(func() {
		_, _ = conn.ExecContext(context.Background(), "ROLLBACK")
		_ = conn.Close()
	})
}
