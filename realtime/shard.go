package realtime

import (
	"slices"
	"sync"
)

// shard holds a part of the users and delivers to them from one goroutine.
type shard struct {
	hub *Hub

	mu     sync.RWMutex
	users  map[int64]*member
	conns  []*conn
	online int // users who have a socket

	inbox  inbox
	signal chan struct{}

	// The shard's goroutine's alone:
	delivery delivery
	joined   []Event
	write    writeFunc
	inRow    int // deliveries since others could go first
}

// member is a user who is here. Its slices are replaced, never changed, so that
// they can be used without the lock.
type member struct {
	conns    []*conn
	watchers []chan struct{}
	head     int64 // the newest seq that the watchers were woken for
}

func newShard(h *Hub) *shard {
	return &shard{hub: h, users: map[int64]*member{}, inbox: inbox{lines: map[int64][]Event{}}, signal: make(chan struct{}, 1), write: descriptor.write}
}

// add registers a socket. It says false when the user has too many: such a socket
// is known to the hub, which closes it, but not among the user's.
func (s *shard) add(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.index = len(s.conns)
	s.conns = append(s.conns, c)
	m := s.users[c.user.ID]
	if m == nil {
		m = &member{}
		s.users[c.user.ID] = m
	}
	if limit := s.hub.o.MaxSockets; limit > 0 && len(m.conns) >= limit {
		return false
	}
	if len(m.conns) == 0 {
		s.online++
	}
	m.conns = append(slices.Clip(m.conns), c)
	return true
}

// remove takes a socket from its user: it has ended, and nothing is for it.
func (s *shard) remove(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.users[c.user.ID]; m != nil {
		before := len(m.conns)
		if m.conns = without(m.conns, c); before > 0 && len(m.conns) == 0 {
			s.online--
		}
		s.forget(c.user.ID, m)
	}
}

// drop forgets a socket whose connection was given back.
func (s *shard) drop(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.conns) - 1
	s.conns[c.index] = s.conns[last]
	s.conns[c.index].index = c.index
	s.conns[last] = nil
	s.conns = s.conns[:last]
}

// forget lets go of a user who has nothing here any more.
func (s *shard) forget(user int64, m *member) {
	if len(m.conns) == 0 && len(m.watchers) == 0 {
		delete(s.users, user)
	}
}

func (s *shard) watch(user int64) (<-chan struct{}, func()) {
	w := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.users[user]
	if m == nil {
		m = &member{}
		s.users[user] = m
	}
	m.watchers = append(slices.Clip(m.watchers), w)
	return w, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		m := s.users[user]
		if m != nil {
			m.watchers = without(m.watchers, w)
			s.forget(user, m)
		}
	}
}

// without is a new slice that lacks x.
func without[T comparable](list []T, x T) []T {
	out := make([]T, 0, len(list))
	for _, y := range list {
		if y != x {
			out = append(out, y)
		}
	}
	return out
}

// all is every socket, to be used without the lock.
func (s *shard) all() []*conn {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.conns)
}

// of is the sockets of one user.
func (s *shard) of(user int64) []*conn {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if m := s.users[user]; m != nil {
		return m.conns
	}
	return nil
}

func (s *shard) countOnline() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.online
}

// present is the users who are here; those who only watch too, if asked for.
func (s *shard) present(watching bool) []int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ids := make([]int64, 0, len(s.users))
	for id, m := range s.users {
		if watching || len(m.conns) > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}
