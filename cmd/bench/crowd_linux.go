package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// state is how far a socket is.
type state uint8

const (
	away       state = iota // not opened yet, or closed
	connecting              // TCP
	shaking                 // the handshake is under way
	replaying               // open; the server will say when it is ready
	ready
)

// client is one socket of the crowd.
type client struct {
	fd    int32
	state state
	held  bool   // it reads nothing
	seq   int64  // of the last event
	begun int64  // when it was opened
	rest  []byte // of what was read, a frame that is not whole yet
	part  []byte // of a message in several frames
}

// crowd is thousands of sockets in one epoll loop. The loop turns only while its owner
// waits for something ([crowd.until]): nothing here is for several goroutines.
type crowd struct {
	target  unix.SockaddrInet4
	hello   func(i int) []byte // the handshake's request
	waits   bool               // for the server's word that a socket is ready
	held    int                // the first so many sockets get a small receive buffer
	forgive bool               // sockets that the server ends
	epoll   int
	clients []client
	byFD    []int32 // a client's index by its descriptor
	events  []unix.EpollEvent
	read    []byte
	joined  []byte

	open     int    // sockets that are ready
	refused  int    // before they were
	lost     int    // afterwards
	why      string // the first of the two
	received int64  // payloads
	gaps     int64  // events that were not right behind the last
	shakes   histogram
	latency  histogram // from when a payload was due
}

func newCrowd(t *target, sockets int) (*crowd, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	c := &crowd{target: t.sockets, waits: t.saysReady, epoll: epoll, clients: make([]client, sockets),
		events: make([]unix.EpollEvent, 2048), read: make([]byte, 256<<10)}
	return c, nil
}

// connect opens all sockets that are away, so many handshakes at a time, and returns
// when all are ready.
func (c *crowd) connect(ctx context.Context, atOnce int, hello func(i int) []byte, limit time.Duration) error {
	c.hello = hello
	c.shakes = histogram{}
	open, total, next := c.open, len(c.clients), 0
	begun := c.refused
	err := c.until(ctx, limit, func() bool {
		for ; next < total && next-(c.open-open)-(c.refused-begun) < atOnce; next++ {
			if err := c.dial(next); err != nil {
				c.refuse(&c.clients[next], err.Error())
			}
		}
		return c.open+c.refused-begun >= total
	})
	switch {
	case c.refused > begun:
		return fmt.Errorf("%d of %d sockets were refused: %s", c.refused-begun, total, c.why)
	case errors.Is(err, errLate):
		return fmt.Errorf("after %v only %d of %d sockets were ready", limit, c.open, total)
	}
	return err
}

func (c *crowd) dial(i int) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	if i < c.held {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 4<<10)
	}
	if err := unix.Connect(fd, &c.target); err != nil && err != unix.EINPROGRESS {
		_ = unix.Close(fd)
		return err
	}
	for fd >= len(c.byFD) {
		c.byFD = append(c.byFD, make([]int32, 4096)...)
	}
	c.byFD[fd] = int32(i)
	cl := &c.clients[i]
	cl.fd, cl.state, cl.begun, cl.rest, cl.part = int32(fd), connecting, time.Now().UnixNano(), nil, nil
	return c.watch(unix.EPOLL_CTL_ADD, cl)
}

func (c *crowd) watch(op int, cl *client) error {
	return unix.EpollCtl(c.epoll, op, int(cl.fd), &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET, Fd: cl.fd})
}

// hold makes a socket read nothing any more, or go on.
func (c *crowd) hold(i int, held bool) error {
	cl := &c.clients[i]
	cl.held = held
	if cl.state == away {
		return nil
	}
	if held {
		return unix.EpollCtl(c.epoll, unix.EPOLL_CTL_DEL, int(cl.fd), nil)
	}
	return c.watch(unix.EPOLL_CTL_ADD, cl) // tells of what has come meanwhile
}

var errLate = errors.New("not in time")

// until turns the loop until what is waited for has come: errLate when it has not. It
// does not wait on when sockets are lost.
func (c *crowd) until(ctx context.Context, limit time.Duration, come func() bool) error {
	end := time.Now().Add(limit)
	for !come() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if c.lost > 0 && !c.forgive {
			return fmt.Errorf("%d sockets were lost: %s", c.lost, c.why)
		}
		left := time.Until(end)
		if left <= 0 {
			return errLate
		}
		if err := c.turn(min(left, 20*time.Millisecond)); err != nil {
			return err
		}
	}
	return nil
}

// linger turns the loop for a while.
func (c *crowd) linger(ctx context.Context, d time.Duration) error {
	if err := c.until(ctx, d, func() bool { return false }); !errors.Is(err, errLate) {
		return err
	}
	return nil
}

func (c *crowd) turn(wait time.Duration) error {
	n, err := unix.EpollWait(c.epoll, c.events, int((wait+time.Millisecond-1)/time.Millisecond))
	if err == unix.EINTR {
		return nil
	}
	if err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	for _, e := range c.events[:n] {
		cl := &c.clients[c.byFD[e.Fd]]
		if cl.fd != e.Fd || cl.state == away {
			continue // closed earlier in this turn
		}
		if cl.state == connecting && e.Events&(unix.EPOLLOUT|unix.EPOLLERR|unix.EPOLLHUP) != 0 {
			request := c.hello(int(c.byFD[e.Fd]))
			if n, err := unix.Write(int(cl.fd), request); err != nil || n < len(request) {
				c.end(cl, fmt.Sprintf("the connection was not made: %v", err))
				continue
			}
			cl.state = shaking
		}
		if e.Events&^unix.EPOLLOUT != 0 {
			c.drain(cl)
		}
	}
	return nil
}

func (c *crowd) ready(cl *client) {
	cl.state = ready
	c.open++
	c.shakes.add(time.Now().UnixNano() - cl.begun)
}

func (c *crowd) refuse(cl *client, why string) {
	c.refused++
	if c.why == "" {
		c.why = why
	}
	c.shut(cl)
}

// end is a socket that the server ended.
func (c *crowd) end(cl *client, why string) {
	if cl.state != ready {
		c.refuse(cl, why)
		return
	}
	c.lost++
	c.open--
	if c.why == "" {
		c.why = why
	}
	c.shut(cl)
}

// shut closes a socket with a reset: thousands of ports would else be in TIME_WAIT.
func (c *crowd) shut(cl *client) {
	if cl.state != away {
		_ = unix.SetsockoptLinger(int(cl.fd), unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		_ = unix.Close(int(cl.fd))
	}
	cl.fd, cl.state = -1, away
}

// shutAll closes all sockets that are open.
func (c *crowd) shutAll() {
	for i := range c.clients {
		c.shut(&c.clients[i])
	}
	c.open = 0
}

func (c *crowd) close() {
	c.shutAll()
	_ = unix.Close(c.epoll)
}

// forget begins to measure anew.
func (c *crowd) forget() {
	c.received, c.gaps, c.latency = 0, 0, histogram{}
}
