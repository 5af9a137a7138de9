package realtime

import (
	"context"
	"testing"
)

// counting is a shard with two users of so many sockets each, and tells of each write
// whose it is and which in all.
func counting(sockets int, wrote func(s *shard, c *conn, n int)) *shard {
	s := nullShard(2, sockets)
	known := map[descriptor]*conn{}
	for i, c := range s.conns {
		c.fd = descriptor(1 + i)
		known[c.fd] = c
	}
	n := 0
	s.write = func(fd descriptor, b []byte) (int, error) {
		n++
		wrote(s, known[fd], n)
		return len(b), nil
	}
	return s
}

// What comes while an event is on its way to a user's many sockets goes out in the same
// write to those who have not had their turn. Who has come meanwhile gets it too.
func TestWhatComesMeanwhileIsJoined(t *testing.T) {
	const sockets = 10 * restAfter
	event := noteEvents(1)[0]
	writes := map[*conn]int{}
	late := &conn{fd: 1 << 20, ready: true, cursor: 1, head: 1} // it has had the first with its replay
	s := counting(sockets, func(s *shard, c *conn, n int) {
		writes[c]++
		if n == restAfter/2 {
			late.hub = s.hub
			s.add(late)
			event.Seq = 2
			s.inbox.put(event)
		}
	})
	event.Seq = 1
	s.inbox.put(event)
	s.flush(context.Background())

	twice := 0
	for _, c := range s.of(0) {
		if c.cursor != 2 || c.draining {
			t.Fatalf("a socket is at %d, draining: %v", c.cursor, c.draining)
		}
		if writes[c] == 2 {
			twice++
		}
	}
	if len(s.of(0)) != sockets+1 || twice >= restAfter || twice < restAfter/2 || writes[nil] != 1 {
		t.Errorf("%d sockets of %d were written to twice, and %d late ones", twice, sockets, writes[nil])
	}
	if !s.inbox.empty() {
		t.Error("something is left")
	}
}

// However much comes for one user, another waits for no more than what is joined once.
func TestOneUsersEventsHoldNobodyUp(t *testing.T) {
	const sockets = 4 * restAfter
	events := noteEvents(2)
	first := 0
	s := counting(sockets, func(s *shard, c *conn, n int) {
		if c.user.ID == 1 && first == 0 {
			first = n
		}
		if first == 0 && n < 100*sockets {
			events[0].Seq++
			s.inbox.put(events[0])
		}
	})
	for u := range events {
		events[u].Seq = 1
		s.inbox.put(events[u])
	}
	s.flush(context.Background())
	if first == 0 || first > 2*sockets+1 {
		t.Errorf("the other user was reached after %d writes", first-1)
	}
	for _, c := range s.conns {
		if want := events[c.user.ID].Seq; c.cursor != want {
			t.Fatalf("a socket of user %d is at %d of %d", c.user.ID, c.cursor, want)
		}
	}
}
