package prove

import (
	"math/rand/v2"
	"slices"
	"time"
)

// fault is something that is made to break.
type fault string

const (
	kill    fault = "kill -9"
	term    fault = "SIGTERM"
	pause   fault = "SIGSTOP"
	drop    fault = "devices dropped"
	freeze  fault = "half-open devices"
	stuck   fault = "sockets that never read"
	restore fault = "older database restored"
)

// faults are all of them, in the order in which they are told of.
var faults = []fault{kill, term, pause, drop, freeze, stuck, restore}

// step is one fault of a plan.
type step struct {
	at    time.Duration // since the beginning
	what  fault
	times int           // kills in a row, each as soon as the server is up again
	lasts time.Duration // how long a pause, a freeze or stuck sockets last
	count int           // how many devices, or sockets that never read
	lose  float64       // the share of doorbells that the server loses that is started next
	pick  uint64        // decides which devices
}

// A cycle begins with what breaks connections and ends with the calm that the
// contract's backoff needs to start over (30 s of a stable connection).
const (
	cycle     = 48 * time.Second
	lastFault = 5 * time.Second // before the end: what broke last is to be seen mended
)

// plan is the schedule of faults of one world: the same for the same seed, world
// and length, whatever the machine does.
func plan(seed uint64, world int, length time.Duration) []step {
	r := rand.New(rand.NewPCG(seed, uint64(world)+1))
	var steps []step
	// Worlds begin at different moments, so that the machine has not to restart all
	// servers at once.
	begin := 3*time.Second + time.Duration(world)*4*time.Second
	restores := restoreTimes(r, world, length)
	for at := begin; at < length-lastFault; at += cycle + between(r, 0, 2*time.Second) {
		times := 1
		if r.IntN(2) == 0 {
			times = 2
		}
		steps = append(steps, step{at: at, what: kill, times: times, lose: lose(r), pick: r.Uint64()})
		for _, s := range []step{
			{at: at + between(r, 3*time.Second, 6*time.Second), what: term, lose: lose(r)},
			{at: at + between(r, 6*time.Second, 8*time.Second), what: drop, count: 1 + r.IntN(8)},
			{at: at + between(r, 8*time.Second, 10*time.Second), what: freeze, count: 1 + r.IntN(3), lasts: between(r, 3*time.Second, 45*time.Second)},
			{at: at + between(r, 10*time.Second, 12*time.Second), what: stuck, count: 1 + r.IntN(8), lasts: between(r, 5*time.Second, 20*time.Second)},
			{at: at + between(r, 14*time.Second, 24*time.Second), what: pause, lasts: between(r, time.Second, 4*time.Second)},
			{at: at + between(r, 30*time.Second, 36*time.Second), what: pause, lasts: between(r, time.Second, 4*time.Second)},
		} {
			s.pick = r.Uint64()
			steps = append(steps, s)
		}
	}
	for _, at := range restores {
		steps = append(steps, step{at: at, what: restore, lasts: between(r, 2*time.Second, 8*time.Second), pick: r.Uint64()})
	}
	slices.SortStableFunc(steps, func(a, b step) int { return int(a.at - b.at) })
	steps = slices.DeleteFunc(steps, func(s step) bool { return s.at > length-lastFault })
	for i := range steps {
		steps[i].lasts = min(steps[i].lasts, length-steps[i].at-lastFault/2)
	}
	return steps
}

// lose is none of the doorbells mostly, or all, or some: then a device is rung for
// an event and was not for the one before.
func lose(r *rand.Rand) float64 { return []float64{0, 0, 0, 0, 1, .3}[r.IntN(6)] }

// restoreTimes puts a restore into each four minutes of each world, and in a short
// run one into the second world.
func restoreTimes(r *rand.Rand, world int, length time.Duration) []time.Duration {
	if length < 4*time.Minute {
		if world == 1 || length < 20*time.Second {
			return []time.Duration{length * 3 / 5}
		}
		return nil
	}
	var times []time.Duration
	for at := between(r, time.Minute, 3*time.Minute); at < length-time.Minute; at += 4 * time.Minute {
		times = append(times, at)
	}
	return times
}

func between(r *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(r.Int64N(int64(to-from)))
}
