//go:build linux && !race

package realtime

import (
	"bytes"
	"fmt"
	"net"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// bareSocket opens a socket of a user that this process has nothing of but the
// descriptor, and returns when the server has said that it is ready.
func bareSocket(t *testing.T, server *net.TCPAddr, user int) (fd int) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	to := &syscall.SockaddrInet4{Port: server.Port}
	copy(to.Addr[:], server.IP.To4())
	if err := syscall.Connect(fd, to); err != nil {
		t.Fatal(err)
	}
	request := fmt.Sprintf("GET /?user=%d HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", user, server)
	if _, err := syscall.Write(fd, []byte(request)); err != nil {
		t.Fatal(err)
	}
	var heard []byte
	for buf := make([]byte, 1024); !bytes.Contains(heard, []byte(`"ready"`)); {
		n, err := syscall.Read(fd, buf)
		if err != nil || n == 0 {
			t.Fatalf("%v after %q", err, heard)
		}
		heard = append(heard, buf[:n]...)
	}
	return fd
}

// An idle socket is a goroutine on its first stack and a few structs: no buffers of
// net/http, no request, no writer; also after it has answered a ping. A few bytes more
// in the frames of those who wait for a message, and each stack is twice as large.
func TestGateMemoryOfAnIdleSocket(t *testing.T) {
	const sockets, mostHeap, most = 900, 2<<10 + 512, 5<<10 + 512
	now := newClock()
	f := start(t, Options{MaxSockets: -1, Now: now.Now})
	server, err := net.ResolveTCPAddr("tcp4", strings.TrimPrefix(f.url, "ws://"))
	if err != nil {
		t.Fatal(err)
	}
	used := func() (heap, stack int64) {
		runtime.GC() // what is in pools goes with the second one
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc), int64(m.StackInuse)
	}
	for range 10 {
		bareSocket(t, server, 1) // what is made once is made now
	}
	heap, stack := used()
	var fds []int
	for range sockets {
		fds = append(fds, bareSocket(t, server, 1))
	}
	at := now.add(time.Second).Unix()
	for _, fd := range fds {
		if _, err := syscall.Write(fd, []byte{0x80 | opPong, 0x80, 0, 0, 0, 0}); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "all pongs are heard", func() bool {
		heard := 0
		f.each(func(c *conn) {
			if c.heard.Load() == at {
				heard++
			}
		})
		return heard == sockets
	})
	eventually(t, "the handlers have ended", func() bool { return runtime.NumGoroutine() < sockets+100 })
	heapNow, stackNow := used()
	heap, stack = (heapNow-heap)/sockets, (stackNow-stack)/sockets
	t.Logf("an idle socket: %d bytes of heap, %d of stack", heap, stack)
	if heap > mostHeap || heap+stack > most {
		t.Errorf("an idle socket takes %d bytes of heap, at most %d, and %d of stack, at most %d together", heap, mostHeap, stack, most)
	}
}
