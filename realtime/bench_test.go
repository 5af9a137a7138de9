package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// nullShard is a shard with sockets that are ready, whose writes cost nothing.
func nullShard(users, sockets int) *shard {
	h := &Hub{o: Options{MaxSockets: -1, Log: newMemory()}}
	h.o.defaults()
	s := newShard(h)
	s.write = func(_ descriptor, b []byte) (int, error) { return len(b), nil }
	for u := range users {
		for range sockets {
			s.add(&conn{hub: h, user: User{ID: int64(u)}, fd: 1, ready: true})
		}
	}
	return s
}

func noteEvents(users int) []Event {
	events := make([]Event, users)
	for u := range events {
		events[u] = Event{User: int64(u), Time: time.Unix(1_700_000_000, 0).UTC(), Name: "card.created", Counts: &Counts{Unread: 3, Unseen: 1},
			Message: json.RawMessage(`{"deck":{"id":1,"name":"Spanish"},"text":"` + strings.Repeat("x", 200) + `"}`)}
	}
	return events
}

// round delivers one more event to each user.
func round(s *shard, events []Event) {
	for u := range events {
		events[u].Seq++
		s.inbox.put(events[u])
	}
	s.flush(context.Background())
}

func TestDeliveryAllocatesNothing(t *testing.T) {
	for _, sockets := range []int{1, 3} {
		s, events := nullShard(100, sockets), noteEvents(100)
		if n := testing.AllocsPerRun(50, func() { round(s, events) }); n != 0 {
			t.Errorf("%v allocations in %d deliveries", n, 100*sockets)
		}
		for _, c := range s.all() {
			if c.cursor != events[0].Seq {
				t.Fatalf("a socket is at %d of %d", c.cursor, events[0].Seq)
			}
		}
	}
}

// BenchmarkFanout is the cost of a delivery without the kernel's: an operation is
// one event for one socket. The last is a simple hub's, to compare with.
//
//	go test -run - -bench Fanout ./realtime
func BenchmarkFanout(b *testing.B) {
	for _, c := range []struct{ users, sockets int }{{1, 10_000}, {1000, 10}, {10_000, 1}} {
		b.Run(fmt.Sprintf("users=%d/sockets=%d", c.users, c.sockets), func(b *testing.B) {
			s, events := nullShard(c.users, c.sockets), noteEvents(c.users)
			b.ReportAllocs()
			b.ResetTimer()
			for done := 0; done < b.N; {
				for u := 0; u < c.users && done < b.N; u++ {
					round(s, events[u:u+1])
					done += c.sockets
				}
				if b.N-done < c.sockets {
					break
				}
			}
		})
	}
	b.Run("chat/sockets=1000", func(b *testing.B) {
		h, text := newChatHub(b, 1000), noteEvents(1)[0].AppendJSON(nil)
		b.ReportAllocs()
		b.ResetTimer()
		for done := 0; done < b.N; done += len(h.queues) {
			h.broadcast(text)
		}
	})
}

// BenchmarkEncode is an event becoming a frame: once for all of a user's sockets, and
// for each of them. An operation is one event for 100 sockets.
func BenchmarkEncode(b *testing.B) {
	const sockets = 100
	for name, times := range map[string]int{"once": 1, "each": sockets} {
		b.Run(name, func(b *testing.B) {
			events := noteEvents(1)
			events[0].Seq = 1
			var d delivery
			b.ReportAllocs()
			for b.Loop() {
				for range times {
					d.set(events)
				}
			}
		})
	}
}

// BenchmarkStrict is what looking at the headers of what comes in costs: an
// operation is one frame.
//
//	go test -run - -bench Strict ./realtime
func BenchmarkStrict(b *testing.B) {
	for _, size := range []int{40, 60_000} {
		b.Run(fmt.Sprint("bytes=", size), func(b *testing.B) {
			text := masked(textFin, padded(size))
			b.ReportAllocs()
			for b.Loop() {
				var s strict
				if n := s.follow(text); n != len(text) {
					b.Fatal(n)
				}
			}
			b.ReportMetric(float64(unsafe.Sizeof(strict{})), "B/socket")
		})
	}
}
