package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// stormed is the storm of handshakes that the scene began with.
func stormed(_ context.Context, t *trial) (figures, error) { return t.stormed, nil }

// idle is the memory that sockets take which nothing happens on.
func idle(ctx context.Context, t *trial) (figures, error) {
	if err := t.crowd.linger(ctx, t.o.pause(2*time.Second)); err != nil {
		return nil, err
	}
	found, err := t.target.rss()
	if err != nil {
		return nil, err
	}
	m, err := t.target.collect(ctx)
	if err != nil {
		return nil, err
	}
	after, err := t.target.rss()
	if err != nil {
		return nil, err
	}
	n := float64(t.scene.sockets)
	return figures{"found": (found - t.base) / n, "collected": (after - t.base) / n,
		"heap": (float64(m.Heap) - float64(t.held.Heap)) / 1024 / n, "stack": (float64(m.Stack) - float64(t.held.Stack)) / 1024 / n}, nil
}

// gap is how long there is nothing between two rounds of a stage.
const gap = 20 * time.Millisecond

// broadcast pushes to all sockets of the scene, in rounds of one push or of several
// at once; a round is over when all have everything.
func broadcast(rounds, burst int) func(context.Context, *trial) (figures, error) {
	return func(ctx context.Context, t *trial) (figures, error) {
		return t.rounds(ctx, t.o.scaled(rounds, 3), burst, gap, t.everyUser())
	}
}

// everyone pushes to everyone: one row in the store, and then an item and an event for
// each user.
func everyone(ctx context.Context, t *trial) (figures, error) {
	return t.rounds(ctx, t.o.scaled(5, 3), 1, t.o.pause(time.Second), nil)
}

func (t *trial) rounds(ctx context.Context, rounds, burst int, gap time.Duration, users []int) (figures, error) {
	pool, err := t.publishers(burst)
	if err != nil {
		return nil, err
	}
	defer pool.close()
	before, err := t.target.usage()
	if err != nil {
		return nil, err
	}
	var busy time.Duration
	var lasts []float64
	for range rounds {
		took, err := t.round(ctx, pool, users, payloadSize, t.scene.sockets)
		if err != nil {
			return nil, err
		}
		busy += took
		lasts = append(lasts, millis(took))
		if err := t.crowd.linger(ctx, gap); err != nil {
			return nil, err
		}
	}
	after, err := t.target.usage()
	if err != nil {
		return nil, err
	}
	used, n := after.since(before), float64(t.crowd.received)
	return figures{"rate": n / busy.Seconds(), "last": median(lasts), "p50": t.crowd.latency.ms(.5), "p99": t.crowd.latency.ms(.99),
		"cpu": micros(used.cpu()) / n, "user": micros(used.user) / n, "lost": t.missing(rounds * burst * t.scene.sockets)}, nil
}

// missing is how many deliveries of those that were due are not there, or are there
// twice or out of order.
func (t *trial) missing(due int) float64 {
	off := int64(due) - t.crowd.received
	return float64(max(off, -off, t.crowd.gaps))
}

// round is one push of each publisher to the users, until so many sockets have them all.
func (t *trial) round(ctx context.Context, pool publisherPool, users []int, size, sockets int) (time.Duration, error) {
	want := t.crowd.received + int64(len(pool)*sockets)
	begun := time.Now()
	answered := pool.each(func(p *publisher) error {
		p.out = t.target.appendPush(p.out[:0], users, appendPayload(nil, time.Now().UnixNano(), size))
		return p.send()
	})
	err := t.crowd.until(ctx, roundLimit, func() bool { return t.crowd.received >= want })
	took := time.Since(begun)
	if errors.Is(err, errLate) {
		err = fmt.Errorf("%d deliveries did not come within %v", want-t.crowd.received, roundLimit)
	}
	return took, errors.Join(err, t.await(ctx, answered))
}

// await turns the loop until the publishers are done.
func (t *trial) await(ctx context.Context, answered <-chan error) error {
	var failure error
	done := false
	err := t.crowd.until(ctx, pushLimit+time.Second, func() bool {
		if !done {
			select {
			case failure = <-answered:
				done = true
			default:
			}
		}
		return done
	})
	return errors.Join(failure, err)
}

// resume is what comes after a server's start: all come back at once, each some events
// behind. It is over when the last one has been told that it has everything.
func resume(ctx context.Context, t *trial) (figures, error) {
	t.crowd.shutAll()
	if err := t.crowd.linger(ctx, t.o.pause(settling)); err != nil {
		return nil, err
	}
	found, err := t.storm(ctx, 0)
	if err != nil {
		return nil, err
	}
	found["lost"] = t.missing(t.scene.sockets * t.scene.events)
	return found, nil
}

// slow is what healthy sockets feel of some that have stopped to read: as many rounds
// without as with them. Afterwards the stuck ones go on, and must not lack anything.
func slow(ctx context.Context, t *trial) (figures, error) {
	pool, err := t.publishers(1)
	if err != nil {
		return nil, err
	}
	defer pool.close()
	rounds := t.o.scaled(1250, 50)
	users := t.everyUser()
	measure := func(sockets int) (*histogram, error) {
		var took histogram
		for range rounds {
			d, err := t.round(ctx, pool, users, stuckSize, sockets)
			if err != nil {
				return nil, err
			}
			took.add(int64(d))
		}
		return &took, nil
	}
	without, err := measure(t.scene.sockets)
	if err != nil {
		return nil, err
	}
	for i := range t.scene.held {
		if err := t.crowd.hold(i, true); err != nil {
			return nil, err
		}
	}
	with, err := measure(t.scene.sockets - t.scene.held)
	if err != nil {
		return nil, err
	}
	found := figures{"without": without.ms(1), "with": with.ms(1), "p99": with.ms(.99), "ratio": with.ms(1) / without.ms(1),
		"lost": t.missing(rounds * (2*t.scene.sockets - t.scene.held))}
	if t.target.kind != Aoki {
		return found, nil // what was not read is gone
	}
	found["missing"], err = t.release(ctx, 2*rounds*t.scene.sockets)
	return found, err
}

// release lets the stuck sockets go on: what the server has closed comes back with its
// cursor. It gives how many deliveries are missing when nothing comes any more.
func (t *trial) release(ctx context.Context, due int) (float64, error) {
	for i := range t.scene.held {
		if err := t.crowd.hold(i, false); err != nil {
			return 0, err
		}
	}
	var failure error
	t.crowd.hello = func(i int) []byte {
		hello, err := t.target.hello(t.userOf(i), t.crowd.clients[i].seq)
		failure = errors.Join(failure, err)
		return hello
	}
	err := t.crowd.until(ctx, roundLimit, func() bool {
		for i := range t.scene.held {
			if t.crowd.clients[i].state == away {
				failure = errors.Join(failure, t.crowd.dial(i))
			}
		}
		return t.crowd.received >= int64(due) || failure != nil
	})
	if errors.Is(err, errLate) {
		err = nil
	}
	return t.missing(due), errors.Join(err, failure)
}
