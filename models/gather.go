package models

import (
	"context"
	"runtime"
	"sync"
)

// maxGathered is how many callers one question to the store is for. Beyond it a row
// costs no less, and the first would only wait longer.
const maxGathered = 256

// gather is the twin of the group commit, for reading: those who want a row of the same
// kind at the same time share one statement. A storm of handshakes asks it for dozens
// at once; alone, a caller is answered as soon as ever. No answer is older than the
// call that it is given to.
type gather[V any] struct {
	// ask fills in the answer to each id, and leaves those that are not there.
	ask func(ctx context.Context, ids []int64, answers []V) error
	// turn is held while asking: those who share it never ask at the same time, so that
	// they share a connection too, and what it has mapped of the file.
	turn   *sync.Mutex
	wake   chan struct{}
	ctx    context.Context
	cancel context.CancelFunc
	gone   chan struct{} // closed when the goroutine has ended

	mu     sync.Mutex
	rounds []*round[V] // not begun yet, the last one with room
	closed bool
}

// round is one question and those who wait for its answer.
type round[V any] struct {
	ids     []int64
	answers []V
	err     error
	done    chan struct{}
}

func startGather[V any](turn *sync.Mutex, ask func(ctx context.Context, ids []int64, answers []V) error) *gather[V] {
	g := &gather[V]{ask: ask, turn: turn, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	g.ctx, g.cancel = context.WithCancel(context.Background())
	go g.run()
	return g
}

// stop refuses who comes from now on, breaks off what is under way, and waits for the
// end of it, or of ctx: a disk that hangs lets nobody go.
func (g *gather[V]) stop(ctx context.Context) {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.cancel()
	select {
	case <-g.gone:
	case <-ctx.Done():
	}
}

// get is the row with the id, zero when there is none. It waits until ctx ends.
func (g *gather[V]) get(ctx context.Context, id int64) (answer V, err error) {
	if err := ctx.Err(); err != nil {
		return answer, err
	}
	r, i := g.join(id)
	if r == nil {
		return answer, unavailable(errClosed)
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		return answer, ctx.Err()
	}
	if r.err != nil {
		return answer, r.err
	}
	return r.answers[i], nil
}

// join puts an id into a round that has not begun, so that its answer is of now or
// later; nil when nobody is answered any more.
func (g *gather[V]) join(id int64) (r *round[V], i int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, 0
	}
	if last := len(g.rounds) - 1; last >= 0 && len(g.rounds[last].ids) < maxGathered {
		r = g.rounds[last]
	} else {
		r = &round[V]{done: make(chan struct{})}
		g.rounds = append(g.rounds, r)
		select {
		case g.wake <- struct{}{}:
		default: // it is awake, and looks again
		}
	}
	r.ids = append(r.ids, id)
	return r, len(r.ids) - 1
}

func (g *gather[V]) run() {
	defer close(g.gone)
	for {
		select {
		case <-g.wake:
		case <-g.ctx.Done():
			g.refuse()
			return
		}
		// Whoever can run goes first: they may have come for the same. This is what makes
		// rounds of dozens; when there is nobody, it takes no time.
		runtime.Gosched()
		for r := g.next(); r != nil; r = g.next() {
			r.answers = make([]V, len(r.ids))
			g.turn.Lock()
			r.err = g.ask(g.ctx, r.ids, r.answers)
			g.turn.Unlock()
			if r.err != nil && g.ctx.Err() != nil {
				r.err = unavailable(errClosed)
			}
			close(r.done)
			runtime.Gosched()
		}
	}
}

// next takes the first round out, so that nobody joins it any more.
func (g *gather[V]) next() *round[V] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.rounds) == 0 {
		return nil
	}
	r := g.rounds[0]
	g.rounds[0] = nil
	if g.rounds = g.rounds[1:]; len(g.rounds) == 0 {
		g.rounds = nil
	}
	return r
}

// refuse answers those who came before the end, and were not asked for.
func (g *gather[V]) refuse() {
	for r := g.next(); r != nil; r = g.next() {
		r.err = unavailable(errClosed)
		close(r.done)
	}
}
