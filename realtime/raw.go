package realtime

import (
	"net"
	"syscall"
)

// descriptor is what a socket can be written to without the runtime in between: the
// system's number and one, so that 0 is none.
//
// Once a connection is closed the system may give its number to another one. So a
// descriptor is used under conn.mu alone, and conn.broken, which closes the
// connection, takes it away there. That saves each write the locks by which net.Conn
// keeps its own, which are as many cache lines that nobody has touched for long.
type descriptor int32

// descriptorOf is that of a connection, 0 when it shows none (TLS).
func descriptorOf(c net.Conn) (d descriptor) {
	s, ok := c.(syscall.Conn)
	if !ok {
		return 0
	}
	if raw, err := s.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { d = descriptor(fd + 1) })
	}
	return d
}

// write writes as much of b as the kernel takes now. It never waits.
func (d descriptor) write(b []byte) (int, error) {
	for {
		n, err := send(int(d-1), b)
		switch err {
		case nil:
			return n, nil
		case syscall.EAGAIN:
			return 0, nil
		case syscall.EINTR:
		default:
			return 0, err
		}
	}
}
