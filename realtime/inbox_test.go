package realtime

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func newInbox() *inbox { return &inbox{lines: map[int64][]Event{}} }

func seqsOf(events []Event) (seqs []int64) {
	for _, e := range events {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

// Whoever came first has the first turn, and then all that has come for them.
func TestInboxTurns(t *testing.T) {
	in := newInbox()
	put := func(user, seq int64) { in.put(Event{User: user, Seq: seq, Message: []byte("x")}) }
	put(2, 1)
	put(1, 1)
	in.compare([]Head{{User: 1, Head: 1}})
	in.compare(nil)
	put(3, 1)
	put(2, 2)
	put(1, 2)
	var done []Event
	for i, want := range []struct {
		user  int64
		seqs  []int64
		heads int
	}{{2, []int64{1, 2}, 0}, {1, []int64{1, 2}, 0}, {0, nil, 1}, {3, []int64{1}, 0}, {2, []int64{3}, 0}} {
		events, heads := in.take(done)
		if !slices.Equal(seqsOf(events), want.seqs) || len(heads) != want.heads || len(events) > 0 && events[0].User != want.user {
			t.Fatalf("turn %d: %v, %v; want %+v", i, events, heads, want)
		}
		if i == 0 {
			put(2, 3) // after its turn: behind the others
		}
		done = events
	}
	if events, heads := in.take(done); events != nil || heads != nil || !in.empty() {
		t.Errorf("%v, %v when nobody waits", events, heads)
	}
}

// Nobody waits for ever because much comes for another.
func TestInboxPassesOverNobody(t *testing.T) {
	in := newInbox()
	in.put(Event{User: 1, Seq: 1})
	in.put(Event{User: 2, Seq: 1})
	var done []Event
	for seq := int64(2); ; seq++ {
		in.put(Event{User: 1, Seq: seq})
		if done, _ = in.take(done); done[0].User == 2 {
			return
		}
		if seq > 2 {
			t.Fatal("a user waits while another has its second turn")
		}
	}
}

func TestInboxIsBounded(t *testing.T) {
	in := newInbox()
	for range 2 {
		for i := range int64(maxInbox + 100) {
			in.put(Event{User: i % 7, Seq: i})
		}
		in.compare([]Head{{User: 1}})
		n := 0
		for events, heads := in.take(nil); events != nil || heads != nil; events, heads = in.take(events) {
			n += len(events) + len(heads)
		}
		if n != maxInbox || !in.empty() {
			t.Errorf("%d were kept", n)
		}
	}
}

// Anything at any time: each user's events come out in their order, each once, and
// what was used again holds nothing of before.
func TestInboxKeepsEachUsersOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	in := newInbox()
	put, got := map[int64]int64{}, map[int64]int64{}
	var done []Event
	took := func(events []Event) {
		for _, e := range events {
			if got[e.User]++; e.Seq != got[e.User] || len(e.Message) != 1 {
				t.Fatalf("%+v, and %d was the last", e, got[e.User]-1)
			}
		}
	}
	for range 50_000 {
		user := r.Int64N(40)
		switch r.IntN(7) {
		case 0, 1, 2:
			for range r.IntN(30) {
				put[user]++
				in.put(Event{User: user, Seq: put[user], Message: []byte("x")})
			}
		case 3:
			took(in.more(user, nil))
		default:
			done, _ = in.take(done)
			took(done)
		}
	}
	for done, _ = in.take(done); done != nil; done, _ = in.take(done) {
		took(done)
	}
	for user, n := range put {
		if got[user] != n {
			t.Errorf("%d of %d events of user %d", got[user], n, user)
		}
	}
	for _, line := range in.spare {
		for _, e := range line[:cap(line)] {
			if e.Message != nil {
				t.Fatal("a message is kept")
			}
		}
	}
	if !in.empty() || len(in.lines) != 0 || len(in.spare) == 0 {
		t.Errorf("%d events, %d lines and %d spare ones are left", in.size, len(in.lines), len(in.spare))
	}
}
