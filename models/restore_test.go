package models_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// restoreSteps are all points at which a restore can be cut off.
var restoreSteps = []string{"copy", "settle", "renew", "keep", "clear", "swap"}

// copyFolder copies the files of a folder as they are on disk, as a crash would
// leave them.
func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	for _, e := range ok[[]os.DirEntry](t)(os.ReadDir(from)) {
		data := ok[[]byte](t)(os.ReadFile(filepath.Join(from, e.Name())))
		if err := os.WriteFile(filepath.Join(to, e.Name()), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// life is a database with a past: a backup of its first 10 pushes, and a folder as a
// kill -9 left it after 10 more, which only the WAL has.
type life struct {
	epoch, backup, folder string
	ann                   int64
}

func newLife(t *testing.T) life {
	t.Helper()
	s := modelstest.Open(t)
	l := life{epoch: s.Epoch(), ann: s.User("ann")}
	push := func(from, to int) {
		for n := from; n <= to; n++ {
			if err := pushTo(s.DB, l.ann, fmt.Sprint("push ", n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	push(1, 10)
	l.backup = backup(t, s.Path)
	if err := s.OnWriter("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	push(11, 20)
	l.folder = copyFolder(t, filepath.Dir(s.Path))
	if info, err := os.Stat(filepath.Join(l.folder, "aoki.db-wal")); err != nil || info.Size() == 0 {
		t.Fatal("this test needs a WAL", err)
	}
	return l
}

// look opens the database of a folder, as the next start would, and says whether it
// is the old one ("old"), the restored one ("new"), or what else it is.
func (l life) look(t *testing.T, folder string) string {
	t.Helper()
	path := filepath.Join(folder, "aoki.db")
	if _, err := os.Stat(path); err != nil {
		return "no database: " + err.Error()
	}
	db, err := models.Open(models.Options{Path: path})
	if err != nil {
		return err.Error()
	}
	defer db.Close()
	box, err := db.ListNotifications(ctx, l.ann, "all", "", 200)
	if err != nil {
		return err.Error()
	}
	var verdict string
	if err := db.Read(ctx).Raw(`PRAGMA integrity_check`).Row().Scan(&verdict); err != nil || verdict != "ok" {
		return "damaged: " + verdict
	}
	for i, n := range box.Items {
		if want := fmt.Sprint("push ", len(box.Items)-i); n.Title != want {
			return fmt.Sprintf("%q is where %q should be", n.Title, want)
		}
	}
	switch {
	case len(box.Items) == 20 && box.Head == 20 && db.Epoch() == l.epoch:
		return "old"
	case len(box.Items) == 10 && box.Head == 10 && db.Epoch() != l.epoch:
		return "new"
	}
	return fmt.Sprintf("%d items, head %d, the old epoch: %v", len(box.Items), box.Head, db.Epoch() == l.epoch)
}

func TestRestore(t *testing.T) {
	l := newLife(t)
	before := ok[[]byte](t)(os.ReadFile(l.backup))
	path := filepath.Join(l.folder, "aoki.db")
	kept := ok[string](t)(models.Restore{From: l.backup, Path: path}.Run(ctx))
	if kept != path+".before-restore" {
		t.Errorf("kept as %s", kept)
	}
	var files []string
	for _, e := range ok[[]os.DirEntry](t)(os.ReadDir(l.folder)) {
		info, _ := e.Info()
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", e.Name(), info.Mode())
		}
		files = append(files, e.Name())
	}
	if want := []string{"aoki.db", "aoki.db.before-restore"}; !slices.Equal(files, want) {
		t.Errorf("files %v, want %v", files, want)
	}
	if got := l.look(t, l.folder); got != "new" {
		t.Error(got)
	}
	// What was there is whole, with what its WAL had, and can be restored itself.
	again := ok[string](t)(models.Restore{From: kept, Path: path}.Run(ctx))
	if again != path+".before-restore-2" {
		t.Errorf("kept as %s", again)
	}
	db := ok[*models.DB](t)(models.Open(models.Options{Path: path}))
	defer db.Close()
	if head := ok[models.Head](t)(db.Head(ctx, l.ann)); head.Head != 20 || db.Epoch() == l.epoch {
		t.Errorf("%+v", head)
	}
	if after := ok[[]byte](t)(os.ReadFile(l.backup)); !slices.Equal(before, after) {
		t.Error("the backup was changed")
	}
}

// A crash at any point leaves the old database or the new one: whole, with all that
// its own WAL had and nothing of the other's. The restore can be done again from
// there.
func TestRestoreThatIsCutOff(t *testing.T) {
	l := newLife(t)
	crashes := map[string]string{}
	folder := copyFolder(t, l.folder)
	restore := models.Restore{From: l.backup, Path: filepath.Join(folder, "aoki.db"), Step: func(name string) error {
		crashes[name] = copyFolder(t, folder)
		return nil
	}}
	ok[string](t)(restore.Run(ctx))
	if len(crashes) != len(restoreSteps) {
		t.Fatalf("the steps are %v", crashes)
	}
	for _, step := range restoreSteps {
		crashed := crashes[step]
		if got := l.look(t, copyFolder(t, crashed)); got != "old" {
			t.Errorf("before %s: %s", step, got)
		}
		if _, err := (models.Restore{From: l.backup, Path: filepath.Join(crashed, "aoki.db")}).Run(ctx); err != nil {
			t.Errorf("again after a crash before %s: %v", step, err)
		}
		if got := l.look(t, crashed); got != "new" {
			t.Errorf("again after a crash before %s: %s", step, got)
		}
		if _, err := os.Stat(filepath.Join(crashed, "aoki.db.restoring")); err == nil {
			t.Errorf("after a crash before %s: rubbish is left", step)
		}
	}
	if got := l.look(t, folder); got != "new" {
		t.Error("in the end:", got)
	}
}

func TestRestoreThatFails(t *testing.T) {
	l := newLife(t)
	failure := errors.New("the disk is gone")
	for _, at := range restoreSteps {
		folder := copyFolder(t, l.folder)
		restore := models.Restore{From: l.backup, Path: filepath.Join(folder, "aoki.db"), Step: func(name string) error {
			if name == at {
				return failure
			}
			return nil
		}}
		if _, err := restore.Run(ctx); !errors.Is(err, failure) {
			t.Errorf("%s: %v", at, err)
		}
		if _, err := os.Stat(filepath.Join(folder, "aoki.db.restoring")); err == nil {
			t.Errorf("%s: rubbish is left", at)
		}
		if got := l.look(t, folder); got != "old" {
			t.Errorf("%s: %s", at, got)
		}
	}
	folder := copyFolder(t, l.folder)
	for name, from := range map[string]string{"nothing": filepath.Join(folder, "none"), "a folder": folder, "what changed since it was looked at": filepath.Join(folder, "noise")} {
		if err := os.WriteFile(filepath.Join(folder, "noise"), []byte(strings.Repeat("noise", 10_000)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (models.Restore{From: from, Path: filepath.Join(folder, "aoki.db")}).Run(ctx); err == nil {
			t.Error(name, "was restored")
		}
		if got := l.look(t, copyFolder(t, folder)); got != "old" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Whatever is in the database's place, the restored one has none of it; what could
// be worth something is kept.
func TestRestoreOverAnything(t *testing.T) {
	l := newLife(t)
	noise := strings.Repeat("noise", 10_000)
	wal := string(ok[[]byte](t)(os.ReadFile(filepath.Join(l.folder, "aoki.db-wal"))))
	db := string(ok[[]byte](t)(os.ReadFile(filepath.Join(l.folder, "aoki.db"))))
	for name, c := range map[string]struct {
		files map[string]string
		kept  []string // the endings
	}{
		"nothing":                      {nil, nil},
		"an empty file":                {map[string]string{"": ""}, nil},
		"noise":                        {map[string]string{"": noise}, []string{""}},
		"noise with a WAL":             {map[string]string{"": noise, "-wal": wal}, []string{""}}, // SQLite folds it in
		"noise with noise":             {map[string]string{"": noise, "-wal": noise, "-shm": noise, "-journal": noise}, []string{""}},
		"a WAL without its database":   {map[string]string{"-wal": wal}, []string{"-wal"}},
		"an empty file with a WAL":     {map[string]string{"": "", "-wal": wal}, []string{"", "-wal"}},
		"half a database with its WAL": {map[string]string{"": db[:len(db)/2], "-wal": wal}, []string{""}},
		"only a header":                {map[string]string{"": db[:100]}, []string{""}},
		"a database with no WAL":       {map[string]string{"": db}, []string{""}},
		"one with the WAL of another":  {map[string]string{"": string(ok[[]byte](t)(os.ReadFile(l.backup))), "-wal": wal}, []string{""}},
		"one with rubbish of a crash":  {map[string]string{"": db, "-wal": wal, "-shm": noise, ".restoring": noise, ".restoring-journal": noise}, []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for end, text := range c.files {
				if err := os.WriteFile(filepath.Join(folder, "aoki.db"+end), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			ok[string](t)(models.Restore{From: l.backup, Path: filepath.Join(folder, "aoki.db")}.Run(ctx))
			if got := l.look(t, copyFolder(t, folder)); got != "new" {
				t.Error(got)
			}
			want := []string{"aoki.db"}
			for _, end := range c.kept {
				want = append(want, "aoki.db.before-restore"+end)
			}
			var files []string
			for _, e := range ok[[]os.DirEntry](t)(os.ReadDir(folder)) {
				files = append(files, e.Name())
			}
			slices.Sort(want)
			if !slices.Equal(files, want) {
				t.Errorf("files %v, want %v", files, want)
			}
		})
	}
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "aoki.db"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := (models.Restore{From: l.backup, Path: filepath.Join(folder, "aoki.db")}).Run(ctx); err == nil {
		t.Error("a folder was replaced")
	}
}

// Who copied the file of a stopped server has a backup too.
func TestRestoreOfAPlainCopy(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	if err := pushTo(s.DB, ann, "hello"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	from := filepath.Join(copyFolder(t, filepath.Dir(s.Path)), "aoki.db")
	if data := ok[[]byte](t)(os.ReadFile(from)); data[18] != 2 {
		t.Fatal("this test wants a file that says it has a WAL")
	}
	if found := ok[models.Contents](t)(models.Inspect(ctx, from)); found.Users != 1 {
		t.Errorf("%+v", found)
	}
	path := filepath.Join(t.TempDir(), "aoki.db")
	ok[string](t)(models.Restore{From: from, Path: path}.Run(ctx))
	db := ok[*models.DB](t)(models.Open(models.Options{Path: path}))
	defer db.Close()
	if head := ok[models.Head](t)(db.Head(ctx, ann)); head.Head != 1 || db.Epoch() == s.Epoch() {
		t.Errorf("%+v", head)
	}
	if files := ok[[]os.DirEntry](t)(os.ReadDir(filepath.Dir(from))); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

// The database may lie elsewhere: then that is where it is replaced.
func TestRestoreOverALink(t *testing.T) {
	l := newLife(t)
	folder := t.TempDir()
	if err := os.Symlink(filepath.Join(l.folder, "aoki.db"), filepath.Join(folder, "aoki.db")); err != nil {
		t.Fatal(err)
	}
	kept := ok[string](t)(models.Restore{From: l.backup, Path: filepath.Join(folder, "aoki.db")}.Run(ctx))
	if filepath.Dir(kept) != l.folder || l.look(t, l.folder) != "new" || l.look(t, folder) != "new" {
		t.Errorf("kept as %s; %s, %s", kept, l.look(t, l.folder), l.look(t, folder))
	}
	if info := ok[os.FileInfo](t)(os.Lstat(filepath.Join(folder, "aoki.db"))); info.Mode().Type() != os.ModeSymlink {
		t.Error("the link is gone")
	}
}

func TestRestoreUnderAnOpenDatabase(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	from := backup(t, s.Path)
	_, err := models.Restore{From: from, Path: s.Path}.Run(ctx)
	if !errors.Is(err, models.ErrInUse) {
		t.Fatal(err)
	}
	if err := pushTo(s.DB, ann, "still here"); err != nil {
		t.Error(err)
	}
	if log := s.Log(ann); len(log) != 1 {
		t.Errorf("%d events", len(log))
	}
}

// An id that was given out after the backup never comes to name something else,
// however often the same backup is restored.
func TestRestoreGivesOutNewIDs(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	from := backup(t, s.Path)
	used := map[string]map[int64]bool{"deck": {}, "user": {}, "push": {}}
	note := func(kind string, id int64) {
		if used[kind][id] {
			t.Errorf("%s %d was given out twice", kind, id)
		}
		used[kind][id] = true
	}
	s.Close()
	for life := range 3 {
		s.DB = ok[*models.DB](t)(models.Open(models.Options{Path: s.Path, Now: s.Clock.Now}))
		for n := range 3 {
			note("deck", ok[models.Deck](t)(s.CreateDeck(ctx, ann, models.DeckInput{Name: "x"})).ID)
			note("user", s.User(fmt.Sprint("user", life, n)))
			note("push", ok[models.Push](t)(s.CreatePush(ctx, ann, toAll, models.Reach{Audience: 2})).ID)
		}
		if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Head != 6 { // 3 decks, 3 pushes: each life has its own log
			t.Errorf("head %d", head.Head)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		ok[string](t)(models.Restore{From: from, Path: s.Path}.Run(ctx))
	}
	// A table that had no row yet counts too.
	db := ok[*sql.DB](t)(sql.Open("sqlite3", s.Path))
	defer db.Close()
	var low int
	if err := db.QueryRow(`SELECT COUNT(*) FROM sqlite_master m LEFT JOIN sqlite_sequence s ON s.name = m.name
		WHERE m.sql LIKE '%AUTOINCREMENT%' AND COALESCE(s.seq, 0) < 1000000`).Scan(&low); err != nil || low != 0 {
		t.Errorf("%d tables begin anew (%v)", low, err)
	}
}
