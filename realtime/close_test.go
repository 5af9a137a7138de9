package realtime

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestClosedByTheServer(t *testing.T) {
	now := newClock()
	for _, c := range []struct {
		name string
		do   func(*fixture)
		want bye
	}{
		{"expired", func(f *fixture) { f.beat(now.Now().Add(time.Hour)) }, bye{Code: 4001, Reconnect: true}},
		{"silent", func(f *fixture) { f.beat(now.Now().Add(35 * time.Second)) }, bye{Code: 4002, Reconnect: true}},
		{"session", func(f *fixture) { f.CloseSession(7) }, bye{Code: 4501}},
		{"user", func(f *fixture) { f.CloseUser(1) }, bye{Code: 4502}},
		{"user, twice", func(f *fixture) { f.CloseUser(1); f.CloseSession(7) }, bye{Code: 4502}},
		{"kicked", func(f *fixture) { f.closeSession(7, CloseKicked) }, bye{Code: 4006, Reconnect: true}},
		{"deleted", func(f *fixture) {
			f.log.with(func() { delete(f.log.logs, 1) })
			f.sweep(f.t.Context())
		}, bye{Code: 4502}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := start(t, Options{Now: now.Now, SweepEvery: time.Hour})
			w := f.wire("", 0).ready()
			f.idle(1)
			c.do(f)
			code, last := w.ended()
			if last == nil {
				t.Fatal("no bye")
			}
			c.want.Reason = closeReasons[c.want.Code]
			if code != c.want.Code || *last != c.want {
				t.Errorf("closed with %d after %+v, want %+v", code, *last, c.want)
			}
			w.put(masked(closeFin, status(code)))
			w.Close()
			eventually(t, "the socket is forgotten", func() bool { return f.Sockets() == 0 && len(f.OnlineUsers()) == 0 })
		})
	}
}

func TestCloseSessionAndUserLeaveOthers(t *testing.T) {
	f := start(t, Options{})
	phone, laptop, bob := f.live("session=10"), f.live("session=11"), f.live("user=2&session=12")
	f.CloseSession(10)
	if code := phone.closed(); code != CloseSession {
		t.Error(code)
	}
	laptop.settle()
	bob.settle()
	f.CloseUser(1)
	if code := laptop.closed(); code != CloseDisabled {
		t.Error(code)
	}
	bob.settle()
	f.CloseUser(99)
	f.CloseSession(99)
	bob.settle()
}

// A goodbye comes after what was under way, and nothing comes after it.
func TestCloseDuringAReplay(t *testing.T) {
	for _, trimmed := range []bool{false, true} {
		t.Run(fmt.Sprint("trimmed ", trimmed), func(t *testing.T) {
			f := start(t, Options{SweepEvery: time.Hour})
			f.log.addMany(1, 3)
			g := f.log.hold(t)
			w := f.wire("since=0", 0)
			w.expect("welcome")
			g.arrived(t)
			f.CloseUser(1)
			if trimmed {
				f.log.with(func() { f.log.trimmed[1] = 3 })
			}
			f.Ring([]Event{f.log.add(1, "card.created")})
			g.release()
			if code, last := w.ended(); code != CloseDisabled || last == nil {
				t.Error(code, last)
			}
		})
	}
}

func TestCloseWhileTheStoreIsAway(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	f.log.addMany(1, 3)
	g := f.log.hold(t)
	w := f.wire("since=0", 0)
	w.expect("welcome")
	g.arrived(t)
	f.CloseUser(1)
	f.log.setFail(errors.New("the disk is gone"))
	g.release()
	if code, _ := w.ended(); code != CloseDisabled {
		t.Error(code)
	}
}

func TestProlong(t *testing.T) {
	now := newClock()
	f := start(t, Options{Now: now.Now, PingEvery: time.Hour})
	a, b := f.live("session=10&expires=60"), f.live("session=11&expires=60")
	f.Prolong(10, now.Now().Add(2*time.Minute))
	f.beat(now.add(59 * time.Second))
	a.settle()
	b.settle()
	f.beat(now.add(time.Second))
	if code := b.closed(); code != CloseExpired {
		t.Error(code)
	}
	a.settle()
	f.beat(now.add(time.Minute))
	if code := a.closed(); code != CloseExpired {
		t.Error(code)
	}
}

func TestPingAndSignsOfLife(t *testing.T) {
	now := newClock()
	f := start(t, Options{Now: now.Now, PingEvery: 25 * time.Second, PongWait: 10 * time.Second})
	f.log.addMany(1, 4)
	w := f.wire("", 0).ready()
	f.idle(1)
	f.beat(now.add(24 * time.Second)) // not yet
	f.beat(now.add(time.Second))
	f.beat(now.Now()) // once
	if p := w.expect("ping"); string(p.Message) != `{"head":4}` {
		t.Errorf("ping %s", p.Message)
	}
	if c, err := w.get(); err != nil || c.opcode != opPing {
		t.Fatalf("no control ping goes with it: %+v %v", c, err)
	}
	w.put(masked(pongFin, nil))
	eventually(t, "the pong is heard", func() bool { return f.conns(1)[0].heard.Load() == now.Now().Unix() })
	f.beat(now.add(25 * time.Second))
	w.expect("ping")
	w.get()
	f.beat(now.add(9 * time.Second)) // 34 s of silence
	w.put(masked(textFin, []byte(`{"name":"ping","id":1}`)))
	w.expect("reply") // a command is a sign too
	f.beat(now.add(34 * time.Second))
	w.expect("ping")
	w.get()
	f.beat(now.add(time.Second))
	if code, last := w.ended(); code != CloseNoPong || !last.Reconnect {
		t.Error(code, last)
	}
}

func TestTooManySocketsOfOneUser(t *testing.T) {
	f := start(t, Options{})
	var all []*client
	for range 20 {
		all = append(all, f.live(""))
	}
	for range 3 {
		w := f.wire("", 0)
		if code, last := w.ended(); code != CloseTooSockets || last == nil || last.Reconnect {
			t.Fatal(code, last)
		}
		w.Close()
	}
	bob := f.live("user=2")
	f.Ring([]Event{f.log.add(1, "card.created")})
	for _, c := range all {
		c.expectSeqs(1, 1)
	}
	bob.settle()
	all[3].Close()
	eventually(t, "one has left", func() bool { return len(f.conns(1)) == 19 })
	f.live("").settle()
}

func TestTooManySocketsInAll(t *testing.T) {
	f := start(t, Options{MaxTotal: 2})
	a, _ := f.live("user=1"), f.live("user=2")
	_, resp, err := websocket.DefaultDialer.Dial(f.url, nil)
	if err == nil || resp.StatusCode != 503 {
		t.Fatal(resp, err)
	}
	for range 2 {
		<-f.errs
	}
	if err := <-f.errs; !errors.Is(err, ErrFull) {
		t.Error(err)
	}
	a.Close()
	eventually(t, "one has left", func() bool { return f.Sockets() == 1 })
	f.live("user=3").settle()
}

func TestNothingIsKeptOfThoseWhoLeft(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	for i := range 30 {
		w := f.wire(fmt.Sprintf("user=%d", 1+i%3), 0).ready()
		switch i % 3 {
		case 0: // without a word
			w.Close()
		case 1:
			w.put(masked(closeFin, status(1001)))
			w.ended()
			w.Close()
		case 2:
			w.put(masked(fin|0x2, nil))
			w.ended()
			w.Close()
		}
	}
	eventually(t, "all have left", func() bool { return f.Sockets() == 0 })
	for i, s := range f.shards {
		s.mu.Lock()
		if len(s.users) != 0 || len(s.conns) != 0 {
			t.Errorf("shard %d: %d users, %d sockets", i, len(s.users), len(s.conns))
		}
		s.mu.Unlock()
	}
}
