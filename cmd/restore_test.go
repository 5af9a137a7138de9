package cmd

import (
	"context"
	"database/sql"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestRestoreRefusals(t *testing.T) {
	t.Parallel()
	data, out := t.TempDir(), t.TempDir()
	s := serve(t, data)
	s.setUp(t)
	s.stop()
	good := filepath.Join(out, "good")
	if got := run(t, t.Context(), nil, "", "backup", good, "--data", data); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string, content []byte) string {
		path := filepath.Join(out, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	fifo := filepath.Join(out, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	newer := put("newer", text)
	makeNewer(t, newer)
	other := put("other", nil)
	db, err := sql.Open("sqlite3", other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE x (y)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	live := put("live", text)
	put("live-wal", []byte("changes"))
	before, nowhere := list(t, data), filepath.Join(t.TempDir(), "new", "data")
	for name, test := range map[string]struct {
		file string
		code int
		want []string
	}{
		"not there":            {filepath.Join(out, "none"), exitFailed, []string{"none", "no such file"}},
		"a folder":             {out, exitFailed, []string{out, "not a file"}},
		"a fifo":               {fifo, exitFailed, []string{fifo, "not a file"}},
		"a device":             {"/dev/null", exitFailed, []string{"not a file"}},
		"an empty file":        {put("empty", nil), exitFailed, []string{"empty", "no Aoki database"}},
		"a text":               {put("text", []byte(strings.Repeat("no database. ", 999))), exitFailed, []string{"text", "no Aoki database"}},
		"half of it":           {put("half", text[:len(text)/2]), exitFailed, []string{"half", "damaged"}},
		"nearly all of it":     {put("nearly", text[:len(text)-1]), exitFailed, []string{"nearly", "cut short"}},
		"a newer one":          {newer, exitFailed, []string{"newer Aoki"}},
		"somebody else's":      {other, exitFailed, []string{"other", "no Aoki database"}},
		"one with a WAL":       {live, exitFailed, []string{"live-wal", "aoki backup"}},
		"the database itself":  {filepath.Join(data, "aoki.db"), exitUsage, []string{"the database itself"}},
		"a file of no name":    {"", exitFailed, []string{"no such file"}},
		"a file in a file":     {filepath.Join(good, "x"), exitFailed, []string{"not a directory"}},
		"a link that leads no": {link(t, filepath.Join(out, "gone"), filepath.Join(out, "link")), exitFailed, []string{"no such file"}},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, t.Context(), nil, "", "restore", test.file, "--data", data).oneSentence(t, test.code, test.want...)
			if test.code == exitFailed {
				run(t, t.Context(), nil, "", "restore", test.file, "--data", nowhere).oneSentence(t, test.code, test.want...)
			}
		})
	}
	gaveUp, cancel := context.WithCancel(t.Context())
	cancel()
	run(t, gaveUp, nil, "", "restore", good, "--data", data).oneSentence(t, exitFailed, "nothing was restored")
	if after := list(t, data); !slices.Equal(before, after) {
		t.Errorf("the data folder has %v, had %v", after, before)
	}
	if _, err := os.Stat(filepath.Dir(nowhere)); err == nil {
		t.Error("a folder was made for what is no backup")
	}
	if got := run(t, t.Context(), nil, "", "user", "list", "--data", data); !strings.Contains(got.stdout, "annie") {
		t.Errorf("%+v", got)
	}
	run(t, t.Context(), nil, "", "restore", good, "--data", filepath.Join(good, "data")).oneSentence(t, exitFailed, "data folder")

	// Moving to a new machine: no folder, and no key.
	got := run(t, t.Context(), nil, "", "restore", good, "--data", nowhere)
	if got.code != exitOK || !strings.Contains(got.stdout, "aoki.key") || strings.Contains(got.stdout, "before-restore") {
		t.Fatalf("%+v", got)
	}
	if info, err := os.Stat(nowhere); err != nil || info.Mode().Perm() != 0o700 {
		t.Error(info, err)
	}
	moved := serve(t, nowhere)
	moved.as(t, "annie").do(t, http.MethodGet, "/me", nil, nil)
	if strings.Contains(moved.stdout.String(), "setup#") {
		t.Error("the restored server wants to be set up")
	}
}

// A command that works on the database keeps it from being replaced under its hands,
// and is kept waiting for no server.
func TestRestoreBesideACommand(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	s.setUp(t)
	file := filepath.Join(t.TempDir(), "b.db")
	if got := run(t, t.Context(), nil, "", "backup", file, "--data", s.data); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	s.stop()
	folder := Folder{Data: s.data}
	leave, err := folder.share()
	if err != nil {
		t.Fatal(err)
	}
	run(t, t.Context(), nil, "", "restore", file, "--data", s.data).oneSentence(t, exitFailed, "another aoki command")
	leave()
	if leave, err = folder.alone(); err != nil {
		t.Fatal(err)
	}
	run(t, t.Context(), nil, "", "user", "list", "--data", s.data).oneSentence(t, exitFailed, "another aoki command")
	run(t, t.Context(), nil, "", "serve", "--listen", "127.0.0.1:0", "--data", s.data).oneSentence(t, exitFailed, "another aoki command")
	leave()
	if got := run(t, t.Context(), nil, "", "restore", file, "--data", s.data); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
}

// The command is killed at whatever it is doing: the database is the old one, with
// what only its WAL had, or the new one, and either is whole.
func TestRestoreThatIsKilled(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	ann, _ := s.setUp(t)
	push := func(n int) {
		for range n {
			ann.do(t, http.MethodPost, "/admin/pushes", map[string]any{"to": map[string]any{"users": []string{"benny"}}, "title": "hello", "body": ""}, nil)
		}
	}
	push(10)
	file := filepath.Join(t.TempDir(), "b.db")
	if got := run(t, t.Context(), nil, "", "backup", file, "--data", s.data); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	push(10)
	image := t.TempDir() // as a kill -9 of the server leaves it
	crashed := func(from, to string) {
		for _, name := range []string{"aoki.db", "aoki.db-wal"} {
			copyFile(t, filepath.Join(from, name), filepath.Join(to, name))
		}
	}
	crashed(s.data, image)
	s.stop()
	look := func(folder string) (epoch string, items int) {
		db, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, "aoki.db")+"?mode=rw")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var verdict string
		if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
			t.Fatal(verdict, err)
		}
		if err := db.QueryRow(`SELECT value, (SELECT COUNT(*) FROM notifications) FROM meta WHERE name = 'epoch'`).Scan(&epoch, &items); err != nil {
			t.Fatal(err)
		}
		return epoch, items
	}
	before := t.TempDir()
	crashed(image, before)
	old, _ := look(before)
	outcomes := map[string]int{}
	for after := time.Duration(0); outcomes["new"] < 3 && after < time.Minute; after += max(2*time.Millisecond, after/8) {
		folder := t.TempDir()
		crashed(image, folder)
		c := exec.Command(os.Args[0], "restore", file, "--data", folder)
		c.Env = []string{asProgram + "=1"}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(after, func() { _ = c.Process.Kill() })
		_ = c.Wait()
		timer.Stop()
		switch epoch, items := look(folder); {
		case epoch == old && items == 20:
			outcomes["old"]++
		case epoch != old && items == 10:
			outcomes["new"]++
		default:
			t.Fatalf("killed after %v: %d items, the old epoch: %v", after, items, epoch == old)
		}
	}
	t.Log(outcomes)
	if outcomes["new"] == 0 || outcomes["old"] == 0 {
		t.Errorf("it was killed at one side only: %v", outcomes)
	}
}

func link(t *testing.T, to, path string) string {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Fatal(err)
	}
	return path
}
