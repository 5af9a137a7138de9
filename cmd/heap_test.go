package cmd

import (
	"runtime"
	"testing"
)

// Seconds in a server's life, and how its heap is to be kept after each.
func TestHeapKeeper(t *testing.T) {
	const mega = 1 << 20
	type second struct {
		makes, alive, held uint64 // MB
		percent            int
		giveBack           bool
	}
	// A storm that is over: what it left goes back once, and then no more for nothing.
	storm := []second{
		{makes: 60, alive: 20, held: 45, percent: tightly},
		{makes: 70, alive: 40, held: 80, percent: tightly},
		{makes: 0, alive: 40, held: 80, percent: tightly, giveBack: true},
		{makes: 0, alive: 38, held: 39, percent: tightly},
		{makes: 1, alive: 38, held: 40, percent: tightly},
	}
	for name, life := range map[string][]second{
		"a storm": storm,
		"work that lasts may take more memory, and gives it back when it is over": {
			{makes: 100, alive: 20, held: 40, percent: tightly},
			{makes: 100, alive: 21, held: 40, percent: loosely}, // the first might have been the end of a storm
			{makes: 5, alive: 20, held: 100, percent: loosely},  // takes a breath
			{makes: 100, alive: 20, held: 100, percent: loosely},
			{makes: 3, alive: 20, held: 100, percent: tightly}, // still somebody at work
			{makes: 1, alive: 20, held: 60, percent: tightly, giveBack: true},
		},
		"sockets that come while it works hard": {
			{makes: 100, alive: 20, held: 40, percent: tightly},
			{makes: 100, alive: 20, held: 40, percent: loosely},
			{makes: 100, alive: 30, held: 60, percent: tightly},
			{makes: 100, alive: 30, held: 60, percent: tightly},
			{makes: 100, alive: 30, held: 60, percent: loosely},
		},
		"never anything to give back in a small one": {
			{makes: 2, alive: 3, held: 6, percent: tightly},
			{makes: 9, alive: 3, held: 9, percent: loosely},
			{makes: 0, alive: 3, held: 9, percent: tightly},
			{makes: 0, alive: 3, held: 9, percent: tightly},
		},
		"a moderate pace": {
			{makes: 12, alive: 20, held: 40, percent: tightly},
			{makes: 12, alive: 20, held: 45, percent: loosely},
			{makes: 12, alive: 20, held: 90, percent: loosely},
			{makes: 0, alive: 20, held: 90, percent: tightly, giveBack: true},
			{makes: 0, alive: 20, held: 22, percent: tightly},
		},
		"no collection by force, again and again, while there is a little work": {
			{makes: 3, alive: 38, held: 60, percent: tightly},
			{makes: 3, alive: 38, held: 65, percent: tightly},
			{makes: 3, alive: 38, held: 70, percent: tightly},
		},
		"nothing was collected yet": {
			{makes: 1, alive: 0, held: 2, percent: tightly},
			{makes: 30, alive: 0, held: 30, percent: tightly},
			{makes: 0, alive: 0, held: 30, percent: tightly, giveBack: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var now heapState
			k := heapKeeper{last: heapState{alive: life[0].alive * mega}}
			for i, s := range life {
				now = heapState{allocated: now.allocated + s.makes*mega, alive: s.alive * mega, held: s.held * mega}
				if percent, giveBack := k.next(now); percent != s.percent || giveBack != s.giveBack {
					t.Errorf("second %d: %d %%, gives back: %v", i, percent, giveBack)
				}
			}
		})
	}
}

// The runtime knows the figures by these names.
func TestReadHeap(t *testing.T) {
	before := readHeap()
	garbage := make([]byte, 32<<20)
	runtime.KeepAlive(garbage)
	after := readHeap()
	if made := after.allocated - before.allocated; made < 32<<20 || after.held < 32<<20 {
		t.Errorf("%+v after %+v", after, before)
	}
	garbage = nil
	runtime.GC()
	if alive := readHeap().alive; alive == 0 || alive > 1<<40 {
		t.Errorf("%d bytes are alive", alive)
	}
}
