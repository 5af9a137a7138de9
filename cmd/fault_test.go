package cmd

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

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
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", data).Run(); err != nil {
		t.Skip("no small disk can be made here: mounting is not allowed")
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", data).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
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
