package bench

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

// floor is the least that a server can do: its sockets are descriptors and nothing
// else, in one epoll loop; a push is encoded once and given to each with write(2). It
// asks for no token, keeps nothing, and what a socket doesn't take is lost.
type floor struct {
	epoll    int
	listener int
	half     map[int][]byte // handshakes that are under way

	mu    sync.Mutex
	all   []int32
	place map[int32]int // in all
	users map[int64][]int32
	owner map[int32]int64
}

func newFloor() (*floor, error) {
	listener, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Bind(listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return nil, err
	}
	if err := unix.Listen(listener, 4096); err != nil {
		return nil, err
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := &floor{epoll: epoll, listener: listener, half: map[int][]byte{}, place: map[int32]int{}, users: map[int64][]int32{}, owner: map[int32]int64{}}
	return f, f.watch(listener)
}

func (f *floor) watch(fd int) error {
	return unix.EpollCtl(f.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

func (f *floor) port() (int, error) {
	address, err := unix.Getsockname(f.listener)
	if err != nil {
		return 0, err
	}
	return address.(*unix.SockaddrInet4).Port, nil
}

// run turns the loop until ctx ends.
func (f *floor) run(ctx context.Context) error {
	events := make([]unix.EpollEvent, 1024)
	buf := make([]byte, 4096)
	for ctx.Err() == nil {
		n, err := unix.EpollWait(f.epoll, events, 100)
		if err != nil && err != unix.EINTR {
			return err
		}
		for _, e := range events[:max(n, 0)] {
			if int(e.Fd) == f.listener {
				f.accept()
				continue
			}
			n, err := unix.Read(int(e.Fd), buf)
			switch {
			case err == unix.EAGAIN || err == unix.EINTR:
			case err != nil || n == 0:
				f.drop(e.Fd)
			default:
				f.heard(int(e.Fd), buf[:n])
			}
		}
	}
	return nil
}

func (f *floor) accept() {
	for {
		fd, _, err := unix.Accept4(f.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if err != nil {
			return
		}
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
		f.half[fd] = nil
		if f.watch(fd) != nil {
			delete(f.half, fd)
			_ = unix.Close(fd)
		}
	}
}

// heard answers a handshake. What comes afterwards are pongs, and nobody's concern.
func (f *floor) heard(fd int, b []byte) {
	have, under := f.half[fd]
	if !under {
		return
	}
	have = append(have, b...)
	if f.half[fd] = have; !bytes.Contains(have, []byte("\r\n\r\n")) {
		return
	}
	delete(f.half, fd)
	line, rest, _ := bytes.Cut(have, []byte("\r\n"))
	_, word, _ := bytes.Cut(line, []byte("?u="))
	word, _, _ = bytes.Cut(word, []byte(" "))
	user, _ := strconv.ParseInt(string(word), 10, 64)
	_, key, _ := bytes.Cut(rest, []byte("Sec-WebSocket-Key: "))
	key, _, _ = bytes.Cut(key, []byte("\r\n"))
	f.mu.Lock()
	f.place[int32(fd)] = len(f.all)
	f.all = append(f.all, int32(fd))
	f.users[user] = append(f.users[user], int32(fd))
	f.owner[int32(fd)] = user
	f.mu.Unlock()
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept(key) + "\r\n\r\n"
	_, _ = unix.Write(fd, []byte(answer))
}

// accept is the answer to a handshake's key, by RFC 6455, section 4.2.2.
func accept(key []byte) string {
	sum := sha1.Sum(append(bytes.Clone(key), "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (f *floor) drop(fd int32) {
	delete(f.half, int(fd))
	f.mu.Lock()
	defer f.mu.Unlock()
	if i, ok := f.place[fd]; ok {
		last := len(f.all) - 1
		f.all[i] = f.all[last]
		f.place[f.all[i]] = i
		f.all = f.all[:last]
		delete(f.place, fd)
		delete(f.users, f.owner[fd])
		delete(f.owner, fd)
	}
	_ = unix.Close(int(fd))
}

// push writes to all sockets, or to one user's, from the goroutine of the request.
func (f *floor) push(m chatMessage) {
	wire := binary.BigEndian.AppendUint16([]byte{0x80 | opText, 126}, uint16(len(m.text)))
	if len(m.text) < 126 {
		wire = []byte{0x80 | opText, byte(len(m.text))}
	}
	wire = append(wire, m.text...)
	f.mu.Lock()
	defer f.mu.Unlock()
	to := f.all
	if m.user != 0 {
		to = f.users[m.user]
	}
	for _, fd := range to {
		_, _ = unix.Write(int(fd), wire)
	}
}

func (f *floor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if m, ok := pushed(w, r); ok {
		f.push(m)
		w.WriteHeader(http.StatusNoContent)
	}
}

// serveFloor runs the floor until ctx ends.
func serveFloor(ctx context.Context, say func(sockets, pushes string) error) error {
	f, err := newFloor()
	if err != nil {
		return err
	}
	port, err := f.port()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		if err := f.run(ctx); err != nil {
			cancel(err)
		}
	}()
	return serveHTTP(ctx, f, func(address net.Addr) error {
		return say(fmt.Sprintf("127.0.0.1:%d", port), address.String())
	})
}
