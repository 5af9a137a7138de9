package models

import (
	"errors"
	"io"
	"os"
)

// copyFile makes a new file, readable by its owner only, and has it on disk when it
// returns.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		_ = os.Remove(to)
	}
	return err
}

// syncPath has a file, or a folder's names, on disk when it returns.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func removeAll(path string, ends []string) {
	for _, end := range ends {
		_ = os.Remove(path + end)
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
