package cmd

import (
	"context"
	"log/slog"
	"time"

	"aoki/models"
)

const (
	// ringEvery is the longest that what falls due waits to be noticed.
	ringEvery = time.Second
	// ringPause is the least time between two looks.
	ringPause = 50 * time.Millisecond
	// ringRest is how long a store is left alone that can't be written.
	ringRest = 5 * time.Second
)

// ringDue rings what falls due until the context ends. Between two looks it waits for what
// is due next, and for a second at most: a request may bring something sooner.
func ringDue(ctx context.Context, db *models.DB, log *slog.Logger) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		next, err := db.RingDue(ctx)
		wait := ringEvery
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait = ringRest
			if !failing { // and not again at each look
				log.Warn("due cards can't be called for", "err", err)
			}
		case !next.IsZero():
			wait = min(max(next.Sub(db.Now()), ringPause), ringEvery)
		}
		failing = err != nil
		timer.Reset(wait)
	}
}
