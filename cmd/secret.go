package cmd

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// minSecret is the least length of a signing key in bytes: what HMAC-SHA-256 can use.
const minSecret = 32

func checkSecret(list string) error {
	keys := words(list)
	if len(keys) == 0 {
		return errors.New("holds no key")
	}
	for _, key := range keys {
		if len(key) < minSecret {
			return fmt.Errorf("holds a key of %d bytes: each key must have %d or more", len(key), minSecret)
		}
	}
	return nil
}

func readSecretFile(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("must be a file that can be read: %w", cause(err))
	}
	list := string(data)
	if err := checkSecret(list); err != nil {
		return "", fmt.Errorf("is not usable: the file %w", err)
	}
	return list, nil
}

// secrets gives the signing keys, the one that signs first. Without a configured
// key it makes one of 256 bits in the data folder, so that there never is a
// default key and logins survive a restart.
func (c *Config) secrets() ([][]byte, error) {
	list := c.Secret
	if c.SecretFile != "" {
		var err error
		if list, err = readSecretFile(c.SecretFile); err != nil {
			return nil, usagef("AOKI_SECRET_FILE %w", err)
		}
	}
	if list == "" {
		var err error
		if list, err = keyFile(filepath.Join(c.Data, "aoki.key")); err != nil {
			return nil, err
		}
	}
	var keys [][]byte
	for _, word := range words(list) {
		keys = append(keys, []byte(word))
	}
	return keys, nil
}

// keyFile reads the key, or makes it. It is written beside and renamed, so that
// a crash at the first start never leaves half a key.
func keyFile(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err == nil {
		if err := checkSecret(string(data)); err != nil {
			return "", fmt.Errorf("the key file %s %w", path, err)
		}
		return string(data), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the key file %s can't be read: %w", path, cause(err))
	}
	key := make([]byte, minSecret)
	_, _ = rand.Read(key) // never fails: crypto/rand ends the program instead
	text := hex.EncodeToString(key) + "\n"
	if err := writeFile(path, []byte(text)); err != nil {
		return "", fmt.Errorf("the key file %s can't be written: %w", path, cause(err))
	}
	return text, nil
}

// writeFile replaces a file as a whole, readable by its owner only, and has it on disk when it returns.
func writeFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(data); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// cause drops "open /some/path:" from a file error, for sentences that name the path already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
