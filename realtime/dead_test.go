package realtime

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// Peers that vanish without a word (no FIN, no RST) are reaped at most 45 s after
// their last sign of life, whatever waits for them.
func TestVanishedPeers(t *testing.T) {
	now := newClock()
	f := startOn(t, Options{Now: now.Now, SweepEvery: time.Hour, WriteLimit: time.Hour}, small)
	for range 300 {
		f.log.addSized(1, "card.created", 3000)
	}
	f.wire("", 0).ready()     // silent, and nothing is for it
	f.wire("since=0", 4096)   // reads nothing: a write hangs
	f.wire("user=2", 0).put() // has heard nothing yet
	half := f.wire("user=2", 0).ready()
	half.put(masked(textFin, []byte(`{"name":"ping"}`))[:9]) // in the middle of a frame
	eventually(t, "one is stuck", func() bool {
		conns := f.conns(1)
		return len(conns) == 2 && (conns[0].peek().draining != conns[1].peek().draining)
	})
	f.idle(2)
	alive := f.live("user=3")
	f.beat(now.add(34 * time.Second))
	if f.Sockets() != 5 {
		t.Fatalf("%d sockets are left too early", f.Sockets())
	}
	alive.say(`{"name":"ping","id":1}`)
	for alive.next().Name != "reply" {
	}
	f.beat(now.add(time.Second)) // 35 s
	f.beat(now.add(time.Second))
	f.beat(now.add(4 * time.Second)) // 40 s
	eventually(t, "they are gone", func() bool { return f.Sockets() == 1 })
	alive.settle()
}

// lines is a log that can be read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) has(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), s)
}

// Who takes nothing for as long as the write limit is closed as too slow. It can't
// be told, as nothing goes through: the log says it.
func TestTooSlow(t *testing.T) {
	log := &lines{}
	f := startOn(t, Options{SweepEvery: time.Hour, WriteLimit: 50 * time.Millisecond, Logger: slog.New(slog.NewJSONHandler(log, nil))}, small)
	for range 300 {
		f.log.addSized(1, "card.created", 3000)
	}
	f.wire("since=0", 4096)
	eventually(t, "it is closed", func() bool { return f.Sockets() == 0 && log.has(`"code":4004`) })
	f.live("").settle()
}

// A thousand acks at once: a warning, then the end with 4005. What happens to the
// log meanwhile is there when the device comes back with its cursor.
func TestThousandAcks(t *testing.T) {
	now := newClock()
	f := start(t, Options{Now: now.Now, SweepEvery: time.Hour})
	f.log.addMany(1, 1000)
	sister := f.live("")
	w := f.wire("since=1000", 0).ready()
	var acks []byte
	for seq := range 1000 {
		acks = append(acks, masked(textFin, fmt.Appendf(nil, `{"name":"ack","message":{"seq":%d}}`, seq+1))...)
	}
	for _, part := range [][]byte{acks[:len(acks)/2], acks[len(acks)/2:]} {
		f.Ring([]Event{f.log.add(1, "card.created")})
		w.put(part)
	}
	cursor, said := int64(1000), []string{}
	for _, line := range w.transcript("") {
		if line == "card.created" {
			cursor++
		} else {
			said = append(said, line)
		}
	}
	if got := strings.Join(said, ", "); got != "error rate_limited, bye 4005, close 4005" {
		t.Errorf("the server said %s", got)
	}
	f.flushAcks(t.Context())
	if got := f.log.ackedBy(1); got != 2*inboundBurst-1 {
		t.Errorf("acked up to %d", got)
	}
	sister.expectSeqs(1001, 1002)
	sister.settle()
	back := f.dial(fmt.Sprint("since=", cursor))
	back.expect("welcome")
	back.expectSeqs(cursor+1, 1002)
	back.expect("ready")
	back.settle()
}

// Ringing never waits: not for sockets, not for those who deliver.
func TestRingNeverWaits(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour, Shards: 1})
	c := f.live("")
	held := f.conns(1)[0]
	held.mu.Lock() // what is delivered from here on hangs
	e := f.log.add(1, "card.created")
	for range maxInbox + 1000 { // and more than is kept
		f.Ring([]Event{e})
	}
	held.mu.Unlock()
	c.expectSeqs(1, 1)
	c.settle()
}
