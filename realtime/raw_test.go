package realtime

import (
	"io"
	"net"
	"testing"
	"time"
)

// Whatever ends a connection, its descriptor is not known any more when the system may
// give the number away.
func TestADescriptorEndsWithItsConnection(t *testing.T) {
	for name, end := range map[string]func(f *fixture, w *wire, c *conn){
		"it is cut off":         func(_ *fixture, _ *wire, c *conn) { c.cutOff() },
		"the client hangs up":   func(_ *fixture, w *wire, _ *conn) { w.Close() },
		"the client says so":    func(_ *fixture, w *wire, _ *conn) { w.put(masked(closeFin, status(1000))); w.Close() },
		"the client is at odds": func(_ *fixture, w *wire, _ *conn) { w.put([]byte{0xFF, 0xFF}); w.Close() },
		"the server says so":    func(_ *fixture, w *wire, c *conn) { c.closeWith(CloseKicked, 0); w.Close() },
		"a write fails": func(f *fixture, w *wire, _ *conn) {
			w.Conn.(*net.TCPConn).SetLinger(0)
			w.Close()
			f.Ring(f.log.addMany(1, 1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, Options{SweepEvery: time.Hour})
			w := f.wire("since=0", 0).ready()
			f.idle(1)
			c := f.conns(1)[0]
			held := func() descriptor {
				c.mu.Lock()
				defer c.mu.Unlock()
				return c.fd
			}
			if held() == 0 {
				t.Fatal("a connection over TCP has a descriptor")
			}
			end(f, w, c)
			eventually(t, "the socket is forgotten", func() bool { return f.Sockets() == 0 })
			if fd := held(); fd != 0 {
				t.Errorf("%d is still known", fd)
			}
			if _, err := c.net.Write(nil); err == nil {
				t.Error("the connection is still open")
			}
		})
	}
}

// A connection that shows no descriptor has none, and one that was closed neither.
func TestDescriptorOfAConnection(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	if fd := descriptorOf(a); fd != 0 {
		t.Errorf("a pipe's is %d", fd)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	from, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()

	fd := descriptorOf(from)
	for range 3 {
		if n, err := fd.write([]byte("hello")); n != 5 || err != nil {
			t.Fatal(n, err)
		}
	}
	got := make([]byte, 15)
	if _, err := io.ReadFull(to, got); err != nil || string(got) != "hellohellohello" {
		t.Fatalf("%q %v", got, err)
	}
	// Nobody reads: it takes a part, then nothing, and never waits.
	big := make([]byte, 64<<20)
	n, err := fd.write(big)
	if n == 0 || n == len(big) || err != nil {
		t.Fatal(n, err)
	}
	for n > 0 {
		if n, err = fd.write(big); err != nil {
			t.Fatal(err)
		}
	}
	from.Close()
	if fd := descriptorOf(from); fd != 0 {
		t.Errorf("a closed connection's is %d", fd)
	}
	if _, err := descriptor(1 << 30).write([]byte("x")); err == nil {
		t.Error("a number that nothing is behind takes bytes")
	}
}
