package prove

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
)

func TestGateIsEmptyOnceShut(t *testing.T) {
	g := newGate()
	ctx, cancel := context.WithCancel(t.Context())
	var inside, visits atomic.Int64
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			for g.enter(ctx) {
				inside.Add(1)
				visits.Add(1)
				inside.Add(-1)
				g.leave()
			}
		})
	}
	for range 200 {
		g.shut()
		before := visits.Load()
		if n := inside.Load(); n != 0 {
			t.Fatalf("%d inside a gate that is shut", n)
		}
		if visits.Load() != before {
			t.Fatal("somebody came in through a gate that is shut")
		}
		g.reopen()
	}
	g.shut()
	cancel()
	running.Wait() // who waits outside leaves when the day is over
}
