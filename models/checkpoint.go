package models

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// foldPages of the WAL, of 4 KiB each, are worth folding back into the database.
	// Pages that changed often are written once then, so more is cheaper.
	foldPages = 4096
	// resetPages is where the WAL should begin anew. That needs all of it to be folded
	// back, which never quite happens beside a writer that is busy: it does the little
	// that is left itself, between two batches.
	resetPages = 2 * foldPages
	// autoPages is when a commit folds back by itself: only if nobody else can.
	autoPages = "65536"
	// walBytes is how large the WAL's file may stay. It is written over and over, which
	// costs a third of making it grow; somebody who reads for long makes it larger.
	walBytes = "67108864"
	// foldEvery is how often is looked while there are commits, and foldAgain how soon
	// after it was in vain: the disk fails, or somebody reads for long.
	foldEvery = 50 * time.Millisecond
	foldAgain = time.Second
)

// folder folds the WAL back into the database beside the writer: whoever commits
// while it is done does not wait for it. It sleeps while nothing is committed.
type folder struct {
	pool      *sql.DB // one connection
	log       *slog.Logger
	committed chan struct{}
	left      atomic.Bool // a little that the writer may fold back itself
	cancel    context.CancelFunc
	gone      sync.WaitGroup
}

func startFolder(pool *sql.DB, log *slog.Logger) *folder {
	ctx, cancel := context.WithCancel(context.Background())
	f := &folder{pool: pool, log: log, committed: make(chan struct{}, 1), cancel: cancel}
	f.gone.Go(func() { f.run(ctx) })
	return f
}

// poke says that something was committed. It never waits.
func (f *folder) poke() {
	select {
	case f.committed <- struct{}{}:
	default:
	}
}

// stop breaks off what is under way: it is done when the store closes.
func (f *folder) stop() {
	f.cancel()
	f.gone.Wait()
}

func (f *folder) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.committed:
		}
		rest := foldEvery
		switch done, err := f.fold(ctx); {
		case err != nil && ctx.Err() == nil:
			f.log.Warn("the WAL can't be folded back into the database, and grows", "error", err)
			rest = foldAgain
		case !done:
			rest = foldAgain
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
	}
}

// fold looks how much there is, and folds it back when that is enough. It says false
// when it could do nothing.
func (f *folder) fold(ctx context.Context) (bool, error) {
	pages, before, err := checkpoint(ctx, f.pool, "NOOP")
	if err != nil || pages-before < foldPages && (pages < resetPages || pages == before) {
		return true, err
	}
	pages, done, err := checkpoint(ctx, f.pool, "PASSIVE")
	if err == nil && pages >= resetPages && pages-done < foldPages {
		f.left.Store(true)
	}
	return done > before, err
}

// checkpoint gives how many pages the WAL has and how many of them are folded back.
func checkpoint(ctx context.Context, pool *sql.DB, how string) (pages, done int, err error) {
	var busy int
	err = pool.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+how+")").Scan(&busy, &pages, &done)
	return pages, done, err
}
