package cmd

import (
	"context"
	"log/slog"
	"time"
)

// The time that stopping may take, of which supervisors allow ten seconds. Each step
// may take until its time is over, counted from the first signal; what a step does
// not need is left to the next. No step is needed for what was acknowledged, which
// is on disk.
const (
	drainTime   = 4 * time.Second         // sockets say goodbye
	requestTime = 6 * time.Second         // requests under way are answered
	choreTime   = 7 * time.Second         // the last chores
	storeTime   = 7500 * time.Millisecond // the store is closed
	stopTime    = 8 * time.Second         // all of it
	// lastWord is what remains to say that stopping took too long: whoever should read
	// the log may be what hangs.
	lastWord = 250 * time.Millisecond
)

// stop is the end of a server: when it began, and so when each step must be over.
type stop struct {
	asked  context.Context
	began  time.Time
	cancel []context.CancelFunc
}

func newStop(asked context.Context) *stop { return &stop{asked: asked} }

// within gives a context that ends d after stopping began, which it did with the
// first call.
func (s *stop) within(d time.Duration) context.Context {
	if s.began.IsZero() {
		s.began = time.Now()
	}
	ctx, cancel := context.WithDeadline(context.WithoutCancel(s.asked), s.began.Add(d))
	s.cancel = append(s.cancel, cancel)
	return ctx
}

func (s *stop) end() {
	for _, cancel := range s.cancel {
		cancel()
	}
}

// untilStopped runs a server. Once it was asked to stop it ends well, whatever
// happens: an error on the way is a line of the log, and what hangs is left behind
// for the process to take with it.
func (p *program) untilStopped(ctx context.Context, log *slog.Logger, serve func(log *slog.Logger) error) error {
	served := make(chan error, 1)
	go func() { served <- serve(log) }()
	select {
	case err := <-served:
		if err == nil || ctx.Err() == nil {
			return err
		}
		lastly(func() { log.Warn("stopped, with an error", "err", sentence(err)) })
		return nil
	case <-ctx.Done():
	}
	late := time.NewTimer(stopTime)
	defer late.Stop()
	select {
	case err := <-served:
		if err != nil {
			lastly(func() { log.Warn("stopped, with an error", "err", sentence(err)) })
		}
	case <-late.C:
		lastly(func() { log.Warn("stopped, without waiting for all to end: what was acknowledged is on disk") })
	}
	return nil
}

// lastly gives the last line a moment to be written.
func lastly(say func()) {
	said := make(chan struct{})
	go func() { defer close(said); say() }()
	late := time.NewTimer(lastWord)
	defer late.Stop()
	select {
	case <-said:
	case <-late.C:
	}
}
