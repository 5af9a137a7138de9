package models

import (
	"context"
	"fmt"
	"slices"
	"testing"
)

// CommitTogether runs closures as one batch of the writer, which must be idle
// otherwise, and gives their errors.
func (db *DB) CommitTogether(fns ...func(tx *Tx) error) []error {
	return db.CommitTouching(Touches{}, fns...)
}

// CommitTouching is CommitTogether with what each closure says it will need.
func (db *DB) CommitTouching(touches Touches, fns ...func(tx *Tx) error) []error {
	jobs := make([]*job, len(fns))
	for i, fn := range fns {
		jobs[i] = newJob(context.Background(), fn, touches)
	}
	db.writer.commit(slices.Clone(jobs)) // it may take some out
	errs := make([]error, len(fns))
	for i, j := range jobs {
		errs[i] = j.err
	}
	return errs
}

// Flush is what a closure does whose queries must see what was gathered.
func (tx *Tx) Flush() error { return tx.batch.flush() }

// Mark is MarkNotifications within a closure.
func (tx *Tx) Mark(user int64, m Mark) (Counts, error) {
	seqs, upTo, err := m.check(user)
	if err != nil {
		return Counts{}, err
	}
	return tx.mark(user, m, seqs, upTo)
}

// Broadcast is a push to everyone within a closure.
func (tx *Tx) Broadcast(title string) error {
	row := pushRow{SenderID: 1, Audience: `{"all":true}`, Title: title, Data: "{}", CreatedAt: tx.now}
	var err error
	if row.ID, err = tx.batch.addPush(row); err != nil {
		return err
	}
	return tx.broadcast(row)
}

// Load takes pushes to everyone over as a log does that is touched by a change.
func (tx *Tx) Load(users ...int64) error { return tx.batch.load(users) }

// TakeOverSome is one step of DB.TakeOver.
func (tx *Tx) TakeOverSome(users ...int64) (left []int64, err error) {
	return tx.batch.takeOverSome(users)
}

// OnWriter runs a statement on the writing connection, for tests that break it.
// The writer must be idle.
func (db *DB) OnWriter(statement string) error { return db.write.Exec(statement).Error }

// Queued is how many closures wait for the writer.
func (db *DB) Queued() int { return len(db.writer.jobs) }

// Reopen opens the store of a newer or older program, which knows list.
func Reopen(path string, list []string) error {
	db := &DB{patience: patience}
	var err error
	if db.write, err = db.open(path, 1, "_txlock=immediate&_journal_mode=WAL"); err != nil {
		return err
	}
	defer db.closePools()
	return migrate(db.write, list)
}

// Migrations are the released steps.
var Migrations = migrations

// TrimCutOff is a Trim whose process ends before anything is deleted.
func (db *DB) TrimCutOff(ctx context.Context, keep Retention) error {
	logs, err := db.trimRows(ctx, 0)
	if err == nil {
		_, err = db.moveTrimmed(ctx, logs, keep.Events, db.Now().AddDate(0, 0, -keep.Days).UnixMicro())
	}
	return err
}

// SetTrimmed moves a log's `trimmed` within a closure.
func (tx *Tx) SetTrimmed(user, to int64) error {
	return tx.Exec(`UPDATE logs SET trimmed = ? WHERE user_id = ?`, to, user).Error
}

// HeadOf is a log's newest seq within a closure.
func (tx *Tx) HeadOf(user int64) (int64, error) {
	if err := tx.batch.load([]int64{user}); err != nil {
		return 0, err
	}
	return tx.batch.rows[user].Head, nil
}

// FoldPages is how much of the WAL is worth folding back.
const FoldPages = foldPages

// Unfolded is how many pages of the WAL are not folded back.
func (db *DB) Unfolded(t testing.TB) int {
	t.Helper()
	pages, done, err := checkpoint(context.Background(), db.folder.pool, "NOOP")
	if err != nil {
		t.Fatal(err)
	}
	return pages - done
}

// FoldInCommits has commits fold the WAL back, as SQLite does by itself.
func (db *DB) FoldInCommits(pages int) error {
	db.folder.stop()
	return db.OnWriter(fmt.Sprint("PRAGMA wal_autocheckpoint = ", pages))
}

// PushTo is a push to users by their names within a closure.
func (tx *Tx) PushTo(sender int64, names ...string) error {
	users, err := tx.batch.usersByName(names, usernameKeys(names))
	if err == nil {
		_, err = tx.createPush(sender, PushInput{To: Audience{Users: names}, Title: "to some"}, Reach{Users: users, Audience: int64(len(users))})
	}
	return err
}

// Disable is what of Accounts.UpdateUser keeps somebody out.
func (tx *Tx) Disable(user int64) error {
	tx.batch.forgetName(user)
	return tx.Exec(`UPDATE users SET disabled_at = created_at WHERE id = ?`, user).Error
}

// HideDeck is the first change of DeleteDeck.
func (db *DB) HideDeck(user, deck int64) error {
	return db.Write(context.Background(), func(tx *Tx) error {
		_, err := tx.hideDeck(user, deck)
		return err
	})
}

// RemoveSome is a step of what is left to do then.
func (db *DB) RemoveSome(deck int64) (more bool, err error) {
	err = db.Write(context.Background(), func(tx *Tx) (err error) {
		more, err = tx.removeSome(deck)
		return err
	})
	return more, err
}
