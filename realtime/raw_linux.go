package realtime

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// send is a send(2) that the runtime is not told of. It is for calls that can wait:
// it would have its monitor look every 20 µs whether this one does, which is one
// more switch of threads for every third write. This one can't, whatever the socket's
// mode.
func send(fd int, b []byte) (int, error) {
	n, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)),
		unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
