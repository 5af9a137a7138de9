//go:build !linux

package realtime

import "syscall"

// send does not wait: the runtime's sockets are in non-blocking mode.
func send(fd int, b []byte) (int, error) { return syscall.Write(fd, b) }
