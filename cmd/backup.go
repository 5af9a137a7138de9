package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"aoki/models"
)

type backupCmd struct {
	Folder
	File  string `arg:"" help:"The file to make."`
	Force bool   `name:"force" help:"Replace the file if it is there."`
}

// Run makes the backup under another name beside the file, so that under its own
// name there never is half a backup.
func (c *backupCmd) Run(ctx context.Context, p *program) (err error) {
	if err := p.checked(&c.Folder); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.checkFile(); err != nil {
		return err
	}
	if _, err := os.Stat(c.database()); err != nil {
		return fmt.Errorf("there is no database in the data folder %s: %w", c.Data, cause(err))
	}
	leave, err := c.share()
	if err != nil {
		return err
	}
	defer leave()
	part, err := os.CreateTemp(filepath.Dir(c.File), "."+filepath.Base(c.File)+"-*") // mode 0600
	if err != nil {
		return fmt.Errorf("the backup %s can't be written: %w", c.File, cause(err))
	}
	defer os.Remove(part.Name())
	defer part.Close()
	found, err := models.Backup(ctx, c.database(), part.Name())
	if err != nil {
		return c.failed(ctx, err)
	}
	if err := part.Sync(); err != nil {
		return c.failed(ctx, err)
	}
	if err := c.publish(part.Name()); err != nil {
		return err
	}
	return p.say("%s in %s, checked\nThe key that signs logins is not in it: keep a copy of %s too, or everybody has to sign in again after a restore elsewhere.\n",
		contents(found), c.File, filepath.Join(c.Data, "aoki.key"))
}

// checkFile refuses what should not be replaced by a backup.
func (c *backupCmd) checkFile() error {
	if c.File == "" {
		return usagef("name the file that the backup is to be")
	}
	folder := filepath.Dir(c.File)
	there, err := os.Stat(folder)
	if err == nil && !there.IsDir() {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return fmt.Errorf("there is no folder %s for the backup: %w", folder, cause(err))
	}
	if data, err := os.Stat(c.Data); err == nil && os.SameFile(there, data) {
		switch filepath.Base(c.File) {
		case "aoki.db", "aoki.db-wal", "aoki.db-shm", "aoki.db-journal", "aoki.key", "aoki.lock":
			return usagef("%s is in use by aoki itself: give the backup another name", c.File)
		}
	}
	info, err := os.Lstat(c.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("the backup %s can't be written: %w", c.File, cause(err))
	case info.IsDir():
		return usagef("%s is a folder: name a file in it", c.File)
	case !c.Force:
		return c.thereAlready()
	}
	// Through a link too: /dev/null and /dev/stdout would be files for everybody from then on.
	if to, err := os.Stat(c.File); err == nil && !to.Mode().IsRegular() {
		return usagef("%s is not a file: give another name", c.File)
	}
	return nil
}

func (c *backupCmd) thereAlready() error {
	return fmt.Errorf("%s is there already: give another name, or --force to replace it", c.File)
}

// publish gives the finished backup its name, and has that on disk when it returns.
func (c *backupCmd) publish(part string) error {
	var err error
	if c.Force {
		err = os.Rename(part, c.File)
	} else if err = os.Link(part, c.File); errors.Is(err, fs.ErrExist) {
		return c.thereAlready() // since we looked
	} else if err != nil { // a file system without links
		err = os.Rename(part, c.File)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(c.File))
	}
	if err != nil {
		return fmt.Errorf("the backup %s can't be written: %w", c.File, cause(err))
	}
	return nil
}

// failed says what kept a backup from being made.
func (c *backupCmd) failed(ctx context.Context, err error) error {
	var lite sqlite3.Error
	switch errors.As(err, &lite); {
	case ctx.Err() != nil:
		return errors.New("stopped: no backup was made")
	case lite.Code == sqlite3.ErrFull, errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("there is no room for the backup in %s: the disk is full", filepath.Dir(c.File))
	case lite.Code == sqlite3.ErrIoErr:
		return fmt.Errorf("the backup %s can't be written: %w", c.File, err)
	}
	return fmt.Errorf("the database %s can't be backed up: %w", c.database(), worded(err))
}

// worded is an error of models as a sentence, to be put into another one.
func worded(err error) error {
	var refusal *models.Error
	if errors.As(err, &refusal) {
		return errors.New(sentence(err))
	}
	return cause(err)
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// contents says what a database holds: "2 users, 1 deck, 10 cards (1.2 MB)".
func contents(c models.Contents) string {
	count := func(n int64, of string) string {
		if n == 1 {
			return "1 " + of
		}
		return fmt.Sprintf("%d %ss", n, of)
	}
	return fmt.Sprintf("%s, %s, %s (%.1f MB)", count(c.Users, "user"), count(c.Decks, "deck"), count(c.Cards, "card"), float64(c.Size)/1e6)
}
