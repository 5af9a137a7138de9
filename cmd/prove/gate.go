package prove

import (
	"context"
	"sync"
)

// gate lets writers work, and can be shut: then it waits for those inside.
type gate struct {
	mu     sync.Mutex
	inside sync.WaitGroup
	open   chan struct{} // closed while it is open
}

func newGate() *gate {
	g := &gate{open: make(chan struct{})}
	close(g.open)
	return g
}

// enter waits until the gate is open. It says false when ctx ends first.
func (g *gate) enter(ctx context.Context) bool {
	for {
		g.mu.Lock()
		open := g.open
		select {
		case <-open:
			g.inside.Add(1)
			g.mu.Unlock()
			return true
		default:
		}
		g.mu.Unlock()
		select {
		case <-open:
		case <-ctx.Done():
			return false
		}
	}
}

func (g *gate) leave() { g.inside.Done() }

// shut lets nobody in any more and waits until nobody is inside.
func (g *gate) shut() {
	g.mu.Lock()
	g.open = make(chan struct{})
	g.mu.Unlock()
	g.inside.Wait()
}

func (g *gate) reopen() { close(g.open) }
