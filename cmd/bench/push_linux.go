package bench

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// publisherPool are connections that push at the same time.
type publisherPool []*publisher

func (t *trial) publishers(n int) (pool publisherPool, err error) {
	for range n {
		p, err := newPublisher(t.target.pushes)
		if err != nil {
			pool.close()
			return nil, err
		}
		pool = append(pool, p)
	}
	return pool, nil
}

func (pool publisherPool) close() {
	for _, p := range pool {
		p.close()
	}
}

// each has every publisher do something; the answer is there when all are done.
func (pool publisherPool) each(do func(p *publisher) error) <-chan error {
	answered := make(chan error, 1)
	failures := make([]error, len(pool))
	var all sync.WaitGroup
	for i, p := range pool {
		all.Go(func() { failures[i] = do(p) })
	}
	go func() {
		all.Wait()
		answered <- errors.Join(failures...)
	}()
	return answered
}

// paced are pushes to one user each, at a steady rate, whether or not those before are
// answered: a push that has to wait counts from when it was due.
func paced(ctx context.Context, t *trial) (figures, error) {
	type push struct {
		user int
		due  time.Time
	}
	n := t.o.scaled(5*pacedRate, 500)
	due := make(chan push, n)
	begun := time.Now().Add(10 * time.Millisecond)
	go func() {
		defer close(due)
		random := rand.New(rand.NewPCG(1, 2))
		for i := range n {
			at := begun.Add(time.Duration(i) * time.Second / pacedRate)
			if wait := time.Until(at); wait > 0 {
				time.Sleep(wait)
			}
			due <- push{1 + random.IntN(t.users), at}
		}
	}()
	return t.push(ctx, func(p *publisher) (sent int, err error) {
		for next := range due {
			p.out = t.target.appendPush(p.out[:0], []int{next.user}, appendPayload(nil, next.due.UnixNano(), payloadSize))
			if err := p.send(); err != nil {
				for range due { // the others may stop too
				}
				return sent, err
			}
			sent++
		}
		return sent, nil
	})
}

// saturated are pushes to one user each, one behind the other on each of the
// publishers' connections.
func saturated(ctx context.Context, t *trial) (figures, error) {
	end := time.Now().Add(t.o.pause(3 * time.Second))
	return t.push(ctx, func(p *publisher) (sent int, err error) {
		for now := time.Now(); now.Before(end); now = time.Now() {
			p.out = t.target.appendPush(p.out[:0], []int{1 + rand.IntN(t.users)}, appendPayload(nil, now.UnixNano(), payloadSize))
			if err := p.send(); err != nil {
				return sent, err
			}
			sent++
		}
		return sent, nil
	})
}

// push has the publishers push as do says, until they are done and all has come.
func (t *trial) push(ctx context.Context, do func(p *publisher) (sent int, err error)) (figures, error) {
	pool, err := t.publishers(publishers)
	if err != nil {
		return nil, err
	}
	defer pool.close()
	before, err := t.target.usage()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	var mu sync.Mutex
	sent, took := 0, time.Duration(0)
	answered := pool.each(func(p *publisher) error {
		n, err := do(p)
		mu.Lock()
		defer mu.Unlock()
		sent, took = sent+n, max(took, time.Since(begun))
		return err
	})
	if err := t.await(ctx, answered); err != nil {
		return nil, err
	}
	err = t.crowd.until(ctx, 5*time.Second, func() bool { return t.crowd.received >= int64(sent) })
	if err != nil && !errors.Is(err, errLate) {
		return nil, err
	}
	after, err := t.target.usage()
	if err != nil {
		return nil, err
	}
	return figures{"rate": float64(sent) / took.Seconds(), "p50": t.crowd.latency.ms(.5), "p99": t.crowd.latency.ms(.99),
		"cpu": micros(after.since(before).cpu()) / float64(max(sent, 1)), "lost": t.missing(sent)}, nil
}
