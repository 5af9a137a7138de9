package realtime

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// mouth is a hub that is spoken to within the process, without a network's delays.
type mouth struct {
	*Hub
	log  *memory
	pair func(testing.TB) (ours, theirs net.Conn)
	user atomic.Int64
}

func newMouth(t testing.TB, pair func(testing.TB) (ours, theirs net.Conn)) *mouth {
	m := &mouth{log: newMemory(), pair: pair}
	now := newClock()
	m.Hub = New(Options{Log: m.log, Now: now.Now, SweepEvery: time.Hour, Shards: 1, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		m.Shutdown(ctx)
	})
	return m
}

// taken is an answer to a handshake that is handed over at once.
type taken struct {
	http.ResponseWriter
	conn net.Conn
}

func (t taken) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return t.conn, bufio.NewReadWriter(bufio.NewReaderSize(t.conn, 16), bufio.NewWriterSize(t.conn, 16)), nil
}

var handshake = &http.Request{Method: http.MethodGet, Header: http.Header{
	"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"MDEyMzQ1Njc4OWFiY2RlZg=="},
}}

// unixPair is two connected sockets.
func unixPair(t testing.TB) (ours, theirs net.Conn) {
	t.Helper()
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	var ends [2]net.Conn
	for i, fd := range fds {
		file := os.NewFile(uintptr(fd), "")
		ends[i], err = net.FileConn(file)
		file.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	return ends[0], ends[1]
}

// open gives a socket from the beginning of a log of its own.
func (m *mouth) open(t testing.TB) (*wire, int64) {
	t.Helper()
	user := m.user.Add(1)
	m.log.with(func() { m.log.logs[user] = nil })
	ours, theirs := m.pair(t)
	w := &wire{Conn: ours, br: bufio.NewReaderSize(ours, 4096), t: t}
	who := Identity{User: User{ID: user, Username: "ann", Role: "user"}, Session: user, Expires: m.o.Now().Add(time.Hour)}
	if err := m.Serve(taken{conn: theirs}, handshake, who, Cursor{}); err != nil {
		t.Fatal(err)
	}
	for line := "-"; line != "\r\n"; {
		var err error
		if line, err = w.br.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return w, user
}

// tells is how many events happen while a stream is sent.
const tells = 6

// speak sends a stream in pieces that a seed chooses, 0 for one piece, while the
// user's log grows. All that the server says must be what the oracle says, the
// events must come in order, and nothing may be left afterwards.
func (m *mouth) speak(t testing.TB, stream []byte, seed uint64) {
	t.Helper()
	o := oracle{events: tells}
	o.hear(stream)
	goroutines := runtime.NumGoroutine()
	w, user := m.open(t)
	late := time.AfterFunc(patience, func() { w.Close() })
	defer late.Stop()
	written := make(chan struct{})
	go func() {
		defer close(written)
		left := tells
		for _, piece := range pieces(stream, seed) {
			if _, err := w.Write(piece); err != nil && !o.closed {
				t.Error("the server does not read:", err)
			}
			if left > 0 {
				m.Ring([]Event{m.log.add(user, "card.created")})
				left--
			}
		}
		m.Ring(m.log.addMany(user, left))
	}()
	lines, seqs := w.listen(0, func(lines []string, seqs int64) bool {
		return !o.closed && seqs == tells && (o.loose || len(lines) == len(o.lines))
	})
	<-written
	w.Conn.(interface{ CloseWrite() error }).CloseWrite()
	more, seqs := w.listen(seqs, func([]string, int64) bool { return false })
	lines = append(lines, more...)
	w.Close()

	if !o.loose && !slices.Equal(lines, o.lines) {
		t.Errorf("the server said\n%.300q, want\n%.300q", lines, o.lines)
	}
	if o.loose {
		closes := slices.DeleteFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "close") })
		if len(closes) > 1 || o.closed != (len(closes) == 1) || o.closed && closes[0] != o.lines[len(o.lines)-1] {
			t.Errorf("closed with %q, want %q", closes, o.lines)
		}
	}
	if !o.closed && seqs != tells {
		t.Errorf("%d of %d events came", seqs, tells)
	}
	gone := func() bool { return m.Sockets() == 0 && runtime.NumGoroutine() <= goroutines }
	for i := 0; i < 1000 && !gone(); i++ {
		runtime.Gosched() // nearly always enough, and a thousand times faster than a tick
	}
	eventually(t, "the socket and its goroutines are gone", gone)
	m.log.with(func() { delete(m.log.logs, user) })
	m.mu.Lock()
	delete(m.acks, user)
	m.mu.Unlock()
}

// listen reads until it has heard enough or the stream ends: what the server said
// besides the log, of whose events after seq it checks that none is left out or
// twice, and that nothing comes behind a close frame. It gives the last seq too.
func (w *wire) listen(seq int64, enough func(lines []string, seq int64) bool) (lines []string, seqs int64) {
	w.t.Helper()
	seqs = seq
	for !enough(lines, seqs) {
		f, err := w.get()
		if err == io.EOF {
			return lines, seqs
		}
		if err != nil {
			w.t.Fatalf("behind %.300q and %d events: %v", lines, seqs, err)
		}
		switch line := f.line(); line {
		case "welcome", "ready":
		case "card.created":
			var e frame
			if err := f.decode(&e); err != nil || e.Seq != seqs+1 {
				w.t.Fatalf("%s after seq %d: %v", f.payload, seqs, err)
			}
			seqs++
		default:
			if lines = append(lines, line); strings.HasPrefix(line, "close") {
				if _, err := w.get(); err != io.EOF {
					w.t.Fatal("behind the close frame:", err)
				}
				return lines, seqs
			}
		}
	}
	return lines, seqs
}

// pieces cuts a stream where a seed says.
func pieces(stream []byte, seed uint64) (out [][]byte) {
	if seed == 0 {
		return [][]byte{stream}
	}
	r := rand.New(rand.NewPCG(seed, 1))
	most := 1 + r.IntN(64)
	if len(stream) > 4096 {
		most = len(stream) / 16
	}
	for len(stream) > 0 {
		n := min(len(stream), 1+r.IntN(most))
		out, stream = append(out, stream[:n]), stream[n:]
	}
	return out
}
