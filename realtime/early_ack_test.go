package realtime

import (
	"net"
	"sync"
	"testing"
)

// slowEnd is a connection whose writes are looked at before they return.
type slowEnd struct {
	net.Conn
	wrote func()
}

func (s *slowEnd) Write(b []byte) (int, error) {
	n, err := s.Conn.Write(b)
	s.wrote()
	return n, err
}

type slowListener struct {
	net.Listener
	wrote func()
}

func (l slowListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &slowEnd{c, l.wrote}, nil
}

// A client may acknowledge an event before the write that brought it has returned.
func TestAckRacesTheWrite(t *testing.T) {
	arrived, acked := make(chan struct{}), make(chan struct{})
	var armed bool
	f := startOn(t, Options{}, func(l net.Listener) net.Listener {
		return slowListener{l, func() {
			if armed {
				armed = false
				close(arrived)
				<-acked
			}
		}}
	})
	release := sync.OnceFunc(func() { close(acked) })
	t.Cleanup(release)
	c := f.live("")
	armed = true
	f.log.add(1, "card.created")
	f.log.add(1, "card.created")
	f.shard(1).behind(1, 1) // it was rung for the first one; the page has both
	<-arrived
	c.expectSeqs(1, 2)
	c.say(`{"name":"ack","id":1,"message":{"seq":2}}`)
	eventually(t, "the ack is taken", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.acks[1] == 2
	})
	release()
	c.settle()
}
