package models_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// lockOutside begins a transaction as another process would.
func lockOutside(t *testing.T, s *modelstest.Store, begin string) (release func()) {
	t.Helper()
	other := ok[*sql.DB](t)(sql.Open("sqlite3", "file:"+s.Path+"?_busy_timeout=5000"))
	conn := ok[*sql.Conn](t)(other.Conn(ctx))
	for statement := range strings.SplitSeq(begin, ";") {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	release = sync.OnceFunc(func() {
		if _, err := conn.ExecContext(ctx, "ROLLBACK"); err != nil {
			t.Error(err)
		}
		conn.Close()
		other.Close()
	})
	t.Cleanup(release)
	return release
}

// waits makes sure that the writer has come to the lock and waits: whoever can't
// wait leaves, without having written.
func waits(t *testing.T, s *modelstest.Store, user int64) {
	t.Helper()
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	code(t, s.Write(short, appendTo(user)), models.Unavailable)
}

var locks = []string{"BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "BEGIN; DELETE FROM audit"}

func TestWritesWaitForAnotherProcess(t *testing.T) {
	for _, begin := range locks {
		t.Run(begin, func(t *testing.T) {
			const writers = 300 // more than two batches
			s := modelstest.OpenPatient(t, time.Minute)
			ann := s.User("ann")
			if err := s.Write(ctx, appendTo(ann)); err != nil {
				t.Fatal(err)
			}
			s.Bell.Take()
			release := lockOutside(t, s, begin)
			ended := make(chan error, writers)
			for range writers {
				go func() { ended <- s.Write(ctx, appendTo(ann)) }()
			}
			waits(t, s, ann)

			// Reading lives meanwhile, and sees what was there before.
			if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Head != 1 {
				t.Errorf("head %d", head.Head)
			}
			if page := ok[[]models.Entry](t)(s.After(ctx, ann, 0, 10)); len(page) != 1 {
				t.Errorf("%d events", len(page))
			}
			code(t, s.Ready(ctx), "")
			if n := len(ended); n != 0 {
				t.Errorf("%d did not wait", n)
			}

			release()
			for range writers {
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
			if log := s.Log(ann); len(log) != 1+writers {
				t.Errorf("%d events", len(log))
			}
			if rung, _ := s.Bell.Take(); len(rung) != writers {
				t.Errorf("%d were rung", len(rung))
			}
		})
	}
}

func TestWritesGiveUpOnAnotherProcess(t *testing.T) {
	for _, begin := range locks {
		t.Run(begin, func(t *testing.T) {
			const writers = 300
			s := modelstest.OpenPatient(t, 50*time.Millisecond)
			ann := s.User("ann")
			s.Bell.Take()
			release := lockOutside(t, s, begin)
			key := models.WithKey(ctx, models.Key{Sender: "user:1", Word: "k", Hash: "h"})
			once := func() (int, error) {
				return models.Do(key, s.DB, func(tx *models.Tx) (int, error) { return 7, appendTo(ann)(tx) })
			}
			if _, err := once(); models.AsError(err).Code != models.Unavailable || models.AsError(err).RetryAfter <= 0 {
				t.Error(err)
			}
			ended := make(chan error, writers)
			for range writers {
				go func() { ended <- s.Write(ctx, appendTo(ann)) }()
			}
			for range writers {
				code(t, <-ended, models.Unavailable)
			}
			code(t, s.Ready(ctx), models.Unavailable)
			if log := s.Log(ann); len(log) != 0 {
				t.Errorf("%d events of changes that were refused", len(log))
			}

			release()
			code(t, s.Ready(ctx), "")
			for range 2 {
				if n := ok[int](t)(once()); n != 7 {
					t.Error(n)
				}
			}
			if err := s.Write(ctx, appendTo(ann)); err != nil {
				t.Error("it does not come back:", err)
			}
			if log := s.Log(ann); len(log) != 2 || log[1].Seq != 2 {
				t.Errorf("log %v", log)
			}
			if rung, _ := s.Bell.Take(); len(rung) != 2 {
				t.Errorf("%d were rung", len(rung))
			}
		})
	}
}

// A push to everyone that can't be written into a log yet keeps nobody from reading it.
func TestReadingALogThatLacksAPushToEveryone(t *testing.T) {
	s := modelstest.OpenPatient(t, time.Hour)
	ann, bob := s.User("ann"), s.User("bob")
	if err := s.Write(ctx, appendTo(ann)); err != nil {
		t.Fatal(err)
	}
	if err := s.CommitTogether(func(tx *models.Tx) error { return tx.Broadcast("hello") })[0]; err != nil {
		t.Fatal(err)
	}
	release := lockOutside(t, s, "BEGIN IMMEDIATE")
	for user, want := range map[int64]int64{ann: 1, bob: 0} {
		if head := ok[models.Head](t)(s.Head(ctx, user)); head.Head != want {
			t.Errorf("head %d, want %d", head.Head, want)
		}
	}
	release()
	for user, want := range map[int64]int64{ann: 2, bob: 1} {
		if head := ok[models.Head](t)(s.Head(ctx, user)); head.Head != want {
			t.Errorf("head %d, want %d", head.Head, want)
		}
	}
}

// Whoever stops does not wait until the other process is done.
func TestShutdownBreaksTheWaitOff(t *testing.T) {
	const writers = 300
	s := modelstest.OpenPatient(t, time.Hour)
	ann := s.User("ann")
	release := lockOutside(t, s, "BEGIN EXCLUSIVE")
	ended := make(chan error, writers)
	for range writers {
		go func() { ended <- s.Write(ctx, appendTo(ann)) }()
	}
	waits(t, s, ann)
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Shutdown(over); err != nil {
		t.Error(err)
	}
	for range writers {
		code(t, <-ended, models.Unavailable)
	}
	if err := s.Shutdown(over); err != nil {
		t.Error("a second time:", err)
	}
	release()
	again := ok[*models.DB](t)(models.Open(models.Options{Path: s.Path}))
	defer again.Close()
	if head := ok[models.Head](t)(again.Head(ctx, ann)); head.Head != 0 {
		t.Errorf("head %d of changes that were refused", head.Head)
	}
}

// Somebody outside who reads for long keeps the WAL from being folded back: it
// grows, nothing fails, and it is of bounded size again when they are done.
func TestALongReaderOutside(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	large := func(tx *models.Tx) error { return tx.Append("x", strings.Repeat("x", 50<<10), ann) }
	write := func(n int) {
		for range n {
			if err := s.Write(ctx, large); err != nil {
				t.Fatal(err)
			}
		}
	}
	size := func() int64 {
		return ok[os.FileInfo](t)(os.Stat(s.Path + "-wal")).Size()
	}
	other := ok[*sql.DB](t)(sql.Open("sqlite3", "file:"+s.Path))
	defer other.Close()
	reader := ok[*sql.Tx](t)(other.BeginTx(ctx, nil))
	count := func() (n int) {
		if err := reader.QueryRow("SELECT count(*) FROM events").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	write(1)
	if n := count(); n != 1 {
		t.Fatal(n)
	}
	const much = 1000 // 50 MB
	write(much)
	if n := count(); n != 1 {
		t.Errorf("the reader sees %d events in its snapshot", n)
	}
	if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Head != much+1 {
		t.Errorf("head %d", head.Head)
	}
	grown := size()
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	more := 0
	waitFor(t, "the WAL begins anew", func() bool {
		write(1)
		more++
		return s.Unfolded(t) < 100 && size() <= 64<<20
	})
	if grown < much*50<<10 {
		t.Errorf("the WAL had %d MiB: it was folded back under the reader", grown>>20)
	}
	if log := s.Log(ann); len(log) != 1+much+more {
		t.Errorf("%d events", len(log))
	}
}

// Whoever commits does not fold the WAL back: that is done beside.
func TestTheWALIsFoldedBackBeside(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	for range 400 { // 20 MB: more than is worth it
		if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Append("x", strings.Repeat("x", 50<<10), ann) }); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, "most of it is folded back", func() bool { return s.Unfolded(t) < models.FoldPages })
	if info := ok[os.FileInfo](t)(os.Stat(s.Path)); info.Size() < 1<<20 {
		t.Errorf("the database has %d bytes", info.Size())
	}
	if err := s.Write(ctx, appendTo(ann)); err != nil {
		t.Fatal(err)
	}
	if log := s.Log(ann); len(log) != 401 {
		t.Errorf("%d events", len(log))
	}
}

// A COMMIT that fails undoes the whole batch: nobody in it is told that all went
// well, no bell rings, and no later batch carries it along.
func TestACommitThatFails(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	s.Bell.Take()
	late := func(tx *models.Tx) error { // is refused by the COMMIT and no sooner
		if err := tx.Exec("PRAGMA defer_foreign_keys = 1").Error; err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO sessions (user_id, rotated_at, created_at, last_seen_at, expires_at) VALUES (999, ?, ?, ?, ?)`, tx.Now(), tx.Now(), tx.Now(), tx.Now()).Error
	}
	everyone := func(tx *models.Tx) error { return tx.Broadcast("never") }
	for round := range int64(3) {
		errs := s.CommitTogether(appendTo(ann), everyone, late, func(*models.Tx) error { return errRefused }, appendTo(ann))
		for i, err := range errs {
			if i == 3 {
				if err != errRefused {
					t.Errorf("its own error became %v", err)
				}
				continue
			}
			code(t, err, models.Unavailable)
		}
		if rung, all := s.Bell.Take(); len(rung)+all != 0 {
			t.Errorf("rung: %v, %d", rung, all)
		}
		if err := s.Write(ctx, appendTo(ann)); err != nil {
			t.Fatal("the next change:", err)
		}
		head := ok[models.Head](t)(s.Head(ctx, ann))
		if log := s.Log(ann); head.Head != round+1 || len(log) != int(round+1) || head.Counts != (models.Counts{}) {
			t.Errorf("round %d: head %+v, %d events", round, head, len(log))
		}
		s.Bell.Take()
	}
	for _, table := range []string{"broadcasts", "pushes", "notifications", "sessions"} {
		var n int64
		if err := s.Read(ctx).Table(table).Count(&n).Error; err != nil || n != 0 {
			t.Error(fmt.Sprint(n, " rows of ", table, " are left of it"), err)
		}
	}
}
