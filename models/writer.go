package models

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
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
// together, with one fsync; each fn runs in a savepoint of its own, so that its
// error undoes fn alone. It returns nil only after the commit is on disk; the
// bell has been rung by then. An error of the commit itself is "unavailable",
// and the change may or may not be there.
//
// fn runs in the writer's goroutine, at most once: no waiting, no hashing, no I/O
// in it.
func (db *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	return db.writer.do(ctx, fn)
}

type job struct {
	ctx  context.Context
	fn   func(tx *Tx) error
	err  error
	done chan struct{}
}

// writer is the group commit: one goroutine that owns the writing connection.
type writer struct {
	db     *DB
	jobs   chan *job
	gone   chan struct{} // closed when the goroutine has ended
	mu     sync.RWMutex  // held for reading while a job is being handed over
	closed bool
}

func startWriter(db *DB) *writer {
	w := &writer{db: db, jobs: make(chan *job, maxQueued), gone: make(chan struct{})}
	go w.run()
	return w
}

func (w *writer) do(ctx context.Context, fn func(tx *Tx) error) error {
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := w.hand(j); err != nil {
		return err
	}
	// The context is not watched from here on: the caller must learn how it ended.
	<-j.done
	return j.err
}

func (w *writer) hand(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return unavailable(errClosed)
	}
	select {
	case w.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

// stop lets what was handed over finish; later callers get "unavailable".
func (w *writer) stop() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.jobs) // hand() sends under the lock, so nobody sends now
	}
	w.mu.Unlock()
	<-w.gone
}

func (w *writer) run() {
	defer close(w.gone)
	waiting := make([]*job, 0, maxBatch)
	for first := range w.jobs {
		waiting = append(waiting[:0], first)
	gather:
		for len(waiting) < maxBatch {
			select {
			case j, ok := <-w.jobs:
				if !ok {
					break gather
				}
				waiting = append(waiting, j)
			default:
				break gather
			}
		}
		w.commit(waiting)
		for i, j := range waiting {
			close(j.done)
			waiting[i] = nil
		}
	}
}

// commit runs the closures in one transaction, and rings when it is on disk. The
// transaction is begun and ended by statements, on a connection that is the
// writer's alone: through database/sql's Tx every statement would be prepared
// anew in each transaction, a quarter of all the time.
func (w *writer) commit(jobs []*job) {
	root := w.db.write
	if err := root.Exec("BEGIN IMMEDIATE").Error; err != nil {
		failAll(jobs, unavailable(err))
		return
	}
	b := newBatch(w.db, root)
	b.shared = len(jobs) > 1
	kept, err := w.runAll(b, jobs)
	if err == nil && kept > 0 {
		if err = b.flush(); err == nil {
			err = root.Exec("COMMIT").Error
		}
	}
	if err != nil || kept == 0 {
		// After some errors SQLite has rolled back by itself, and says so here.
		root.Exec("ROLLBACK")
	}
	if err != nil {
		failAll(jobs, unavailable(err))
		return
	}
	if kept > 0 {
		w.db.committed(b)
	}
}

// runAll runs the closures and counts those that went well. Its error is that the
// transaction is gone: SQLite rolls the whole of it back when the disk is full or
// fails, and then nothing of the batch happened.
func (w *writer) runAll(b *batch, jobs []*job) (kept int, err error) {
	for _, j := range jobs {
		if j.err = j.ctx.Err(); j.err != nil {
			continue
		}
		if err := w.runInSavepoint(b, j); err != nil {
			return 0, err
		}
		if j.err == nil {
			kept++
		}
	}
	return kept, nil
}

// runInSavepoint sets j.err. Its own result is an error only when the transaction
// around it is gone.
func (w *writer) runInSavepoint(b *batch, j *job) (lost error) {
	if err := b.root.Exec("SAVEPOINT change").Error; err != nil {
		return err
	}
	mark := b.mark()
	j.err = call(j.fn, &Tx{DB: b.root.WithContext(context.WithoutCancel(j.ctx)), batch: b, now: w.db.Now()})
	if j.err != nil {
		b.undo(mark)
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

// failAll fails every job of a batch; one that had its own error keeps it.
func failAll(jobs []*job, err error) {
	for _, j := range jobs {
		if j.err == nil {
			j.err = err
		}
	}
}
