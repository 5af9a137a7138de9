package realtime

import (
	"errors"
	"math/rand/v2"
	"net"
	"runtime"
	"testing"
	"time"
)

// smallBuffers is a listener whose connections take few bytes at a time.
type smallBuffers struct{ net.Listener }

func (l smallBuffers) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		conn.(*net.TCPConn).SetWriteBuffer(4096)
	}
	return conn, err
}

func small(l net.Listener) net.Listener { return smallBuffers{l} }

// hidden is a listener whose connections show no descriptor, as those of TLS.
type hidden struct{ net.Listener }

func (l hidden) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		conn = struct{ net.Conn }{conn}
	}
	return conn, err
}

// readSeqs reads log events from to to.
func (w *wire) readSeqs(from, to int64) {
	w.t.Helper()
	for seq := from; seq <= to; seq++ {
		if f := w.next(); f.Seq != seq {
			w.t.Fatalf("got %q with seq %d, want %d", f.Name, f.Seq, seq)
		}
	}
}

func TestClientThatReadsLate(t *testing.T) {
	f := startOn(t, Options{SweepEvery: time.Hour}, small)
	w := f.wire("", 4096).ready()
	f.idle(1)
	const events = 1500
	for i := range events {
		f.Ring([]Event{f.log.addSized(1, "card.created", i*911%5000)})
	}
	f.knows(1, events)
	if p := f.conns(1)[0].peek(); !p.draining || p.cursor == events {
		t.Fatalf("the kernel took all at once: %+v", p)
	}
	w.readSeqs(1, events)
	w.put(masked(textFin, []byte(`{"name":"ping","id":1}`)))
	w.expect("reply") // and nothing twice
}

// Events of any size, rung in any portions, read in any portions.
func TestClientThatReadsNowAndThen(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 3))
		f := startOn(t, Options{SweepEvery: time.Hour}, small)
		w := f.wire("since=0", 2048)
		w.ready()
		read, head := int64(0), int64(0)
		for range 60 {
			var events []Event
			for range 1 + r.IntN(12) {
				events = append(events, f.log.addSized(1, "card.created", r.IntN([]int{10, 500, 30_000}[r.IntN(3)])))
				head++
			}
			f.Ring(events)
			upTo := min(read+r.Int64N(12), head)
			w.readSeqs(read+1, upTo)
			read = upTo
		}
		w.readSeqs(read+1, head)
	}
}

func TestConnectionsWithoutADescriptor(t *testing.T) {
	f := startOn(t, Options{SweepEvery: time.Hour}, func(l net.Listener) net.Listener { return hidden{l} })
	f.log.addMany(1, 300)
	c := f.dial("since=100")
	c.expect("welcome")
	c.expectSeqs(101, 300)
	c.expect("ready")
	for range 20 {
		f.Ring([]Event{f.log.add(1, "card.created")})
	}
	c.expectSeqs(301, 320)
	c.settle()
	f.CloseUser(1)
	if code, last := c.farewell(); code != CloseDisabled || last == nil {
		t.Error(code, last)
	}
	c.Close()
	eventually(t, "the socket is forgotten", func() bool { return f.Sockets() == 0 })
}

func TestStuckClientIsClosedAndOthersDoNotWait(t *testing.T) {
	f := startOn(t, Options{SweepEvery: time.Hour, WriteLimit: 300 * time.Millisecond}, small)
	stuck := f.wire("", 4096).ready() // and reads no more
	sister, other := f.live("user=1"), f.live("user=2")
	deadline := time.Now().Add(patience)
	for seq := int64(1); len(f.conns(1)) == 2; seq++ {
		if time.Now().After(deadline) {
			t.Fatal("the stuck client is not closed")
		}
		f.Ring([]Event{f.log.addSized(1, "card.created", 3000), f.log.add(2, "card.created")})
		sister.expectSeqs(seq, seq)
		other.expectSeqs(seq, seq)
	}
	for {
		if _, err := stuck.get(); err != nil {
			return // whole frames, and then the end; where it was cut is no matter
		}
	}
}

// What a client that does not read costs does not grow with what waits for it.
func TestStuckClientsCostAConstant(t *testing.T) {
	const sockets, most = 40, 40 << 10
	f := startOn(t, Options{SweepEvery: time.Hour, MaxSockets: -1, WriteLimit: time.Minute}, small)
	for range 1000 {
		f.log.addSized(1, "card.created", 2000)
	}
	heap := func() int64 {
		runtime.GC()
		runtime.GC() // what a sync.Pool holds lives for one more
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	for range sockets {
		f.wire("since=0", 4096)
	}
	eventually(t, "all are stuck within the replay", func() bool {
		conns := f.conns(1)
		for _, c := range conns {
			if p := c.peek(); !p.draining || p.cursor == 0 && p.out > 0 {
				return false
			}
		}
		return len(conns) == sockets
	})
	var each int64
	eventually(t, "a page is let go of", func() bool {
		each = (heap() - before) / sockets
		return each < most
	})
	t.Logf("%d bytes for each", each)
}

// Who asks on and on and does not read the answers is closed when they are too
// many, not when memory is out.
func TestAnswersNobodyReadsAreBounded(t *testing.T) {
	f := startOn(t, Options{WriteLimit: time.Minute}, small)
	w := f.wire("", 4096).ready()
	ask := masked(textFin, []byte(`{"name":"echo","message":"`+string(make60k())+`"}`))
	w.SetWriteDeadline(time.Now().Add(patience))
	for i := 0; ; i++ {
		if _, err := w.Write(ask); err != nil {
			if errors.Is(err, net.ErrClosed) {
				t.Error(err)
			}
			break
		}
		for _, c := range f.conns(1) {
			if out := c.peek().out; out > maxOut {
				t.Fatalf("%d bytes wait", out)
			}
		}
		if i > 190 {
			t.Fatal("it was never closed")
		}
	}
	eventually(t, "the socket is forgotten", func() bool { return f.Sockets() == 0 })
}

func make60k() []byte {
	b := make([]byte, 60_000)
	for i := range b {
		b[i] = 'x'
	}
	return b
}
