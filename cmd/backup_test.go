package cmd

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"aoki/realtime"
)

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	ann, ben := s.setUp(t)
	file := filepath.Join(t.TempDir(), "backup.db")

	// Pushes of before, and some that go on meanwhile.
	var acknowledged atomic.Int64
	push := func(title string) {
		ann.do(t, http.MethodPost, "/admin/pushes", map[string]any{"to": map[string]any{"users": []string{"benny"}}, "title": title, "body": ""}, nil)
		acknowledged.Add(1)
	}
	for n := range 20 {
		push(fmt.Sprint("before ", n))
	}
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
				push(fmt.Sprint("meanwhile ", n))
			}
		}
	})
	made := run(t, t.Context(), nil, "", "backup", file, "--data", s.data)
	close(stop)
	writing.Wait()
	if made.code != exitOK || !strings.Contains(made.stdout, "2 users") || !strings.Contains(made.stdout, "aoki.key") {
		t.Fatalf("%+v", made)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	push("after the backup")
	head := acknowledged.Load()
	var before struct{ Epoch string }
	ben.do(t, http.MethodGet, "/events", nil, &before)

	// While a server runs, nothing is restored.
	run(t, t.Context(), nil, "", "restore", file, "--data", s.data).oneSentence(t, exitFailed, "another aoki server", s.data)
	ben.do(t, http.MethodGet, "/events", nil, nil)
	if code := s.stop(); code != exitOK {
		t.Fatalf("%d %s", code, s.stderr)
	}
	restored := run(t, t.Context(), nil, "", "restore", file, "--data", s.data)
	if restored.code != exitOK || !strings.Contains(restored.stdout, "2 users") || !strings.Contains(restored.stdout, "aoki.db.before-restore") ||
		strings.Contains(restored.stdout, "no key") {
		t.Fatalf("%+v", restored)
	}

	// The key stayed, so sessions of the backup live on.
	again := serve(t, s.data)
	ben.base = again.url
	var box struct {
		Items []struct{ Title string }
		Head  int64
	}
	ben.do(t, http.MethodGet, "/notifications?limit=200", nil, &box)
	times := map[string]int{}
	for _, item := range box.Items {
		times[item.Title]++
	}
	for n := range 20 {
		if title := fmt.Sprint("before ", n); times[title] != 1 {
			t.Errorf("%q is there %d times", title, times[title])
		}
	}
	if times["after the backup"] != 0 {
		t.Error("what came after the backup is in it")
	}

	// A cursor of before means nothing now, whichever way it comes.
	var page struct {
		Epoch  string
		Events []json.RawMessage
		Reset  *realtime.Reset
	}
	cursor := fmt.Sprintf("since=%d&epoch=%s", head, before.Epoch)
	ben.do(t, http.MethodGet, "/events?"+cursor, nil, &page)
	want := realtime.Reset{Epoch: page.Epoch, Head: box.Head, Reason: "epoch"}
	if page.Reset == nil || *page.Reset != want || page.Epoch == before.Epoch || len(page.Events) != 0 {
		t.Errorf("poll: %+v, want %+v", page, want)
	}
	if got := firstOfStream(t, ben, cursor); got != want {
		t.Errorf("stream: %+v, want %+v", got, want)
	}
	if got := firstReset(t, ben, &realtime.Position{Epoch: before.Epoch, Seq: head}); got != want {
		t.Errorf("socket: %+v, want %+v", got, want)
	}

	// And a later server takes the folder over as if nothing had been.
	if code := again.stop(); code != exitOK {
		t.Errorf("%d %s", code, again.stderr)
	}
	var verdict string
	db, err := sql.Open("sqlite3", filepath.Join(s.data, "aoki.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Error(verdict, err)
	}
}

// firstOfStream is the reset that a stream begins with.
func firstOfStream(t *testing.T, c *client, cursor string) (reset realtime.Reset) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/api/v1/events?"+cursor, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.access)
	r.Header.Set("Accept", "text/event-stream")
	resp, err := c.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	head := make([]byte, 4096)
	n, _ := resp.Body.Read(head)
	_, data, _ := strings.Cut(string(head[:n]), "data: ")
	data, _, _ = strings.Cut(data, "\n")
	var frame struct {
		Name    string
		Message realtime.Reset
	}
	if err := json.Unmarshal([]byte(data), &frame); err != nil || frame.Name != "reset" {
		t.Errorf("the stream begins with %q", head[:n])
	}
	return frame.Message
}

// firstReset is the reset that a socket gets, with no event before it.
func firstReset(t *testing.T, c *client, from *realtime.Position) (reset realtime.Reset) {
	t.Helper()
	done := fmt.Errorf("seen enough")
	connection := realtime.NewClient(realtime.ClientOptions{URL: c.base, Since: from, Token: c.token, Handle: func(f realtime.Frame) error {
		if f.Seq > 0 {
			t.Errorf("an event before the reset: %d", f.Seq)
		}
		if f.Name != "reset" {
			return nil
		}
		if err := json.Unmarshal(f.Message, &reset); err != nil {
			t.Error(err)
		}
		return realtime.Permanent(done)
	}})
	_ = connection.Run(t.Context())
	return reset
}

func TestBackupRefusals(t *testing.T) {
	t.Parallel()
	data, out := t.TempDir(), t.TempDir()
	serve(t, data).stop()
	there := filepath.Join(out, "there")
	if err := os.WriteFile(there, []byte("something of value"), 0o644); err != nil {
		t.Fatal(err)
	}
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link") // as /dev/stdout is one, to whatever is there
	if err := os.Symlink(fifo, link); err != nil {
		t.Fatal(err)
	}
	noise := t.TempDir()
	if err := os.WriteFile(filepath.Join(noise, "aoki.db"), []byte(strings.Repeat("noise", 9999)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := t.TempDir()
	serve(t, newer).stop()
	makeNewer(t, filepath.Join(newer, "aoki.db"))
	before := list(t, data)
	for name, test := range map[string]struct {
		file, data string
		force      bool
		code       int
		want       []string
	}{
		"an existing file":        {there, data, false, exitFailed, []string{there, "--force"}},
		"an existing folder":      {out, data, false, exitUsage, []string{out, "folder"}},
		"a folder, by force":      {out, data, true, exitUsage, []string{out, "folder"}},
		"a fifo, by force":        {fifo, data, true, exitUsage, []string{fifo, "not a file"}},
		"a link to a fifo":        {link, data, true, exitUsage, []string{link, "not a file"}},
		"no such folder":          {filepath.Join(out, "none", "b.db"), data, false, exitFailed, []string{"none", "no folder"}},
		"a file as folder":        {filepath.Join(there, "b.db"), data, false, exitFailed, []string{there, "no folder"}},
		"the database itself":     {filepath.Join(data, "aoki.db"), data, true, exitUsage, []string{"aoki.db", "in use"}},
		"the key":                 {filepath.Join(data, ".", "aoki.key"), data, true, exitUsage, []string{"aoki.key", "in use"}},
		"the database's WAL":      {filepath.Join(data, "aoki.db-wal"), data, false, exitUsage, []string{"in use"}},
		"no data folder":          {filepath.Join(out, "b"), filepath.Join(out, "none"), false, exitFailed, []string{"none", "no database"}},
		"a folder with nothing":   {filepath.Join(out, "b"), out, false, exitFailed, []string{out, "no database"}},
		"a database that is none": {filepath.Join(out, "b"), noise, false, exitFailed, []string{noise, "no Aoki database"}},
		"a database of tomorrow":  {filepath.Join(out, "b"), newer, false, exitFailed, []string{"newer Aoki"}},
		"no name":                 {"", data, false, exitUsage, []string{"name the file"}},
	} {
		args := []string{"backup", test.file, "--data", test.data}
		if test.force {
			args = append(args, "--force")
		}
		t.Run(name, func(t *testing.T) {
			run(t, t.Context(), nil, "", args...).oneSentence(t, test.code, test.want...)
		})
	}
	gaveUp, cancel := context.WithCancel(t.Context())
	cancel()
	run(t, gaveUp, nil, "", "backup", filepath.Join(out, "b"), "--data", data).oneSentence(t, exitFailed, "no backup was made")
	if text, err := os.ReadFile(there); err != nil || string(text) != "something of value" {
		t.Errorf("the file that was there is %q now (%v)", text, err)
	}
	if files := list(t, out); !slices.Equal(files, []string{"there"}) {
		t.Errorf("left behind: %v", files)
	}
	if after := list(t, data); !slices.Equal(before, after) {
		t.Errorf("the data folder has %v, had %v", after, before)
	}
	if got := run(t, t.Context(), nil, "", "backup", there, "--data", data, "--force"); got.code != exitOK {
		t.Errorf("by force: %+v", got)
	}
	if info, err := os.Stat(there); err != nil || info.Mode().Perm() != 0o600 {
		t.Error("others can read it:", info, err)
	}
	run(t, t.Context(), nil, "", "backup", "--data", data).oneSentence(t, exitUsage, "<file>")
}

// A small file system of its own is full in the middle of it.
func TestBackupOnAFullDisk(t *testing.T) {
	t.Parallel()
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("only root can make a small disk")
	}
	t.Cleanup(func() { _ = syscall.Unmount(small, 0) })
	data := t.TempDir()
	serve(t, data).stop()
	run(t, t.Context(), nil, "", "backup", filepath.Join(small, "b.db"), "--data", data).oneSentence(t, exitFailed, "disk is full", small)
	if files := list(t, small); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
	good := filepath.Join(t.TempDir(), "b.db")
	if got := run(t, t.Context(), nil, "", "backup", good, "--data", data); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	run(t, t.Context(), nil, "", "restore", good, "--data", small).oneSentence(t, exitFailed, "disk is full", small)
	if files := list(t, small); !slices.Equal(files, []string{"aoki.lock"}) {
		t.Errorf("left behind: %v", files)
	}
}

// list is the names in a folder, in order.
func list(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
