package cmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// prepare makes the data folder, readable by its owner only.
func (f Folder) prepare() error {
	if err := os.MkdirAll(f.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder %s can't be made: %w", f.Data, cause(err))
	}
	info, err := os.Stat(f.Data)
	if err != nil || !info.IsDir() {
		return fmt.Errorf("the data folder %s is not a folder", f.Data)
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
	return func() { _ = file.Close() }, nil
}
