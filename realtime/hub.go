package realtime

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Options are what a hub needs from outside. Log is required, the rest has
// defaults.
type Options struct {
	Log    Log
	Logger *slog.Logger
	Now    func() time.Time
	// Authenticate checks the token of a `refresh` command.
	Authenticate func(ctx context.Context, token string) (Identity, error)

	Shards     int           // one for each core
	PingEvery  time.Duration // 25 s
	PongWait   time.Duration // 10 s more without a sign of life: closed
	SweepEvery time.Duration // 2 s
	WriteLimit time.Duration // 10 s in one write: closed
	MaxSockets int           // for each user, 20; negative: no limit
	MaxTotal   int           // sockets in all, 0: no limit
}

func (o *Options) defaults() {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&o.PingEvery, 25*time.Second)
	set(&o.PongWait, 10*time.Second)
	set(&o.SweepEvery, 2*time.Second)
	set(&o.WriteLimit, 10*time.Second)
	if o.Shards == 0 {
		o.Shards = runtime.GOMAXPROCS(0)
	}
	if o.MaxSockets == 0 {
		o.MaxSockets = 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
}

// Hub is the map from users to their sockets.
type Hub struct {
	o       Options
	shards  []*shard
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup // every goroutine
	open    sync.WaitGroup // every socket
	lastID  atomic.Uint64
	sockets atomic.Int64
	hurry   chan struct{} // there is something for everyone

	mu       sync.Mutex
	stopping bool
	acks     map[int64]int64
}

// New starts a hub. End it with Shutdown.
func New(o Options) *Hub {
	o.defaults()
	h := &Hub{o: o, hurry: make(chan struct{}, 1), acks: map[int64]int64{}}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	for range o.Shards {
		s := newShard(h)
		h.shards = append(h.shards, s)
		h.running.Go(func() { s.run(h.ctx) })
	}
	h.running.Go(h.keepBeat)
	h.running.Go(h.keepSweep)
	h.running.Go(h.keepTakingOver)
	return h
}

func (h *Hub) shard(user int64) *shard { return h.shards[uint64(user)%uint64(len(h.shards))] }

// Ring delivers new events, each user's in the order of the log. It returns at
// once.
func (h *Hub) Ring(events []Event) {
	for i := range events {
		h.shard(events[i].User).inbox.put(events[i])
	}
	for _, s := range h.shards {
		s.wake()
	}
}

// RingAll says that there is something for everyone: the logs of those who are
// here are touched at once.
func (h *Hub) RingAll() { poke(h.hurry) }

// Watch gives a channel that is poked when the user's log grows, and what ends
// it. It serves those who wait without a socket.
func (h *Hub) Watch(user int64) (<-chan struct{}, func()) { return h.shard(user).watch(user) }

// OnlineUsers are the users who have a socket, in order.
func (h *Hub) OnlineUsers() []int64 { return h.present(false) }

// present is the users who are here, in order; those who only watch too, if asked
// for.
func (h *Hub) present(watching bool) []int64 {
	var ids []int64
	for _, s := range h.shards {
		ids = append(ids, s.present(watching)...)
	}
	slices.Sort(ids)
	return ids
}

// Online is how many users have a socket.
func (h *Hub) Online() int {
	n := 0
	for _, s := range h.shards {
		n += s.countOnline()
	}
	return n
}

// CountOnline is how many of the users have a socket.
func (h *Hub) CountOnline(users []int64) int {
	n := 0
	for _, id := range users {
		if len(h.shard(id).of(id)) > 0 {
			n++
		}
	}
	return n
}

// Sockets is how many there are.
func (h *Hub) Sockets() int { return int(h.sockets.Load()) }

// CloseSession closes the sockets of a session that has ended.
func (h *Hub) CloseSession(session int64) { h.closeSession(session, CloseSession) }

func (h *Hub) closeSession(session int64, code int) {
	h.each(func(c *conn) {
		if c.session.Load() == session {
			c.closeWith(code, 0)
		}
	})
}

// CloseUser closes the sockets of a user who is disabled or gone.
func (h *Hub) CloseUser(user int64) {
	for _, c := range h.shard(user).of(user) {
		c.closeWith(CloseDisabled, 0)
	}
}

// Prolong moves the expiry of a session's sockets: a browser that refreshed its
// token over HTTP keeps its sockets.
func (h *Hub) Prolong(session int64, expires time.Time) {
	h.each(func(c *conn) {
		if c.session.Load() == session {
			c.expires.Store(expires.Unix())
		}
	})
}

func (h *Hub) each(fn func(*conn)) {
	for _, s := range h.shards {
		for _, c := range s.all() {
			fn(c)
		}
	}
}

// Stopping reports whether new sockets are refused.
func (h *Hub) Stopping() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stopping
}

// lastAcks is how long storing the last acknowledgements may take. They are of use,
// but a device says them again.
const lastAcks = time.Second

// Shutdown refuses new sockets, says goodbye to those there are, and waits for
// them; when ctx ends first it cuts them off. They are asked to come back spread
// over a time that grows with their number. It returns at most a second later,
// also when the store hangs.
func (h *Hub) Shutdown(ctx context.Context) {
	h.mu.Lock()
	h.stopping = true
	h.mu.Unlock()
	window := min(20*time.Second, time.Second+time.Duration(h.Sockets())*time.Millisecond)
	h.each(func(c *conn) {
		c.closeWith(CloseStopping, 200*time.Millisecond+rand.N(window))
	})
	gone := make(chan struct{})
	go func() {
		h.open.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
		h.cancel() // first: a handshake that comes through now cuts itself off
		h.each((*conn).cutOff)
		<-gone
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastAcks)
	defer cancel()
	h.flushAcks(last)
	h.cancel()
	h.running.Wait()
}
