package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// memory is a Log in memory. It can be told to fail, and to stop and ask before
// each read.
type memory struct {
	mu      sync.Mutex
	epoch   string
	logs    map[int64][]Event
	trimmed map[int64]int64
	acked   map[int64]int64
	fail    error
	reads   int
	before  func(user, seq int64) // called before a page is read
	taken   func(users []int64)   // called when they are to take over
}

func newMemory(users ...int64) *memory {
	m := &memory{epoch: "e1", logs: map[int64][]Event{}, trimmed: map[int64]int64{}, acked: map[int64]int64{}}
	for _, u := range users {
		m.logs[u] = nil
	}
	return m
}

// add appends an event with a small message.
func (m *memory) add(user int64, name string) Event { return m.addSized(user, name, 0) }

// addSized appends an event whose message has a text of size bytes in it.
func (m *memory) addSized(user int64, name string, size int) Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.logs[user]) + 1
	e := Event{User: user, Seq: int64(n), Time: time.Unix(1_700_000_000, 0).UTC(), Name: name}
	e.Message = json.RawMessage(fmt.Sprintf(`{"n":%d,"text":"%s"}`, n, strings.Repeat("x", size)))
	m.logs[user] = append(m.logs[user], e)
	return e
}

// addMany appends n events.
func (m *memory) addMany(user int64, n int) (events []Event) {
	for range n {
		events = append(events, m.add(user, "card.created"))
	}
	return events
}

// with changes the log's behaviour.
func (m *memory) with(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
}

func (m *memory) setFail(err error) { m.with(func() { m.fail = err }) }

func (m *memory) timesRead() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reads
}

func (m *memory) ackedBy(user int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.acked[user]
}

func (m *memory) Epoch() string { return m.epoch }

func (m *memory) Head(ctx context.Context, user int64) (Head, error) {
	heads, err := m.Heads(ctx, []int64{user})
	if err != nil {
		return Head{}, err
	}
	if len(heads) == 0 {
		return Head{}, ErrNoUser
	}
	return heads[0], nil
}

func (m *memory) Heads(_ context.Context, users []int64) ([]Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return nil, m.fail
	}
	var heads []Head
	for _, u := range users {
		if log, ok := m.logs[u]; ok {
			heads = append(heads, Head{User: u, Head: int64(len(log)), Trimmed: m.trimmed[u]})
		}
	}
	return heads, nil
}

// TakeOver tells the test for whom it is.
func (m *memory) TakeOver(_ context.Context, users []int64) error {
	m.mu.Lock()
	fail, taken := m.fail, m.taken
	m.mu.Unlock()
	if taken != nil {
		taken(users)
	}
	return fail
}

func (m *memory) After(_ context.Context, user, seq int64, limit int) ([]Event, error) {
	m.mu.Lock()
	before := m.before
	m.mu.Unlock()
	if before != nil {
		before(user, seq)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	if m.fail != nil {
		return nil, m.fail
	}
	if seq < m.trimmed[user] {
		return nil, ErrTrimmed
	}
	log := m.logs[user]
	if seq >= int64(len(log)) {
		return nil, nil
	}
	var page []Event
	for size := 0; size < 64<<10 && len(page) < limit && seq < int64(len(log)); seq++ {
		page = append(page, log[seq])
		size += len(log[seq].Message)
	}
	return page, nil
}

func (m *memory) Delivered(_ context.Context, upTo map[int64]int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	for u, seq := range upTo {
		m.acked[u] = max(m.acked[u], seq)
	}
	return nil
}

// gate holds the reads of the log until it is opened.
type gate struct {
	waiting chan struct{} // a read has come
	open    chan struct{}
	once    sync.Once
}

// hold makes every read of the log wait, until release or the test's end.
func (m *memory) hold(t *testing.T) *gate {
	g := &gate{waiting: make(chan struct{}, 1000), open: make(chan struct{})}
	m.with(func() {
		m.before = func(int64, int64) {
			g.waiting <- struct{}{}
			<-g.open
		}
	})
	t.Cleanup(g.release)
	return g
}

func (g *gate) release() { g.once.Do(func() { close(g.open) }) }

// arrived waits for a read.
func (g *gate) arrived(t *testing.T) {
	t.Helper()
	select {
	case <-g.waiting:
	case <-time.After(patience):
		t.Fatal("nobody reads the log")
	}
}
