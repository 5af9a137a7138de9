package realtime

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// half is one direction of a connection in memory. It takes any amount.
type half struct {
	mu    sync.Mutex
	grown sync.Cond
	bytes []byte
	ended bool
}

func (h *half) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	h.grown.Broadcast()
}

// memoryConn is an end of a connection in memory: as one of TCP without delays,
// limits, deadlines and a descriptor.
type memoryConn struct{ in, out *half }

func memoryPair(testing.TB) (ours, theirs net.Conn) {
	a, b := &half{}, &half{}
	a.grown.L, b.grown.L = &a.mu, &b.mu
	return memoryConn{a, b}, memoryConn{b, a}
}

func (c memoryConn) Read(b []byte) (int, error) {
	h := c.in
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.bytes) == 0 {
		if h.ended {
			return 0, io.EOF
		}
		h.grown.Wait()
	}
	n := copy(b, h.bytes)
	h.bytes = h.bytes[n:]
	return n, nil
}

func (c memoryConn) Write(b []byte) (int, error) {
	h := c.out
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		return 0, io.ErrClosedPipe
	}
	h.bytes = append(h.bytes, b...)
	h.grown.Signal()
	return len(b), nil
}

func (c memoryConn) CloseWrite() error { c.out.end(); return nil }

func (c memoryConn) Close() error {
	c.out.end()
	c.in.end()
	return nil
}

func (memoryConn) LocalAddr() net.Addr              { return &net.UnixAddr{} }
func (memoryConn) RemoteAddr() net.Addr             { return &net.UnixAddr{} }
func (memoryConn) SetDeadline(time.Time) error      { return nil }
func (memoryConn) SetReadDeadline(time.Time) error  { return nil }
func (memoryConn) SetWriteDeadline(time.Time) error { return nil }
