package models

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

const (
	// maxBatch is how many closures share one commit. From 64 on the rate no
	// longer rises, and a longer batch only makes its first caller wait.
	maxBatch = 128
	// maxQueued is how many callers may wait for the writer before a further one
	// waits outside.
	maxQueued = 1024
)

// Tx is the transaction that a closure of [DB.Write] works in.
type Tx struct {
	*gorm.DB
	batch *batch
	now   time.Time
}

// Now is the moment of this change, the same for all that it writes.
func (tx *Tx) Now() time.Time { return tx.now }

// Write hands fn to the one writer and waits. What waits together is committed
// together, with one fsync; an error of fn undoes what fn did, and
// nothing else. It returns nil only after the commit is on disk; the
// bell has been rung by then. An error of the commit itself is "unavailable" or
// "storage_full", and the change may or may not be there.
//
// fn runs in the writer's goroutine, at most once: no waiting, no hashing, no I/O
// in it. When ctx ends before its turn has come, it does not run.
//
// touches says what fn is going to need, as far as that is known.
func (db *DB) Write(ctx context.Context, fn func(tx *Tx) error, touches ...Touches) error {
	return db.writer.do(ctx, fn, touches)
}

// writer is the group commit: one goroutine that owns the writing connection.
type writer struct {
	db      *DB
	jobs    chan *job
	gone    chan struct{} // closed when the goroutine has ended
	hurry   chan struct{} // closed when nobody may wait for another process any longer
	failing atomic.Bool   // the store refused the last batch
	// The goroutine's alone: how long the last COMMIT was, and whether the last batch
	// was of several callers.
	commitTook time.Duration
	shared     bool
	mu         sync.RWMutex // held for reading while a job is being handed over
	closed     bool
}

func startWriter(db *DB) *writer {
	w := &writer{db: db, jobs: make(chan *job, maxQueued), gone: make(chan struct{}), hurry: make(chan struct{})}
	go w.run()
	return w
}

// stop lets what was handed over finish; later callers get "unavailable". When
// ctx ends first, so do those who wait for another process to give the store free.
func (w *writer) stop(ctx context.Context) {
	w.mu.Lock()
	closing := !w.closed
	if closing {
		w.closed = true
		close(w.jobs) // hand() sends under the lock, so nobody sends now
	}
	w.mu.Unlock()
	select {
	case <-w.gone:
		return
	case <-ctx.Done():
	}
	if closing {
		close(w.hurry)
	}
	<-w.gone
}

func (w *writer) run() {
	defer close(w.gone)
	waiting := make([]*job, 0, maxBatch)
	for first := range w.jobs {
		waiting = w.gatherAll(append(waiting[:0], first))
		waiting = w.commit(waiting)
		for _, j := range waiting {
			close(j.done)
		}
		clear(waiting)
		if w.db.folder.left.Swap(false) {
			w.db.write.Exec("PRAGMA wal_checkpoint(PASSIVE)") // in vain: the folder tries again
		}
	}
}

// commit runs the closures in one transaction, and rings when it is on disk. The
// transaction is begun and ended by statements, on a connection that is the
// writer's alone: through database/sql's Tx every statement would be prepared
// anew in each transaction, a quarter of all the time. It gives those whose errors
// are set, and who are not told yet.
func (w *writer) commit(jobs []*job) []*job {
	root := w.db.write
	jobs, err := w.begin(jobs)
	if err != nil || len(jobs) == 0 {
		w.fail(jobs, err)
		return jobs
	}
	b := newBatch(w.db, root)
	b.shared = len(jobs) > 1
	kept, err := 0, b.prefetch(jobs)
	if err == nil {
		kept, err = w.runAll(b, jobs)
	}
	if err == nil && kept > 0 {
		if err = b.flush(); err == nil {
			begin := time.Now()
			err = root.Exec("COMMIT").Error
			w.commitTook = time.Since(begin)
		}
	}
	if err != nil || kept == 0 {
		// After some errors, that of a COMMIT among them, SQLite has rolled back by
		// itself, and says so here: nothing is left for a later batch to carry along.
		root.Exec("ROLLBACK")
	}
	if err != nil {
		w.fail(jobs, err)
		return jobs
	}
	away := slices.ContainsFunc(jobs, func(j *job) bool { return StoreIsAway(j.err) })
	if kept > 0 {
		w.db.committed(b)
		w.db.folder.poke()
	}
	if kept > 0 || away {
		w.failing.Store(away)
	}
	return jobs
}

// runAll runs the closures and counts those that went well. Its error is that the
// transaction is gone: SQLite rolls the whole of it back when the disk is full or
// fails, and then nothing of the batch happened.
func (w *writer) runAll(b *batch, jobs []*job) (kept int, err error) {
	for _, j := range jobs {
		if !j.take() {
			continue
		}
		if j.err = j.ctx.Err(); j.err != nil {
			continue
		}
		if err := w.runOne(b, j); err != nil {
			return 0, err
		}
		if j.err == nil {
			kept++
		}
	}
	return kept, nil
}

// runOne runs a closure, undoes it when it fails, and sets j.err. Its own result is an
// error only when the transaction around it is gone.
func (w *writer) runOne(b *batch, j *job) (lost error) {
	mark := b.mark()
	w.db.lane.enter()
	j.err = call(j.fn, &Tx{DB: b.root.WithContext(context.WithoutCancel(j.ctx)), batch: b, now: w.db.Now()})
	made, lost := w.db.lane.leave()
	if j.err != nil {
		b.undo(mark)
	}
	if err := cmp.Or(lost, b.lost); err != nil || !made {
		return err
	}
	if j.err != nil {
		if err := b.root.Exec("ROLLBACK TO SAVEPOINT change").Error; err != nil {
			return fmt.Errorf("%w (after: %w)", err, j.err)
		}
	}
	return b.root.Exec("RELEASE SAVEPOINT change").Error
}

// call keeps one closure's panic from taking the writer, and all others, with it.
func call(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Code: Internal, Message: "something went wrong on the server", Err: fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack())}
		}
	}()
	return fn(tx)
}

// fail fails every job of a batch that the store refused; one that had its own
// error keeps it.
func (w *writer) fail(jobs []*job, err error) {
	if err == nil {
		return
	}
	w.failing.Store(true)
	for _, j := range jobs {
		if j.err == nil {
			j.err = refused(err)
		}
	}
}
