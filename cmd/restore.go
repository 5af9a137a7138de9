package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"aoki/models"
)

type restoreCmd struct {
	Folder
	File string `arg:"" help:"A file that aoki backup made."`
}

func (c *restoreCmd) Run(ctx context.Context, p *program) error {
	if err := p.checked(&c.Folder); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.checkFile(); err != nil {
		return err
	}
	if _, err := os.Stat(c.Data); err != nil {
		// No folder is made for what turns out to be no backup.
		if _, err := models.Inspect(ctx, c.File); err != nil {
			return c.failed(ctx, err)
		}
		if err := c.makeFolder(); err != nil {
			return err
		}
	}
	leave, err := c.alone()
	if err != nil {
		return err
	}
	defer leave()
	found, err := models.Inspect(ctx, c.File)
	if err != nil {
		return c.failed(ctx, err)
	}
	kept, err := models.Restore{From: c.File, Path: c.database()}.Run(ctx)
	if err != nil {
		return c.failed(ctx, err)
	}
	return c.told(p, found, kept)
}

func (c *restoreCmd) told(p *program, found models.Contents, kept string) error {
	if err := p.say("restored %s from %s\n", contents(found), c.File); err != nil {
		return err
	}
	if kept != "" {
		if err := p.say("The database that was there is now %s.\n", kept); err != nil {
			return err
		}
	}
	key := filepath.Join(c.Data, "aoki.key")
	if _, err := os.Stat(key); err != nil && p.env["AOKI_SECRET"] == "" && p.env["AOKI_SECRET_FILE"] == "" {
		return p.say("There is no key here (%s): copy the one of the old server, or everybody has to sign in again.\n", key)
	}
	return nil
}

// checkFile refuses at a glance what can't be a backup, and what must not be
// taken for one.
func (c *restoreCmd) checkFile() error {
	info, err := os.Stat(c.File)
	if err != nil {
		return fmt.Errorf("the backup %s can't be read: %w", c.File, cause(err))
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no backup: it is not a file", c.File)
	}
	if database, err := os.Stat(c.database()); err == nil && os.SameFile(info, database) {
		return usagef("%s is the database itself: there is nothing to restore", c.File)
	}
	for _, end := range []string{"-wal", "-journal"} {
		if rest, err := os.Stat(c.File + end); err == nil && rest.Size() > 0 {
			return fmt.Errorf("%s is no backup but a database with changes still in %s: make a backup of it with aoki backup", c.File, c.File+end)
		}
	}
	return nil
}

// failed says what kept the backup from being restored; the database is as it was.
func (c *restoreCmd) failed(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return errors.New("stopped: nothing was restored")
	case errors.Is(err, models.ErrInUse):
		return fmt.Errorf("another program has the database %s open: close it first", c.database())
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("there is no room for the database in %s: the disk is full", c.Data)
	}
	return fmt.Errorf("%s was not restored: %w", c.File, worded(err))
}
