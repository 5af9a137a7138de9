package models_test

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// backup makes a backup of a store, and gives its path.
func backup(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "backup.db")
	if err := os.WriteFile(to, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := models.Backup(ctx, path, to); err != nil {
		t.Fatal(err)
	}
	return to
}

// pushTo pushes a title to a user.
func pushTo(s *models.DB, user int64, title string) error {
	return s.Write(ctx, func(tx *models.Tx) error {
		return tx.Notify(models.Notice{Kind: "push", Title: title}, user)
	})
}

// What was acknowledged before a backup began is in it, once, and with nothing
// missing before it, whatever is written meanwhile.
func TestBackupWhileWritersRun(t *testing.T) {
	s := modelstest.Open(t)
	users := s.Users(4)
	acknowledged := make([]atomic.Int64, len(users))
	stop := make(chan struct{})
	var all sync.WaitGroup
	for i, user := range users {
		for w := range 3 {
			all.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					if err := pushTo(s.DB, user, fmt.Sprintf("%d %d", w, n)); err != nil {
						t.Error(err)
						return
					}
					acknowledged[i].Add(1)
				}
			})
		}
	}
	for range 5 {
		before := make([]int64, len(users))
		for i := range users {
			for before[i] = acknowledged[i].Load(); before[i] == 0; before[i] = acknowledged[i].Load() {
				if t.Failed() {
					break
				}
			}
		}
		path := backup(t, s.Path)
		if _, err := os.Stat(path + "-wal"); err == nil {
			t.Error("a backup that needs a WAL")
		}
		copied := ok[*models.DB](t)(models.Open(models.Options{Path: path}))
		for i, user := range users {
			head := ok[models.Head](t)(copied.Head(ctx, user))
			if head.Head < before[i] {
				t.Errorf("%d of %d acknowledged pushes", head.Head, before[i])
			}
			seen := map[string]bool{}
			box := ok[models.Inbox](t)(copied.ListNotifications(ctx, user, "all", "", int(head.Head)+10))
			for _, n := range box.Items {
				if seen[n.Title] {
					t.Errorf("%q is there twice", n.Title)
				}
				seen[n.Title] = true
			}
			if int64(len(seen)) != head.Head || box.Unread != head.Head {
				t.Errorf("%d items of %d events, %d unread", len(seen), head.Head, box.Unread)
			}
			for at := int64(0); at < head.Head; {
				page := ok[[]models.Entry](t)(copied.After(ctx, user, at, 200)) // says when something is missing
				if len(page) == 0 {
					t.Fatalf("the log ends at %d of %d", at, head.Head)
				}
				at = page[len(page)-1].Seq
			}
		}
		if err := copied.Close(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	all.Wait()
}

// What was deleted is not in the free pages of a backup.
func TestBackupHasNothingOfWhatIsGone(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	gone := s.Account(a, "gone", models.RoleUser)
	if err := pushTo(s.DB, gone.ID, strings.Repeat("a secret that is gone ", 500)); err != nil {
		t.Fatal(err)
	}
	path := backup(t, s.Path)
	if !strings.Contains(string(ok[[]byte](t)(os.ReadFile(path))), "a secret that is gone") {
		t.Fatal("this test looks for the wrong thing")
	}
	if err := a.DeleteUser(ctx, 0, gone.ID); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(ok[[]byte](t)(os.ReadFile(backup(t, s.Path)))), "a secret that is gone") {
		t.Error("the backup has what was deleted")
	}
}

func TestBackupTells(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	deck := ok[models.Deck](t)(s.CreateDeck(ctx, ann, models.DeckInput{Name: "Spanish"}))
	_, err := s.CreateNote(ctx, ann, deck.ID, models.NoteInput{Type: "reversed", Fields: map[string]string{"Front": "a", "Back": "b"}})
	if err != nil {
		t.Fatal(err)
	}
	path := backup(t, s.Path)
	info := ok[fs.FileInfo](t)(os.Stat(path))
	want := models.Contents{Users: 1, Decks: 1, Cards: 2, Size: info.Size()}
	if got := ok[models.Contents](t)(models.Inspect(ctx, path)); got != want || got.Size == 0 {
		t.Errorf("%+v, want %+v", got, want)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

// notBackups are files that must not be restored, with the code of their refusal.
func notBackups(t *testing.T) (folder string, files map[string]string) {
	t.Helper()
	folder = t.TempDir()
	s := modelstest.Open(t)
	for i := range 50 {
		if err := pushTo(s.DB, s.User(fmt.Sprint("user", i)), strings.Repeat("x", 3000)); err != nil {
			t.Fatal(err)
		}
	}
	good := string(ok[[]byte](t)(os.ReadFile(backup(t, s.Path))))
	put := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	change := func(path, statement string) {
		db := ok[*sql.DB](t)(sql.Open("sqlite3", path))
		defer db.Close()
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	put("empty", "")
	put("text", strings.Repeat("this is no database. ", 1000))
	put("header only", good[:100])
	put("cut", good[:len(good)/2])
	put("cut within a page", good[:len(good)-100])
	put("a page of zeros", good[:8*4096]+strings.Repeat("\x00", 4096)+good[9*4096:])
	put("noise inside", good[:20*4096]+strings.Repeat("noise", 4000)+good[20*4096+20000:])
	change(put("newer", good), `UPDATE meta SET value = '999' WHERE name = 'schema'`)
	change(put("newer by its stamp", good), `PRAGMA user_version = 999`)
	change(put("no schema", good), `DELETE FROM meta WHERE name = 'schema'`)
	change(put("a schema in words", good), `UPDATE meta SET value = 'one' WHERE name = 'schema'`)
	change(put("somebody else's", ""), `CREATE TABLE meta (name TEXT, value TEXT)`)
	change(put("something else", ""), `CREATE TABLE x (y)`)
	change(put("no users", good), `PRAGMA foreign_keys = 0; DROP TABLE users`)
	files = map[string]string{}
	for _, e := range ok[[]fs.DirEntry](t)(os.ReadDir(folder)) {
		files[e.Name()] = models.NotAoki
		if strings.HasPrefix(e.Name(), "newer") {
			files[e.Name()] = "newer_database"
		}
	}
	return folder, files
}

func TestInspectRefuses(t *testing.T) {
	folder, files := notBackups(t)
	for name, want := range files {
		_, err := models.Inspect(ctx, filepath.Join(folder, name))
		if models.ErrorCode(err) != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	if after := ok[[]fs.DirEntry](t)(os.ReadDir(folder)); len(after) != len(files) {
		t.Errorf("files were left behind: %v", after)
	}
	if _, err := models.Inspect(ctx, filepath.Join(folder, "none")); err == nil {
		t.Error("what is not there was found")
	}
	if _, err := models.Inspect(ctx, folder); err == nil {
		t.Error("a folder was read")
	}
}

func TestBackupRefuses(t *testing.T) {
	folder, files := notBackups(t)
	delete(files, "cut within a page") // of a database that is open nobody can say how long it is
	for name, want := range files {
		to := filepath.Join(t.TempDir(), "to")
		if err := os.WriteFile(to, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := models.Backup(ctx, filepath.Join(folder, name), to); models.ErrorCode(err) != want {
			// VACUUM meets the damage in words of its own.
			if want != models.NotAoki || err == nil {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
		}
	}
	s := modelstest.Open(t)
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := models.Backup(canceled, s.Path, filepath.Join(t.TempDir(), "to")); err == nil {
		t.Error("a backup that was given up was made")
	}
	if _, err := models.Backup(ctx, filepath.Join(folder, "none"), filepath.Join(t.TempDir(), "to")); err == nil {
		t.Error("a backup of nothing")
	}
	if _, err := os.Stat(filepath.Join(folder, "none")); err == nil {
		t.Error("a database was made by looking for one")
	}
}
