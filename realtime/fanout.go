package realtime

import (
	"context"
	"runtime"
)

// restAfter is after how many deliveries in a row a shard lets others go first: it
// keeps one of the places where Go runs all the time that it writes.
const restAfter = 64

// wake has what waits in the inbox delivered.
func (s *shard) wake() {
	if !s.inbox.empty() {
		poke(s.signal)
	}
}

func (s *shard) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.signal:
			s.flush(ctx)
		}
	}
}

// flush delivers what waits in the inbox and what comes meanwhile, each user's in one
// go.
func (s *shard) flush(ctx context.Context) {
	events, heads := s.inbox.take(nil)
	for ; (events != nil || heads != nil) && ctx.Err() == nil; events, heads = s.inbox.take(events) {
		for rest := events; len(rest) > 0; {
			n := portion(rest)
			s.deliver(rest[:n], n == len(rest))
			rest = rest[n:]
		}
		for _, head := range heads {
			s.behind(head.User, head.Head)
		}
	}
	s.inRow = 0
}

// compare compares the users' heads, as the store has them, with what was sent to
// them, but not before it was: the rings that have come already are delivered
// first. Else they would be overtaken, and their events read from the store once
// more.
func (s *shard) compare(heads []Head) {
	s.inbox.compare(heads)
	s.wake()
}

// deliver brings events of a user to the sockets there are. What comes for the user
// meanwhile may be joined when nothing is left to come before it: those who have not had
// their turn get it in the same write. That is done once, as others wait too.
func (s *shard) deliver(events []Event, join bool) {
	user := events[0].User
	conns, watchers := s.reach(user, events[len(events)-1].Seq)
	if len(conns) > 0 {
		s.delivery.set(events)
	}
	for left, i := len(conns), 0; left > 0; left, i = left-1, i+1 {
		if s.inRow++; s.inRow >= restAfter {
			s.inRow = 0
			runtime.Gosched()
			if join && s.join(user) {
				join = false
				// All of them, and who has come meanwhile: an event is for whoever is here
				// after it was rung.
				conns, watchers = s.reach(user, s.delivery.last())
				if left = len(conns); left == 0 {
					break
				}
			}
		}
		conns[i%len(conns)].deliver(&s.delivery, s.write)
	}
	for _, w := range watchers {
		poke(w)
	}
}

// join adds what has come for a user to what is being delivered, and says whether
// anything has.
func (s *shard) join(user int64) bool {
	s.joined = s.inbox.more(user, s.joined[:0])
	s.delivery.add(s.joined)
	clear(s.joined) // lets go of the messages
	return len(s.joined) > 0
}

// reach is whom events of a user are for, up to a seq.
func (s *shard) reach(user, seq int64) (conns []*conn, watchers []chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.users[user]
	if m == nil {
		return nil, nil
	}
	m.head = max(m.head, seq)
	return m.conns, m.watchers
}

func poke(w chan struct{}) {
	select {
	case w <- struct{}{}:
	default:
	}
}

// behind compares a user's head with what was delivered.
func (s *shard) behind(user, head int64) {
	s.mu.Lock()
	m := s.users[user]
	if m == nil {
		s.mu.Unlock()
		return
	}
	conns := m.conns
	var watchers []chan struct{}
	if head > m.head {
		m.head, watchers = head, m.watchers
	}
	s.mu.Unlock()
	for _, c := range conns {
		c.behind(head)
	}
	for _, w := range watchers {
		poke(w)
	}
}
