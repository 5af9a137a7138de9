package prove

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// silence is how long a device hears nothing before it comes anew: the server's
// ping every 25 s, and 10 s more.
const silence = 35 * time.Second

// stable is how old a connection must be for the backoff to start over.
const stable = 30 * time.Second

// device is one of a user's devices. Whatever way it reads its log, it shows an
// event only when it is the one right behind the last, and notes what is not.
type device struct {
	name    string
	user    int
	account *account
	read    func(ctx context.Context, d *device) (time.Duration, error) // one connection, from dial to end
	random  *rand.Rand                                                  // its own goroutine's alone
	host    host
	hurry   <-chan struct{} // closed when a frozen device is to wait no longer

	mu      sync.Mutex
	conn    net.Conn  // of the connection that stands
	up      bool      // connected, and told all that there was
	since   time.Time // up since then
	thaw    time.Time // reads nothing until then
	epoch   string
	cursor  int64
	records []*record // one for each life that it saw
	lives   []int     // which
	away    []span    // when it was not to be reached, through a fault of its own
	left    time.Time // the beginning of such a time
}

// host is the world as a device sees it.
type host interface {
	life() int
	violated(what wrong, d *device, seq int64, token, format string, args ...any)
}

// run connects, reads, and comes back as the contract asks, until ctx ends.
func (d *device) run(ctx context.Context) {
	for attempt := 0; ctx.Err() == nil; {
		begun := time.Now()
		after, err := d.read(ctx, d)
		var closed *closedForGood
		if errors.As(err, &closed) && ctx.Err() == nil {
			d.host.violated(other, d, 0, "", "the server closed the connection for good: %d", closed.code)
		}
		if d.down() && time.Since(begun) >= stable {
			attempt = 0
		}
		if after <= 0 {
			after = backoff(attempt, d.random.Float64())
			attempt++
		}
		select {
		case <-ctx.Done():
		case <-time.After(after):
		}
	}
}

// closedForGood is a close code that says not to come back.
type closedForGood struct{ code int }

func (c *closedForGood) Error() string { return fmt.Sprintf("closed for good: %d", c.code) }

// backoff is the contract's: min(20 s, 0.5 s + random(0, 0.5 s · 2^n)).
func backoff(n int, random float64) time.Duration {
	spread := 500 * time.Millisecond << min(n, 6)
	return min(20*time.Second, 500*time.Millisecond+time.Duration(random*float64(spread)))
}

// dial is a connection that a fault can reach.
func (d *device) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, address)
	if err == nil {
		d.mu.Lock()
		d.conn = conn
		d.mu.Unlock()
	}
	return conn, err
}

// place is where to go on: "" and 0 the first time.
func (d *device) place() (epoch string, cursor int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.epoch, d.cursor
}

// ready notes that the device has a connection and was told all that there was.
func (d *device) ready() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.up {
		d.up, d.since = true, time.Now()
		if !d.left.IsZero() {
			d.away = append(d.away, span{d.left, d.since})
			d.left = time.Time{}
		}
	}
}

// down notes that the connection is gone, and says whether it had been ready.
func (d *device) down() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := d.up
	d.up, d.conn = false, nil
	return was
}

// back says since when the device is up, and whether it is.
func (d *device) back() (time.Time, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.since, d.up
}

// cut ends the connection without a word, as a network does that goes away.
func (d *device) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.left.IsZero() {
		d.left = time.Now()
	}
	if tcp, ok := d.conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	if d.conn != nil {
		_ = d.conn.Close()
	}
}

// freeze makes the device stop reading, its connection open, for a time; then it
// leaves the connection behind and comes anew.
func (d *device) freeze(until time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.thaw = until
	if d.left.IsZero() {
		d.left = time.Now()
	}
}

// frozen waits while the device does not read. It reports whether it did.
func (d *device) frozen(ctx context.Context) bool {
	d.mu.Lock()
	until := d.thaw
	d.thaw = time.Time{}
	d.mu.Unlock()
	wait := time.Until(until)
	if wait <= 0 {
		if !until.IsZero() {
			d.thawed()
		}
		return false
	}
	select {
	case <-ctx.Done():
	case <-d.hurry:
	case <-time.After(wait):
	}
	return true
}

// thawed notes that nothing came while the device would not have read.
func (d *device) thawed() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.up && !d.left.IsZero() {
		d.away = append(d.away, span{d.left, time.Now()})
		d.left = time.Time{}
	}
}

// calm reports whether the device is neither cut off nor frozen by a fault of its
// own, nor was so lately that its backoff has not started over.
func (d *device) calm() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(d.away)
	return d.left.IsZero() && (n == 0 || time.Since(d.away[n-1].to) >= stable)
}

// begins notes the epoch that the first connection finds.
func (d *device) begins(epoch string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.epoch == "" {
		d.epoch = epoch
		d.open(0, nil)
	}
}

// open begins the record of a life. Call it with the lock.
func (d *device) open(from int64, list []string) {
	d.cursor = from
	d.records = append(d.records, &record{device: d.name, user: d.user, from: from, list: list})
	d.lives = append(d.lives, d.host.life())
}

// take shows a log event.
func (d *device) take(f *frame) {
	e := f.entry()
	now := time.Now()
	d.mu.Lock()
	cursor := d.cursor
	if len(d.records) > 0 {
		r := d.records[len(d.records)-1]
		r.shown = append(r.shown, shown{e, now})
	}
	d.cursor = max(d.cursor, e.seq)
	d.mu.Unlock()
	switch {
	case e.seq <= cursor:
		d.host.violated(duplicated, d, e.seq, e.token, "sent again after %d", cursor)
	case e.seq > cursor+1:
		d.host.violated(reordered, d, e.seq, e.token, "sent after %d, and others belong between", cursor)
	}
}

// reset is told that the cursor can't be served: right after an older database
// came back, and never else. The device loads its lists and goes on from the head.
func (d *device) reset(ctx context.Context, epoch string, head int64, reason string) error {
	d.mu.Lock()
	seen := len(d.lives) > 0 && d.lives[len(d.lives)-1] == d.host.life()
	d.mu.Unlock()
	if seen || reason != "epoch" {
		d.host.violated(lost, d, head, "", "the cursor was refused, reason %q, and no older database had come back", reason)
	}
	list, _, _, err := d.account.inbox(ctx)
	if err != nil {
		return err // comes anew with the old cursor, and is told again
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.epoch = epoch
	d.open(head, list)
	return nil
}

// of gives a copy of the record of a life, nil when the device has not seen it.
func (d *device) of(life int) *record {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, n := range d.lives {
		if n == life {
			r := *d.records[i]
			r.shown = r.shown[:len(r.shown):len(r.shown)]
			return &r
		}
	}
	return nil
}

// client is an HTTP client whose connections faults can reach.
func (d *device) client(timeout time.Duration) *http.Client {
	return &http.Client{Timeout: timeout, Transport: &http.Transport{DialContext: d.dial, MaxIdleConnsPerHost: 1}}
}
