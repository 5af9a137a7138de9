package cmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// makeFolder makes the data folder, readable by its owner only.
func (f Folder) makeFolder() error {
	if err := os.MkdirAll(f.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder %s can't be made: %w", f.Data, cause(err))
	}
	info, err := os.Stat(f.Data)
	if err != nil || !info.IsDir() {
		return fmt.Errorf("the data folder %s is not a folder", f.Data)
	}
	return nil
}

// prepare makes the data folder and in it the database's file.
func (f Folder) prepare() error {
	if err := f.makeFolder(); err != nil {
		return err
	}
	// What SQLite makes beside the database (-wal, -shm) takes the database's mode.
	file, err := os.OpenFile(f.database(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("the database %s can't be opened for writing: %w", f.database(), cause(err))
	}
	return file.Close()
}

// lock makes sure that one server alone serves the data folder. The kernel lets
// go of the lock when the process ends, however it ends.
func (f Folder) lock() (unlock func(), err error) {
	path := filepath.Join(f.Data, "aoki.lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the lock %s can't be opened: %w", path, cause(err))
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("another aoki server is using the data folder %s", f.Data)
		}
		return nil, fmt.Errorf("the lock %s can't be taken: %w", path, err)
	}
	leave, err := f.share()
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return func() { leave(); release(file) }, nil
}

// share lets a command use the database beside others, and keeps it from being
// replaced meanwhile.
func (f Folder) share() (leave func(), err error) { return f.hold(syscall.LOCK_SH) }

// alone makes sure that no process of ours has the database open, or opens it: not
// a server, and not a command. The folder must be there.
func (f Folder) alone() (leave func(), err error) {
	unlock, err := f.lock()
	if err != nil {
		return nil, err
	}
	unlock() // only to tell a server from a command
	return f.hold(syscall.LOCK_EX)
}

// hold locks the folder itself.
func (f Folder) hold(how int) (leave func(), err error) {
	folder, err := os.Open(f.Data)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s can't be opened: %w", f.Data, cause(err))
	}
	if err := syscall.Flock(int(folder.Fd()), how|syscall.LOCK_NB); err != nil {
		_ = folder.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("another aoki command is using the data folder %s: try again when it is done", f.Data)
		}
		return nil, fmt.Errorf("the data folder %s can't be locked: %w", f.Data, err)
	}
	return func() { release(folder) }, nil
}

// release gives a lock back. Closing alone would not, while a process that was being
// started at that moment has the descriptor too.
func release(file *os.File) {
	_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
	_ = file.Close()
}
