package cmd

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How far the heap may grow before it is collected, in percent of what is alive.
const (
	// tightly is for a server to which sockets come: collected now and then on the way,
	// they lie close together afterwards, and what an idle one takes is a tenth less.
	// Half of it, Go's own, would save little more and make a handshake dearer by as much.
	tightly = 200
	// loosely is for a server that works hard on sockets that are there: each collection
	// visits them all, and a push that falls into one waits.
	loosely = 400
)

const (
	heapEvery = time.Second
	// leastAlive is what a heap counts as at least: Go does not collect smaller ones.
	leastAlive = 4 << 20
	// worthGiving is the memory that is worth a collection to give back, at least.
	worthGiving = 8 << 20
)

// heapState is the heap at a moment, in bytes.
type heapState struct {
	allocated uint64 // since the start
	alive     uint64 // at the last collection
	held      uint64 // from the system
}

// heapKeeper decides, every second, how the heap is kept.
type heapKeeper struct {
	last  heapState
	hard  int  // seconds of hard work, one after the other
	loose bool // it has lasted
	owing bool // there was work since memory was given back
}

// next is what to do about the heap as it is now: how far it may grow, and whether to
// give back what a storm has left, now that it is over.
func (k *heapKeeper) next(now heapState) (percent int, giveBack bool) {
	before := k.last
	k.last = now
	alive := max(now.alive, leastAlive)
	// In tenths of what is alive: at twenty, a heap that is kept tightly is collected.
	made := (now.allocated - before.allocated) * 10 / alive
	grows := now.alive > before.alive+before.alive/8
	switch {
	case grows || made < 2:
		k.hard, k.loose = 0, false
	case made >= 5:
		k.hard++
		k.loose = k.loose || k.hard > 1
	}
	if made >= 2 || grows {
		k.owing = true
	}
	if percent = tightly; k.loose {
		percent = loosely
	}
	if k.owing && made < 1 && !grows {
		k.owing = false
		giveBack = now.held > alive+max(worthGiving, alive/4)
	}
	return percent, giveBack
}

// keepHeap keeps the heap until ctx ends.
func keepHeap(ctx context.Context) {
	clock := time.NewTicker(heapEvery)
	defer clock.Stop()
	k := heapKeeper{last: readHeap()}
	percent := tightly
	debug.SetGCPercent(percent)
	for {
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		}
		want, giveBack := k.next(readHeap())
		if want != percent {
			percent = want
			debug.SetGCPercent(percent)
		}
		if giveBack {
			debug.FreeOSMemory() // collects first
		}
	}
}

func readHeap() heapState {
	samples := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(samples)
	return heapState{allocated: samples[0].Value.Uint64(), alive: samples[1].Value.Uint64(),
		held: samples[2].Value.Uint64() + samples[3].Value.Uint64() + samples[4].Value.Uint64()}
}
