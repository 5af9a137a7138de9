package cmd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// patient is a server under a fault, with somebody who is signed in and somebody
// who has a socket open.
type patient struct {
	*process
	ledger
	ann, ben *client
	ws       *websocket.Conn
	replies  chan error
	keyed    int
}

func newPatient(t *testing.T, p *process) *patient {
	t.Helper()
	s := &patient{process: p}
	s.ann, s.ben = p.setUp(t)
	for range 5 {
		if !s.push(t.Context(), s.ann) {
			t.Fatal(s.refused)
		}
	}
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(p.url, "http")+"/ws", http.Header{"Authorization": {"Bearer " + s.ben.access}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	s.ws, s.replies = ws, make(chan error, 1)
	go func() {
		for {
			_, text, err := ws.ReadMessage()
			if err != nil || strings.HasPrefix(string(text), `{"name":"reply"`) {
				s.replies <- err
			}
			if err != nil {
				return
			}
		}
	}()
	s.alive(t)
	return s
}

// alive reads, as those who are signed in may, and talks over the socket.
func (s *patient) alive(t *testing.T) {
	t.Helper()
	for _, path := range []string{"/me", "/notifications", "/decks", "/events?since=0&limit=5", "/livez"} {
		s.ben.do(t, http.MethodGet, path, nil, nil)
	}
	s.answers(t)
}

// answers has the socket give an answer.
func (s *patient) answers(t *testing.T) {
	t.Helper()
	if err := s.ws.WriteMessage(websocket.TextMessage, []byte(`{"name":"ping","id":1}`)); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-s.replies:
		if err != nil {
			t.Fatalf("the socket is gone: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the socket is silent")
	}
}

// refuses pushes until one is refused, which must be in the right words.
func (s *patient) refuses(t *testing.T, status int, code string) {
	t.Helper()
	for range 3000 {
		if s.push(t.Context(), s.ann) {
			continue
		}
		var answer *answerError
		err := s.refused[len(s.refused)-1]
		if !errors.As(err, &answer) || answer.status != status || answer.Code != code || answer.retryAfter <= 0 || answer.Detail == "" || strings.ContainsAny(answer.Detail, "/\n") {
			t.Fatalf("refused with %v, %+v", err, answer)
		}
		return
	}
	t.Fatal("nothing was refused")
}

// isReady holds /readyz against what is so.
func (s *patient) isReady(t *testing.T, code string) {
	t.Helper()
	err := s.ben.call(t.Context(), http.MethodGet, "/readyz", "", "", nil, nil)
	var answer *answerError
	switch {
	case code == "" && err != nil:
		t.Errorf("not ready: %v", err)
	case code != "" && (!errors.As(err, &answer) || answer.status != http.StatusServiceUnavailable || answer.Code != code):
		t.Errorf("ready? %v, want %s", err, code)
	}
}

// keyedPush repeats one push with its Idempotency-Key until it is acknowledged, and
// then once more.
func (s *patient) keyedPush(t *testing.T, want bool) {
	t.Helper()
	s.keyed++
	body := map[string]any{"to": map[string]any{"users": []string{"benny", "annie"}}, "title": fmt.Sprint("keyed ", s.keyed), "body": strings.Repeat("字", 4000)}
	call := func() error {
		return s.ann.call(t.Context(), http.MethodPost, "/admin/pushes", s.ann.access, fmt.Sprint("key ", s.keyed), body, nil)
	}
	if err := call(); (err == nil) != want {
		t.Errorf("a push with a key: %v", err)
	}
	if !want {
		s.keyed-- // the next one repeats it
		return
	}
	if err := call(); err != nil {
		t.Error(err)
	}
	s.acked[fmt.Sprint("keyed ", s.keyed)] = true
}

// recovers waits until all is well again, without a restart.
func (s *patient) recovers(t *testing.T) {
	t.Helper()
	s.isReady(t, "")
	s.keyedPush(t, true)
	if !s.push(t.Context(), s.ann) {
		t.Fatal("it does not come back:", s.refused[len(s.refused)-1])
	}
	s.alive(t)
	s.verify(t, s.ben)
}

// noSecrets looks for what no log may hold.
func (s *patient) noSecrets(t *testing.T) {
	t.Helper()
	for _, secret := range []string{"annieannie", s.ann.access, "字字", "push 1"} {
		if strings.Contains(s.stderr.String(), secret) {
			t.Errorf("%.20q is in the log", secret)
		}
	}
}

// Another program writes: who writes waits for it, who reads does not.
func TestAnotherProgramWrites(t *testing.T) {
	t.Parallel()
	for _, begin := range []string{"BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"} {
		t.Run(begin, func(t *testing.T) {
			t.Parallel()
			s := newPatient(t, spawn(t, t.TempDir()))
			release := hold(t, outside(t, s.data), begin)
			defer release()
			waiting := make(chan bool, 10)
			for range cap(waiting) {
				go func() { waiting <- s.push(t.Context(), s.ann) }()
			}
			// Who gives up before its turn has written nothing.
			short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if s.push(short, s.ann) {
				t.Error("it did not wait")
			}
			s.alive(t)
			s.isReady(t, "")
			release()
			for range cap(waiting) {
				if !<-waiting {
					t.Error(s.refused)
				}
			}

			// And who waits for too long is told so.
			release = hold(t, outside(t, s.data), begin)
			defer release()
			s.refuses(t, http.StatusServiceUnavailable, "unavailable")
			s.isReady(t, "unavailable")
			s.alive(t)
			release()
			s.recovers(t)
			s.terminate(t, 1)
			s.reopened(t, s.data)
		})
	}
}

// A disk that is really full: nothing can be written, all can be read.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=4m,mode=0700"); err != nil {
		t.Skip("no small disk can be made here: mounting is not allowed")
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(data, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s := newPatient(t, spawn(t, data))
	filler := filepath.Join(data, "filler")
	fill := func() {
		t.Helper()
		file, err := os.OpenFile(filler, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for err == nil {
			_, err = file.Write(make([]byte, 4096))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	for range 2 {
		fill()
		s.refuses(t, http.StatusInsufficientStorage, "storage_full")
		s.isReady(t, "read_only")
		s.keyedPush(t, false)
		s.alive(t)
		s.refuses(t, http.StatusInsufficientStorage, "storage_full")
		s.alive(t)
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		s.recovers(t)
	}
	fill()
	s.refuses(t, http.StatusInsufficientStorage, "storage_full")
	s.terminate(t, 1)
	s.noSecrets(t)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	s.reopened(t, data)
}

// A limit on the size of files, as a supervisor may set one, is as a full disk.
func TestFilesThatMayNotGrow(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("prlimit")
	if err != nil {
		t.Skip("prlimit (of util-linux) is not installed")
	}
	s := newPatient(t, spawn(t, t.TempDir()))
	limit := func(bytes string) {
		t.Helper()
		if out, err := exec.Command(tool, "--pid", strconv.Itoa(s.command.Process.Pid), "--fsize="+bytes+":").CombinedOutput(); err != nil {
			t.Skipf("no limit can be set on another process here: %s", out)
		}
	}
	for range 2 {
		info, err := os.Stat(filepath.Join(s.data, "aoki.db-wal"))
		if err != nil {
			t.Fatal(err)
		}
		limit(strconv.FormatInt(info.Size(), 10))
		s.refuses(t, http.StatusInsufficientStorage, "storage_full")
		s.isReady(t, "read_only")
		s.keyedPush(t, false)
		s.alive(t)
		limit("unlimited")
		s.recovers(t)
	}
	s.terminate(t, 1)
	s.noSecrets(t)
	s.reopened(t, s.data)
}

// A disk that fails: each kind of call, on each of the files.
func TestFailingDisk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		call string
		end  func(*patient)
	}{
		"writing the WAL": {"pwrite64", func(s *patient) { s.terminate(t, 1) }},
		// What was refused may be there after this, whole; what was acknowledged is.
		"syncing the WAL": {"fsync,fdatasync", func(s *patient) { s.kill(t) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newPatient(t, spawn(t, t.TempDir()))
			for range 2 {
				_, detach := s.strace(t, "-P", filepath.Join(s.data, "aoki.db-wal"), "-e", "trace="+c.call, "-e", "inject="+c.call+":error=EIO")
				s.refuses(t, http.StatusServiceUnavailable, "unavailable")
				s.isReady(t, "unavailable")
				s.keyedPush(t, false)
				s.alive(t)
				s.refuses(t, http.StatusServiceUnavailable, "unavailable")
				detach()
				s.recovers(t)
			}
			_, detach := s.strace(t, "-P", filepath.Join(s.data, "aoki.db-wal"), "-e", "trace="+c.call, "-e", "inject="+c.call+":error=EIO")
			s.refuses(t, http.StatusServiceUnavailable, "unavailable")
			s.noSecrets(t)
			c.end(s)
			detach()
			s.reopened(t, s.data)
		})
	}
}

// A disk that answers nothing any more: nobody can wait for that.
func TestStopWhileTheDiskHangs(t *testing.T) {
	t.Parallel()
	s := newPatient(t, spawn(t, t.TempDir()))
	_, detach := s.strace(t, "-P", filepath.Join(s.data, "aoki.db-wal"), "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:delay_enter=60000000")
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if s.push(short, s.ann) {
		t.Error("acknowledged, and not synced")
	}
	s.alive(t)
	began := time.Now()
	for range 2 {
		if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	// The kernel keeps a process that it still does something for, and so does strace.
	eventually(t, "it gives up waiting", func() bool { return strings.Contains(s.stderr.String(), "stopped, without waiting") })
	detach()
	s.endsWell(t, began)
	s.reopened(t, s.data)
}

// Folding the WAL back fails: nobody notices, and nothing is lost.
func TestFailingCheckpoints(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"pwrite64", "fsync,fdatasync"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			s := newPatient(t, spawn(t, t.TempDir()))
			seen, detach := s.strace(t, "-P", filepath.Join(s.data, "aoki.db"), "-e", "trace="+call, "-e", "inject="+call+":error=EIO")
			failed := func() int {
				return strings.Count(strings.Join(seen(), "\n"), "(INJECTED)")
			}
			for n := 0; failed() < 3; n++ {
				if n == 200 {
					t.Fatal("nobody folds the WAL back")
				}
				for range 10 {
					s.keyedPush(t, true)
				}
				s.alive(t)
			}
			s.isReady(t, "")
			detach()
			s.recovers(t)
			s.noSecrets(t)
			s.terminate(t, 1)
			s.reopened(t, s.data)
		})
	}
}

// What can't be read is refused, and can be read when the disk has come back.
func TestUnreadableDisk(t *testing.T) {
	t.Parallel()
	s := newPatient(t, spawn(t, t.TempDir()))
	for range 20 { // what nobody has read yet
		s.push(t.Context(), s.ann)
	}
	_, detach := s.strace(t, "-P", filepath.Join(s.data, "aoki.db-wal"), "-e", "trace=pread64", "-e", "inject=pread64:error=EIO")
	answers := make(chan error, 20)
	for range cap(answers) {
		go func() {
			answers <- s.ben.call(t.Context(), http.MethodGet, "/notifications?limit=200", s.ben.access, "", nil, nil)
		}()
	}
	refused := 0
	for range cap(answers) {
		err := <-answers
		var answer *answerError
		switch {
		case err == nil:
		case !errors.As(err, &answer) || answer.status != http.StatusServiceUnavailable:
			t.Errorf("refused with %v", err)
		default:
			refused++
		}
	}
	s.answers(t)
	s.ben.do(t, http.MethodGet, "/livez", nil, nil)
	detach()
	if refused == 0 {
		t.Error("nothing was refused")
	}
	s.recovers(t)
	s.noSecrets(t)
	s.terminate(t, 1)
	s.reopened(t, s.data)
}
