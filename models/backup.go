package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/mattn/go-sqlite3"
)

// NotAoki is the code for a file that is no database of this program, or a broken
// one.
const NotAoki = "not_aoki"

// Contents are the figures of a database file.
type Contents struct {
	Users, Decks, Cards int64
	Size                int64 // bytes
}

// Backup writes the database at path, as it is at one moment, into an empty file,
// and gives what [Inspect] finds there. A server may be running: its writers don't
// wait, since the reading takes place beside them; only the WAL can't be folded
// back until it is done. What was acknowledged before the call is in it. The file
// is not synced yet.
//
// VACUUM INTO and not SQLite's backup API: what it writes is one file in no need
// of a WAL, without the pages of what was deleted (an account that is gone is in
// no later backup), and it never has to begin anew because somebody wrote.
func Backup(ctx context.Context, path, empty string) (Contents, error) {
	// As a URI it would be read otherwise; an absolute path never is one.
	empty, err := filepath.Abs(empty)
	if err != nil {
		return Contents{}, err
	}
	db := openFile(path, "mode=rw&_busy_timeout=5000") // rw makes no file, but recovers a WAL that a crash left
	defer db.Close()
	if err := checkSchema(ctx, db); err != nil {
		return Contents{}, err
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, empty); err != nil {
		return Contents{}, err
	}
	return Inspect(ctx, empty)
}

// Inspect reads a database file that nobody is writing, whole: whether it is one of
// ours ("not_aoki" when it isn't, or is damaged), whether this program knows its
// schema ("newer_database" when it doesn't), and what is in it. It changes nothing
// and leaves nothing beside the file; a WAL there is not looked at.
func Inspect(ctx context.Context, path string) (Contents, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Contents{}, err
	}
	found := Contents{Size: info.Size()}
	db := openFile(path, "mode=ro&immutable=1")
	defer db.Close()
	if err := checkSchema(ctx, db); err != nil {
		return found, err
	}
	var pages, size int64
	if err := db.QueryRowContext(ctx, `SELECT p.page_count, s.page_size FROM pragma_page_count p, pragma_page_size s`).Scan(&pages, &size); err != nil {
		return found, notAoki(err)
	}
	if pages*size != found.Size { // SQLite reads what is missing of the last page as zeros
		return found, &Error{Code: NotAoki, Message: "the database is cut short", Err: fmt.Errorf("%d bytes of %d", found.Size, pages*size)}
	}
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return found, notAoki(err)
	}
	if verdict != "ok" {
		return found, &Error{Code: NotAoki, Message: "the database is damaged", Err: errors.New(verdict)}
	}
	err = db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM decks), (SELECT COUNT(*) FROM cards)`).
		Scan(&found.Users, &found.Decks, &found.Cards)
	return found, notAoki(err)
}

// checkSchema refuses what is no database of ours, or a newer one.
func checkSchema(ctx context.Context, db *sql.DB) error {
	var value string
	var stamp int
	err := db.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'schema'`).Scan(&value)
	if err == nil {
		err = db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&stamp)
	}
	if err != nil {
		return notAoki(err)
	}
	schema, err := strconv.Atoi(value)
	switch {
	case err != nil || schema < 1:
		return notAoki(errNoRows)
	case max(schema, stamp) > len(migrations):
		return newerDatabase(max(schema, stamp), len(migrations))
	}
	return nil
}

// notAoki tells what SQLite can't read, or lacks our tables, from what failed
// around it.
func notAoki(err error) error {
	var lite sqlite3.Error
	if errors.Is(err, errNoRows) || errors.As(err, &lite) &&
		(lite.Code == sqlite3.ErrNotADB || lite.Code == sqlite3.ErrCorrupt || lite.Code == sqlite3.ErrError) {
		return &Error{Code: NotAoki, Message: "this is no Aoki database, or a damaged one", Err: err}
	}
	return err
}

// openFile opens a database file as it is: it makes none, migrates nothing, and has
// one connection.
func openFile(path, params string) *sql.DB {
	file := url.URL{Path: path}
	db := sql.OpenDB(connector{dsn: "file:" + file.EscapedPath() + "?" + params, driver: &sqlite3.SQLiteDriver{}})
	db.SetMaxOpenConns(1)
	return db
}
