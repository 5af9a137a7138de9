package realtime

import (
	"sync"
	"syscall"
)

// rawWriter makes one write(2) on a descriptor without ever waiting for it. Its
// closure is made once, so that a write allocates nothing.
type rawWriter struct {
	frame []byte
	n     int
	err   error
	fn    func(fd uintptr) bool
}

func newRawWriter() *rawWriter {
	w := new(rawWriter)
	w.fn = w.write
	return w
}

// write is run by the runtime's poller while it keeps the descriptor from being
// closed. It says true whatever comes: false would mean "wait until writable".
func (w *rawWriter) write(fd uintptr) bool {
	for {
		n, err := syscall.Write(int(fd), w.frame)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			w.n, w.err = 0, nil
		default:
			w.n, w.err = max(n, 0), err
		}
		return true
	}
}

// try writes as much of b as the kernel takes now.
func (w *rawWriter) try(raw syscall.RawConn, b []byte) (int, error) {
	w.frame, w.n, w.err = b, 0, nil
	err := raw.Write(w.fn)
	w.frame = nil
	if err == nil {
		err = w.err
	}
	return w.n, err
}

// rawWriters are for those who write now and then; a shard has its own.
var rawWriters = sync.Pool{New: func() any { return newRawWriter() }}

func tryRaw(raw syscall.RawConn, b []byte) (int, error) {
	w := rawWriters.Get().(*rawWriter)
	defer rawWriters.Put(w)
	return w.try(raw, b)
}
