package realtime

import "sync"

// maxInbox bounds how many events wait for a shard. What comes beyond is dropped: the
// sweep finds it in the store.
const maxInbox = 1 << 16

// inbox is what waits for a shard: a line of events for each user, in the order they
// came, and the users in the order of their first. What comes for a user whose turn has
// not come yet is delivered together with what waits already, in one write for each
// socket. Nobody is passed over, however much comes for others.
type inbox struct {
	mu    sync.Mutex
	lines map[int64][]Event
	turns []turn
	next  int // in turns
	size  int // events, and heads
	spare [][]Event
}

// turn is a user's, or one of heads to be compared.
type turn struct {
	user  int64
	heads []Head
}

// What is kept of a burst's memory.
const (
	maxTurns     = 1024
	maxSpare     = 256 // lines, to be used again
	maxSpareLine = 16  // events of such a line
)

// put appends an event to its user's line. It never waits for a socket.
func (in *inbox) put(e Event) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.size >= maxInbox {
		return
	}
	in.size++
	line, waits := in.lines[e.User]
	if !waits {
		in.turns = append(in.turns, turn{user: e.User})
		if last := len(in.spare) - 1; last >= 0 {
			line, in.spare = in.spare[last], in.spare[:last]
		}
	}
	in.lines[e.User] = append(line, e)
}

// compare gives heads a turn, behind all that has come so far.
func (in *inbox) compare(heads []Head) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(heads) > 0 && in.size < maxInbox {
		in.size += len(heads)
		in.turns = append(in.turns, turn{heads: heads})
	}
}

// empty says that nothing waits.
func (in *inbox) empty() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.size == 0
}

// more takes what has come for a user since its turn began, as much as makes up a
// delivery, and appends it to events.
func (in *inbox) more(user int64, events []Event) []Event {
	in.mu.Lock()
	defer in.mu.Unlock()
	line, waits := in.lines[user]
	if !waits {
		return events
	}
	n := portion(line)
	events = append(events, line[:n]...)
	left := copy(line, line[n:])
	clear(line[left:])
	in.lines[user] = line[:left] // its turn stays
	in.size -= n
	return events
}

// take gives whoever's turn it is: the events of a user, or heads to be compared; both
// are nil when nobody waits. The events are lent: they come back as done at the next
// call.
func (in *inbox) take(done []Event) (events []Event, heads []Head) {
	clear(done) // lets go of the messages
	in.mu.Lock()
	defer in.mu.Unlock()
	if 0 < cap(done) && cap(done) <= maxSpareLine && len(in.spare) < maxSpare {
		in.spare = append(in.spare, done[:0])
	}
	if in.next == len(in.turns) {
		in.turns, in.next = in.turns[:0], 0
		if cap(in.turns) > maxTurns {
			in.turns, in.lines = nil, map[int64][]Event{}
		}
		return nil, nil
	}
	t := in.turns[in.next]
	in.turns[in.next] = turn{}
	if in.next++; in.next >= maxTurns/2 && in.next > len(in.turns)/2 { // it may never be empty
		n := copy(in.turns, in.turns[in.next:])
		clear(in.turns[n:])
		in.turns, in.next = in.turns[:n], 0
	}
	if t.heads == nil {
		events = in.lines[t.user]
		delete(in.lines, t.user)
	}
	in.size -= len(events) + len(t.heads)
	return events, t.heads
}
