package cmd

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// A prover that is killed takes its servers along: nothing else would ever end them.
func TestProveKilled(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	prover := exec.Command(self, "prove", "--servers", "1")
	prover.Env = []string{asProgram + "=1", "TMPDIR=" + temp}
	if err := prover.Start(); err != nil {
		t.Fatal(err)
	}
	var found []string
	eventually(t, "the server runs, and has been told to make a deck", func() bool {
		found, _ = filepath.Glob(filepath.Join(temp, "*", "w0", "data", "aoki.db"))
		if len(found) == 0 {
			return false
		}
		db, err := sql.Open("sqlite3", "file:"+found[0]+"?mode=ro&_busy_timeout=5000")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var decks int
		return db.QueryRow("SELECT count(*) FROM decks").Scan(&decks) == nil && decks > 0
	})
	_ = prover.Process.Kill()
	_ = prover.Wait()
	eventually(t, "the server is gone", func() bool { return free(filepath.Join(filepath.Dir(found[0]), "aoki.lock")) })
}

// free reports whether nobody holds the lock of a data folder.
func free(lock string) bool {
	file, err := os.Open(lock)
	if err != nil {
		return false
	}
	defer file.Close()
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
