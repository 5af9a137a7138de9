package models

import (
	"context"
	"runtime"
	"slices"
	"sync/atomic"
	"time"
)

// job is a closure on its way to the writer.
type job struct {
	ctx     context.Context
	fn      func(tx *Tx) error
	touches Touches
	since   time.Time   // when it was handed over
	taken   atomic.Bool // by the writer, to be run; or by the caller, who has gone
	err     error       // the writer's to set before it closes done
	done    chan struct{}
}

func newJob(ctx context.Context, fn func(tx *Tx) error, touches ...Touches) *job {
	j := &job{ctx: ctx, fn: fn, since: time.Now(), done: make(chan struct{})}
	if len(touches) > 0 {
		j.touches = touches[0]
	}
	return j
}

// take reports whether the job is still to be had: who takes it first has it.
func (j *job) take() bool { return j.taken.CompareAndSwap(false, true) }

func (j *job) finish(err error) {
	j.err = err
	close(j.done)
}

func (w *writer) do(ctx context.Context, fn func(tx *Tx) error, touches []Touches) error {
	j := newJob(ctx, fn, touches...)
	if err := w.hand(j); err != nil {
		return err
	}
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
	}
	if j.take() {
		return ctx.Err() // it has not begun, and now never will
	}
	// It runs: the caller must learn how it ended.
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

// yields is how often the writer steps aside in vain before it begins.
const yields = 2

// gatherAll is gather for the writer that is about to begin. Where several came together
// the last time it lets those run first who could: they are about to hand something over
// too, and a batch of many costs little more than one of few. Nobody who is alone waits
// for that; behind a goroutine with much to do it may take milliseconds.
func (w *writer) gatherAll(waiting []*job) []*job {
	waiting = w.gather(waiting)
	for vain := 0; w.shared && vain < yields && len(waiting) < maxBatch; vain++ {
		before := len(waiting)
		runtime.Gosched()
		if waiting = w.gather(waiting); len(waiting) > before {
			vain = -1
		}
	}
	w.shared = len(waiting) > 1
	return waiting
}

// gather adds those who wait, as far as a batch has room.
func (w *writer) gather(waiting []*job) []*job {
	for len(waiting) < maxBatch {
		select {
		case j, ok := <-w.jobs:
			if !ok {
				return waiting
			}
			waiting = append(waiting, j)
		default:
			return waiting
		}
	}
	return waiting
}

// begin takes the store's write lock. While another process has it, those wait who
// have not waited for too long, and whoever comes meanwhile waits with them.
// SQLite's own wait can't be broken off, so it waits in short turns.
func (w *writer) begin(jobs []*job) ([]*job, error) {
	for {
		err := w.db.write.Exec("BEGIN IMMEDIATE").Error
		if !isBusy(err) {
			return jobs, err
		}
		select {
		case <-w.hurry:
			return jobs, err
		default:
		}
		if jobs = w.gather(w.dismiss(jobs, err)); len(jobs) == 0 {
			return jobs, nil
		}
	}
}

// dismiss takes out those who have waited long enough, or have gone.
func (w *writer) dismiss(jobs []*job, err error) []*job {
	return slices.DeleteFunc(jobs, func(j *job) bool {
		late := time.Since(j.since) >= w.db.patience
		switch {
		case j.taken.Load():
		case late && j.take():
			w.failing.Store(true)
			j.finish(refused(err))
		default:
			return late
		}
		return true
	})
}
