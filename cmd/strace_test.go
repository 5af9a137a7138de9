package cmd

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// strace looks at a server's system calls, or lets them fail, until detach is called.
// What it saw is a line for each call's begin, end, or both.
func (p *process) strace(t *testing.T, args ...string) (seen func() []string, detach func()) {
	t.Helper()
	tool, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed: scripts/setup.sh does it")
	}
	trace := filepath.Join(t.TempDir(), "trace")
	said := &buffer{}
	command := exec.Command(tool, append([]string{"-f", "-y", "-s", "64", "-o", trace, "-p", strconv.Itoa(p.command.Process.Pid)}, args...)...)
	command.Stderr = said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() { _ = command.Process.Kill() })
	// All threads are held when it says so.
	eventually(t, "strace is attached", func() bool {
		select {
		case err := <-ended:
			if strings.Contains(said.String(), "not permitted") || strings.Contains(said.String(), "not implemented") {
				t.Skip("this machine does not let one process look at another")
			}
			t.Fatalf("strace ended with %v: %s", err, said)
		default:
		}
		return strings.Contains(said.String(), "attached")
	})
	seen = func() []string {
		t.Helper()
		text, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(string(text), "\n")
	}
	return seen, func() {
		t.Helper()
		_ = command.Process.Signal(syscall.SIGINT)
		select {
		case <-ended:
		case <-time.After(500 * time.Millisecond): // while it holds a call up, it may not hear
			_ = command.Process.Kill() // the kernel then lets go in its place
			<-ended
		}
	}
}

var (
	walWritten = regexp.MustCompile(`\bpwrite64(\(\d+<[^>]*aoki\.db-wal>| resumed).* = \d+$`)
	walSynced  = regexp.MustCompile(`^(\d+) +(?:fdatasync|fsync)\(\d+<[^>]*aoki\.db-wal>(\) += 0$| <unfinished)`)
	resumed    = regexp.MustCompile(`^(\d+) +<\.\.\. (?:fdatasync|fsync) resumed>\) += 0$`)
)

// syncedBefore reports whether, between a request that was read and its answer that
// began to be written, something was written to the WAL and a sync of the WAL, begun
// after that, was done.
func syncedBefore(trace []string, request, answer string) (bool, error) {
	at := 0
	find := func(what string) bool {
		for ; at < len(trace); at++ {
			if strings.Contains(trace[at], what) {
				return true
			}
		}
		return false
	}
	if !find(request) {
		return false, fmt.Errorf("the trace has no request %q", request)
	}
	from := at
	if !find(answer) {
		return false, fmt.Errorf("the trace has no answer %q", answer)
	}
	written := false
	syncing := map[string]bool{} // threads in a sync that began after the write
	for _, line := range trace[from:at] {
		if walWritten.MatchString(line) {
			written = true
		}
		if m := walSynced.FindStringSubmatch(line); m != nil && written {
			if strings.HasSuffix(line, "= 0") {
				return true, nil
			}
			syncing[m[1]] = true
		}
		if m := resumed.FindStringSubmatch(line); m != nil && syncing[m[1]] {
			return true, nil
		}
	}
	return false, nil
}

func TestSyncedBefore(t *testing.T) {
	const read, wrote, answer = `7 read(9<socket:[1]>, "POST /x HTTP/1.1\r\n"..., 4096) = 300`, `8 pwrite64(5</d/aoki.db-wal>, "..."..., 4096, 32) = 4096`, `7 write(9<socket:[1]>, "HTTP/1.1 201 Created\r\n"..., 500) = 500`
	for name, c := range map[string]struct {
		between []string
		want    bool
	}{
		"written and synced":      {[]string{wrote, `8 fdatasync(5</d/aoki.db-wal>) = 0`}, true},
		"with fsync":              {[]string{wrote, `8 fsync(5</d/aoki.db-wal>)         = 0`}, true},
		"in two lines":            {[]string{wrote, `8 fdatasync(5</d/aoki.db-wal> <unfinished ...>`, `7 read(3</x>, "") = 0`, `8 <... fdatasync resumed>) = 0`}, true},
		"not at all":              {nil, false},
		"not synced":              {[]string{wrote}, false},
		"not done":                {[]string{wrote, `8 fdatasync(5</d/aoki.db-wal> <unfinished ...>`}, false},
		"another thread's":        {[]string{wrote, `8 fdatasync(5</d/aoki.db-wal> <unfinished ...>`, `9 <... fdatasync resumed>) = 0`}, false},
		"failed":                  {[]string{wrote, `8 fdatasync(5</d/aoki.db-wal>) = -1 EIO (Input/output error)`}, false},
		"before it was written":   {[]string{`8 fdatasync(5</d/aoki.db-wal>) = 0`, wrote}, false},
		"begun before":            {[]string{`8 fdatasync(5</d/aoki.db-wal> <unfinished ...>`, wrote, `8 <... fdatasync resumed>) = 0`}, false},
		"only the database":       {[]string{wrote, `8 fdatasync(5</d/aoki.db>) = 0`}, false},
		"nothing was written":     {[]string{`8 fdatasync(5</d/aoki.db-wal>) = 0`}, false},
		"the writing was refused": {[]string{`8 pwrite64(5</d/aoki.db-wal>, "..."..., 4096, 32) = -1 EIO (Input/output error)`, `8 fdatasync(5</d/aoki.db-wal>) = 0`}, false},
	} {
		trace := append(append([]string{read}, c.between...), answer, wrote, `8 fdatasync(5</d/aoki.db-wal>) = 0`)
		if got, err := syncedBefore(trace, "POST /x", "HTTP/1.1 201"); err != nil || got != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// What is answered 201 was on disk before: the kernel was told to write the WAL and
// said that it had, and only then did the answer go out.
func TestAnsweredOnlyOnceItIsOnDisk(t *testing.T) {
	t.Parallel()
	p := spawn(t, t.TempDir())
	ann, _ := p.setUp(t)
	var deck struct{ ID int64 }
	ann.do(t, http.MethodPost, "/decks", map[string]string{"name": "first"}, &deck)
	notes := fmt.Sprintf("/decks/%d/notes", deck.ID)
	requests := []struct {
		path string
		body any
	}{
		{"/admin/pushes", map[string]any{"to": map[string]any{"users": []string{"benny"}}, "title": "t", "body": "b"}},
		{"/admin/pushes", map[string]any{"to": map[string]any{"all": true}, "title": "t", "body": "b"}},
		{"/decks", map[string]string{"name": "second"}},
		{notes, map[string]any{"type": "basic", "fields": map[string]string{"Front": "f", "Back": "b"}}},
		{"/admin/users", map[string]string{"username": "carol", "password": "carolcarol"}},
	}
	for _, r := range requests {
		seen, detach := p.strace(t, "-e", "trace=read,write,pwrite64,fdatasync,fsync")
		ann.do(t, http.MethodPost, r.path, r.body, nil)
		detach()
		trace := seen()
		synced, err := syncedBefore(trace, "POST /api/v1"+r.path, "HTTP/1.1 201 Created")
		if err != nil || !synced {
			t.Errorf("POST %s was answered before it was on disk (%v):\n%s", r.path, err, strings.Join(trace, "\n"))
		}
	}
}
