//go:build !race

package realtime

import (
	"testing"
	"time"
)

// A delivery costs a fraction of a simple hub's, in the same moment on the same
// machine: a sixth and less, so a half holds anywhere.
func TestGateFanoutBesideAChatHub(t *testing.T) {
	const sockets, rounds = 1000, 50
	s, events := nullShard(1, sockets), noteEvents(1)
	h, text := newChatHub(t, sockets), noteEvents(1)[0].AppendJSON(nil)
	best := func(fn func()) time.Duration {
		least := time.Hour
		for range 5 {
			begun := time.Now()
			for range rounds {
				fn()
			}
			least = min(least, time.Since(begun))
		}
		return least / (sockets * rounds)
	}
	ours := best(func() { round(s, events) })
	chat := best(func() { h.broadcast(text) })
	t.Logf("a delivery: %v, a chat hub's %v", ours, chat)
	if ours > chat/2 {
		t.Errorf("a delivery costs %v, a chat hub's %v", ours, chat)
	}
}
