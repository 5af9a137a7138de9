package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"
)

// idGap is how far a restore moves the ids that are given out next. What was made
// after the backup is gone, but its ids live on in access tokens, links, other
// people's tabs and queues of devices that were offline: they must find nothing, and
// never something else.
const idGap = 1_000_000

// beside are the endings of what SQLite keeps next to a database. A file under one
// of these names is applied to whatever database it finds there.
var beside = []string{"-wal", "-journal", "-shm"}

// ErrInUse says that another process has the database open.
var ErrInUse = errors.New("another program has the database open")

// Restore is one restore of a backup.
type Restore struct {
	From string // the backup
	Path string // the database it becomes; its folder is there
	// Step is called before each step: an error ends the restore, with the database
	// as it was. For tests; nil is nothing.
	Step func(name string) error
}

// Run puts the backup, with a new epoch, where the database is; [Inspect] must have
// approved of it. The caller sees to it that no other process of ours has the
// database open. It gives the path of the database that was there before, "" when
// there was none.
//
// A crash at any point leaves either the database that was or the new one: the new
// one is made whole under another name, the old one's WAL is folded back so that
// nothing lies beside it, and then one rename decides.
func (r Restore) Run(ctx context.Context) (kept string, err error) {
	if real, err := filepath.EvalSymlinks(r.Path); err == nil {
		r.Path = real
	}
	fresh := r.Path + ".restoring"
	clear := func() { removeAll(fresh, append([]string{""}, beside...)) }
	clear() // of a restore that crashed
	defer func() {
		if err != nil {
			clear()
		}
	}()
	if err := r.step("copy"); err != nil {
		return "", err
	}
	if err := copyFile(r.From, fresh); err != nil {
		return "", err
	}
	if err := r.step("settle"); err != nil {
		return "", err
	}
	used, readable, err := settle(ctx, r.Path)
	if err != nil {
		return "", err
	}
	if err := r.step("renew"); err != nil {
		return "", err
	}
	if err := renew(ctx, fresh, used); err != nil {
		return "", err
	}
	if _, err := Inspect(ctx, fresh); err != nil { // a backup that changed under the copying
		return "", err
	}
	if err := r.step("keep"); err != nil {
		return "", err
	}
	if kept, err = r.keep(); err != nil {
		return "", err
	}
	if err := r.step("clear"); err != nil {
		return "", err
	}
	removeAll(r.Path, []string{"-shm"}) // holds nothing of its own
	if !readable {
		// What lies beside a file that is no database would be applied to the new one.
		removeAll(r.Path, beside)
	}
	for _, end := range beside {
		if exists(r.Path + end) {
			return "", fmt.Errorf("%s is in the way", r.Path+end)
		}
	}
	if err := syncPath(filepath.Dir(r.Path)); err != nil {
		return "", err
	}
	if err := r.step("swap"); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, r.Path); err != nil {
		return "", err
	}
	return kept, syncPath(filepath.Dir(r.Path))
}

func (r Restore) step(name string) error {
	if r.Step == nil {
		return nil
	}
	return r.Step(name)
}

// settle makes one file of the database at path, with nothing beside it, and gives
// the newest ids that it has given out. It is not readable when there is no
// database, or something else under its name.
func settle(ctx context.Context, path string) (used map[string]int64, readable bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil, false, nil // SQLite would delete the WAL beside an empty file
	}
	if err != nil {
		return nil, false, err
	}
	if !info.Mode().IsRegular() {
		return nil, false, fmt.Errorf("%s is not a file", path)
	}
	db := openFile(path, "mode=rw&_busy_timeout=1000&_synchronous=FULL")
	defer db.Close()
	var busy, pages, moved int
	var mode string
	// Reading is what applies a WAL or a journal that a crash left.
	err = db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master`).Scan(&pages)
	if err == nil {
		err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	}
	if err == nil && busy == 0 {
		err = db.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode)
	}
	var lite sqlite3.Error
	if errors.As(err, &lite) {
		switch lite.Code {
		case sqlite3.ErrNotADB, sqlite3.ErrCorrupt:
			return nil, false, nil
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			return nil, false, ErrInUse
		}
	}
	if err != nil {
		return nil, false, err
	}
	if busy != 0 || mode != "delete" {
		return nil, false, ErrInUse
	}
	used, err = sequences(ctx, db)
	if err != nil {
		used = nil // of a database that is not ours, or damaged: there is nothing to go by
	}
	return used, true, nil
}

// sequences are the newest ids of all tables that never give one out twice.
func sequences(ctx context.Context, db *sql.DB) (map[string]int64, error) {
	rows, err := db.QueryContext(ctx, `SELECT m.name, COALESCE(s.seq, 0) FROM sqlite_master m LEFT JOIN sqlite_sequence s ON s.name = m.name
		WHERE m.type = 'table' AND m.sql LIKE '%AUTOINCREMENT%'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	newest := map[string]int64{}
	for rows.Next() {
		var name string
		var seq int64
		if err := rows.Scan(&name, &seq); err != nil {
			return nil, err
		}
		newest[name] = seq
	}
	return newest, rows.Err()
}

// renew gives the database a new epoch and ids that nobody has seen: beyond its own
// and beyond those that the database before it has used, which may be a later state
// of the same, or one restored from the very same backup.
func renew(ctx context.Context, path string, used map[string]int64) error {
	db := openFile(path, "mode=rw&_journal_mode=DELETE&_synchronous=FULL")
	defer db.Close()
	newest, err := sequences(ctx, db)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(`INSERT INTO meta (name, value) VALUES ('epoch', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, newEpoch()); err != nil {
		return err
	}
	for name, seq := range newest {
		if _, err := tx.Exec(`DELETE FROM sqlite_sequence WHERE name = ?`, name); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)`, name, max(seq, used[name])+idGap); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	return syncPath(path)
}

// keep gives the database that is there, and what lies beside it, a second name.
func (r Restore) keep() (string, error) {
	all := append([]string{""}, beside...)
	if info, err := os.Stat(r.Path); (err != nil || info.Size() == 0) && !exists(r.Path+"-wal") && !exists(r.Path+"-journal") {
		return "", nil // nothing is worth keeping
	}
	name := r.Path + ".before-restore"
	taken := func() bool {
		for _, end := range all {
			if exists(name + end) {
				return true
			}
		}
		return false
	}
	for n := 2; taken(); n++ {
		name = fmt.Sprintf("%s.before-restore-%d", r.Path, n)
	}
	for _, end := range all {
		if !exists(r.Path + end) {
			continue
		}
		// A copy is for file systems that know no links.
		if err := os.Link(r.Path+end, name+end); err != nil {
			if err := copyFile(r.Path+end, name+end); err != nil {
				return "", err
			}
		}
	}
	return name, syncPath(filepath.Dir(r.Path))
}
