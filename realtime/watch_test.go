package realtime

import (
	"context"
	"slices"
	"testing"
	"time"
)

func poked(t *testing.T, w <-chan struct{}) {
	t.Helper()
	select {
	case <-w:
	case <-time.After(patience):
		t.Fatal("it was not poked")
	}
}

func TestWatch(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	ann, forget := f.Watch(1)
	again, forgetAgain := f.Watch(1)
	bob, forgetBob := f.Watch(2)
	f.Ring([]Event{f.log.add(1, "card.created")})
	poked(t, ann)
	poked(t, again)
	f.sweep(t.Context()) // nothing is new
	f.log.add(1, "card.created")
	f.sweep(t.Context()) // what was not rung
	poked(t, ann)
	poked(t, again)
	f.sweep(t.Context())
	select {
	case <-bob:
		t.Error("poked for another's log")
	case <-ann:
		t.Error("poked for nothing")
	default:
	}
	if on := f.OnlineUsers(); len(on) != 0 {
		t.Errorf("who waits without a socket is online: %v", on)
	}

	// Many rings are one poke, and none waits for who does not look.
	for range 100 {
		f.Ring([]Event{f.log.add(1, "card.created")})
	}
	poked(t, ann)

	forget()
	forget()
	f.Ring([]Event{f.log.add(1, "card.created")})
	poked(t, again)
	forgetAgain()
	forgetBob()
	for _, s := range f.shards {
		if ids := s.present(true); len(ids) != 0 {
			t.Errorf("kept: %v", ids)
		}
	}
}

func TestWatchBesideASocket(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	c := f.live("")
	w, forget := f.Watch(1)
	f.Ring([]Event{f.log.add(1, "card.created")})
	c.expectSeqs(1, 1)
	poked(t, w)
	forget()
	c.settle() // the socket stays
	w, forget = f.Watch(1)
	defer forget()
	c.Close()
	eventually(t, "the socket has left", func() bool { return f.Sockets() == 0 })
	f.Ring([]Event{f.log.add(1, "card.created")})
	poked(t, w) // the watcher stays
}

func TestOnlineUsers(t *testing.T) {
	f := start(t, Options{Shards: 2, MaxSockets: 2})
	online := func(want ...int64) {
		t.Helper()
		if got := f.OnlineUsers(); !slices.Equal(got, want) || f.Online() != len(want) {
			t.Errorf("online %v, counted %d, want %v", got, f.Online(), want)
		}
	}
	online()
	f.live("user=3")
	a, b := f.live("user=1"), f.live("user=1")
	_, forget := f.Watch(2)
	defer forget()            // who only watches is not online
	f.dial("user=1").closed() // one too many
	eventually(t, "the refused one is gone", func() bool { return f.Sockets() == 3 })
	online(1, 3)
	if n := f.CountOnline([]int64{1, 2, 3, 99}); n != 2 {
		t.Errorf("%d of four are online", n)
	}
	a.Close()
	eventually(t, "one has left", func() bool { return f.Sockets() == 2 })
	online(1, 3)
	b.Close()
	eventually(t, "the other has left too", func() bool { return f.Sockets() == 1 })
	online(3)
}

// hanging is a log whose heads never come.
type hanging struct {
	*memory
	asked chan struct{}
}

func (h hanging) Delivered(ctx context.Context, _ map[int64]int64) error {
	poke(h.asked)
	<-ctx.Done()
	return ctx.Err()
}

// A store that hangs must not keep the sockets from their pings.
func TestBeatGoesOnWhileTheStoreHangs(t *testing.T) {
	log := hanging{newMemory(1), make(chan struct{}, 1)}
	f := start(t, Options{Log: log, SweepEvery: 10 * time.Millisecond, PingEvery: time.Second})
	c := f.live("")
	c.say(`{"name":"ack","message":{"seq":0}}`)
	<-log.asked
	c.expect("ping")
	c.expect("ping")
}
