package models

import (
	"testing"
	"time"
)

// What is not believed any more is not kept either, and when a session was last seen
// is not lost with it.
func TestStaleSessionsAreForgotten(t *testing.T) {
	begin := time.Date(2026, 5, 13, 12, 0, 0, 0, time.UTC)
	c := newSessionCache()
	add := func(session int64, at time.Time) {
		_, _, drops := c.get(session, at)
		c.put(liveSession{Identity{UserID: session, SessionID: session}, at.UnixMicro(), begin.Add(-time.Hour).UnixMicro()}, drops)
	}
	add(1, begin)
	add(2, begin.Add(sessionStale-time.Microsecond))
	add(3, begin.Add(time.Hour)) // before the clock was set back
	now := begin.Add(sessionStale)
	c.forgetStale(now)
	for session, want := range map[int64]bool{1: false, 2: true, 3: false} {
		_, known, _ := c.get(session, now)
		if _, kept := c.live[session]; known != want || kept != want {
			t.Errorf("session %d is known: %v, and kept: %v", session, known, kept)
		}
	}
	seen := c.takeSeen()
	if len(seen) != 3 || !seen[1].Equal(begin) {
		t.Errorf("seen: %v", seen)
	}
}
