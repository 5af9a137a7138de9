package models_test

import (
	"context"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

func TestMigrate(t *testing.T) {
	s := modelstest.Open(t)
	epoch := s.Epoch()
	ann := s.User("ann")
	if len(epoch) < 8 {
		t.Errorf("epoch %q", epoch)
	}
	s.Close()
	for range 2 { // again and again changes nothing
		db := ok[*models.DB](t)(models.Open(models.Options{Path: s.Path}))
		if db.Epoch() != epoch {
			t.Errorf("epoch %q, was %q", db.Epoch(), epoch)
		}
		ok[models.Head](t)(db.Head(ctx, ann))
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	other := modelstest.Open(t)
	if other.Epoch() == epoch {
		t.Error("two databases have one epoch")
	}
}

func TestMigrateStepByStep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "aoki.db")
	tables := func() string {
		db := ok[*sql.DB](t)(sql.Open("sqlite3", path))
		defer db.Close()
		var list sql.NullString
		if err := db.QueryRow(`SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE name LIKE 't_' ORDER BY name)`).Scan(&list); err != nil {
			t.Fatal(err)
		}
		return list.String
	}
	steps := []string{
		"CREATE TABLE t1 (id {id});\nCREATE TABLE t2 (at {time});\n",
		"CREATE TABLE t3 (id {id});\n",
		"CREATE TABLE t4 (id {id});\nCREATE TABLE nonsense;\n",
	}
	for _, c := range []struct {
		steps []string
		code  string
		want  string
	}{
		{steps[:1], "", "t1,t2"},
		{steps[:1], "", "t1,t2"},
		{steps[:2], "", "t1,t2,t3"},
		{steps[:1], "newer_database", "t1,t2,t3"},
		{steps, models.Unavailable, "t1,t2,t3"}, // a step is whole or not at all
		{steps[:2], "", "t1,t2,t3"},
	} {
		code(t, models.Reopen(path, c.steps), c.code)
		if got := tables(); got != c.want {
			t.Errorf("tables %s, want %s", got, c.want)
		}
	}
}

func TestNewerDatabaseIsLeftAlone(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	if err := s.Write(ctx, appendTo(ann)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := models.Reopen(s.Path, append(append([]string{}, models.Migrations...), "CREATE TABLE newer (id {id})")); err != nil {
		t.Fatal(err)
	}
	_, err := models.Open(models.Options{Path: s.Path})
	code(t, err, "newer_database")
	if !strings.Contains(err.Error(), "newer Aoki") {
		t.Error(err)
	}

	// SQLite's own stamp counts too.
	stamped := modelstest.Open(t)
	if err := stamped.OnWriter("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	stamped.Close()
	_, err = models.Open(models.Options{Path: stamped.Path})
	code(t, err, "newer_database")
}

// SQLite has a place of its own for a schema's number: what tools write there counts.
func TestNewerDatabaseByItsStamp(t *testing.T) {
	s := modelstest.Open(t)
	s.Close()
	db := ok[*sql.DB](t)(sql.Open("sqlite3", s.Path))
	var stamp int
	if err := db.QueryRow(`PRAGMA user_version`).Scan(&stamp); err != nil || stamp != len(models.Migrations) {
		t.Errorf("stamp %d %v, want %d", stamp, err, len(models.Migrations))
	}
	if _, err := db.Exec(`PRAGMA user_version = 999`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := models.Open(models.Options{Path: s.Path})
	code(t, err, "newer_database")
}

func TestOpenWhatIsNoDatabase(t *testing.T) {
	folder := t.TempDir()
	noise := filepath.Join(folder, "noise.db")
	if err := os.WriteFile(noise, []byte(strings.Repeat("this is no database. ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a folder":         folder,
		"in no folder":     filepath.Join(folder, "none", "aoki.db"),
		"something else":   noise,
		"a file as folder": filepath.Join(noise, "aoki.db"),
	} {
		if _, err := models.Open(models.Options{Path: path}); models.ErrorCode(err) != models.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"a b.db", "100%.db", "?mode=memory", "#1.db", "é漢.db", "a&b=c.db", ":memory:"} {
		path := filepath.Join(folder, name)
		db := ok[*models.DB](t)(models.Open(models.Options{Path: path}))
		db.Close()
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// What was acknowledged is on disk: a copy of the files, taken while the store is
// open, has it.
func TestAcknowledgedIsOnDisk(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	for i := range 20 {
		if err := s.Write(ctx, appendTo(ann)); err != nil {
			t.Fatal(err)
		}
		if i%5 != 4 {
			continue
		}
		path := filepath.Join(t.TempDir(), "copy.db")
		for _, end := range []string{"", "-wal"} {
			in := ok[*os.File](t)(os.Open(s.Path + end))
			out := ok[*os.File](t)(os.Create(path + end))
			if _, err := io.Copy(out, in); err != nil {
				t.Fatal(err)
			}
			in.Close()
			out.Close()
		}
		copied := ok[*models.DB](t)(models.Open(models.Options{Path: path}))
		head, err := copied.Head(ctx, ann)
		page, err2 := copied.After(ctx, ann, 0, 100)
		if err != nil || err2 != nil || head.Head != int64(i+1) || len(page) != i+1 {
			t.Errorf("after %d: head %+v, %d events, %v %v", i+1, head, len(page), err, err2)
		}
		if copied.Epoch() != s.Epoch() {
			t.Error("the copy is of another epoch")
		}
		copied.Close()
	}
}

// The connection that writes waits for the disk at every commit, and keeps the
// rules between tables.
func TestHowTheStoreIsWritten(t *testing.T) {
	s := modelstest.Open(t)
	s.User("ann")
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1"} {
		var got string
		if err := s.CommitTogether(func(tx *models.Tx) error { return tx.Raw("PRAGMA " + pragma).Row().Scan(&got) })[0]; err != nil || got != want {
			t.Errorf("%s is %q, not %q (%v)", pragma, got, want, err)
		}
	}
}

func TestStoreThatFailsAndComesBack(t *testing.T) {
	for name, c := range map[string]struct{ off, on, code string }{
		"full":      {"PRAGMA max_page_count = 1", "PRAGMA max_page_count = 4294967294", models.StorageFull}, // SQLite makes it what is there
		"read-only": {"PRAGMA query_only = 1", "PRAGMA query_only = 0", models.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			s := modelstest.Open(t)
			ann := s.User("ann")
			large := func(tx *models.Tx) error { return tx.Append("x", strings.Repeat("x", 20<<10), ann) }
			direct := func(tx *models.Tx) error { // its own statement hits the fault
				return tx.Exec(`INSERT INTO audit (actor_id, action, target, detail, created_at) VALUES (1, 'x', 'x', ?, ?)`, strings.Repeat("x", 30<<10), tx.Now()).Error
			}
			acknowledged := int64(0)
			for range 3 {
				if err := s.Write(ctx, large); err != nil {
					t.Fatal(err)
				}
				acknowledged++
				s.Bell.Take()
				if err := s.OnWriter(c.off); err != nil {
					t.Fatal(err)
				}
				for _, fn := range []func(*models.Tx) error{large, direct} {
					code(t, s.Write(ctx, fn), c.code)
				}
				err := s.Write(ctx, func(tx *models.Tx) error {
					_ = direct(tx) // who looks away from an error gets one all the same
					return large(tx)
				})
				if !models.StoreIsAway(err) {
					t.Error(err)
				}
				for _, err := range s.CommitTogether(large, direct, large) {
					code(t, err, c.code)
				}
				code(t, s.Ready(ctx), c.code)
				if entries, _ := s.Bell.Take(); len(entries) != 0 {
					t.Errorf("%d were rung that are not there", len(entries))
				}
				if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Head != acknowledged {
					t.Errorf("head %d, acknowledged %d", head.Head, acknowledged)
				}
				if err := s.OnWriter(c.on); err != nil {
					t.Fatal(err)
				}
			}
			code(t, s.Ready(ctx), "")
			if err := s.Write(ctx, large); err != nil {
				t.Fatal("it does not come back:", err)
			}
			if log := s.Log(ann); len(log) != 4 || log[3].Seq != 4 {
				t.Errorf("%d events", len(log))
			}
			var audits int64
			if err := s.Read(ctx).Table("audit").Count(&audits).Error; err != nil || audits != 0 {
				t.Errorf("%d rows of changes that were refused (%v)", audits, err)
			}
		})
	}
}

// Many write while the disk is full now and then: what was acknowledged is there,
// once, and nothing else is.
func TestNothingAcknowledgedIsLostToAFullDisk(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	var acknowledged, refused atomic.Int64
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 20 {
				err := s.Write(ctx, func(tx *models.Tx) error {
					if refused.Load() == 0 && acknowledged.Load() > 50 {
						if err := tx.Exec("PRAGMA max_page_count = 1").Error; err != nil {
							return err
						}
					} else if refused.Load() > 0 {
						if err := tx.Exec("PRAGMA max_page_count = 4294967294").Error; err != nil {
							return err
						}
					}
					return tx.Append("x", strings.Repeat("x", 10<<10), ann)
				})
				switch models.ErrorCode(err) {
				case "":
					acknowledged.Add(1)
				case models.StorageFull:
					refused.Add(1)
				default:
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if log := s.Log(ann); int64(len(log)) != acknowledged.Load() || refused.Load() == 0 {
		t.Errorf("%d events, %d acknowledged, %d refused", len(log), acknowledged.Load(), refused.Load())
	}
}

func TestReadingCantWrite(t *testing.T) {
	s := modelstest.Open(t)
	s.User("ann")
	for range 8 { // every connection of the pool
		if err := s.Read(ctx).Exec(`DELETE FROM users`).Error; err == nil {
			t.Fatal("the reading pool writes")
		}
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err := s.Head(canceled, 1)
	code(t, err, models.Canceled)
}
