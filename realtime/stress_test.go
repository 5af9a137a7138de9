package realtime

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// 64 write to one log and ring as they like; readers come, go in the middle of a
// frame, and come back with their cursor. Everyone sees 1..N, each once.
func TestReadersComeAndGoWhileManyWrite(t *testing.T) {
	const writers, each, readers = 64, 40, 10
	f := start(t, Options{SweepEvery: 20 * time.Millisecond, MaxSockets: -1})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 7))
			for range each {
				e := f.log.addSized(1, "card.created", r.IntN(300))
				switch r.IntN(10) {
				case 0: // lost
				case 1: // twice
					f.Ring([]Event{e, e})
				default:
					f.Ring([]Event{e})
				}
			}
		})
	}
	for reader := range readers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(reader), 8))
			for seq := int64(0); seq < writers*each; {
				ws, _, err := websocket.DefaultDialer.Dial(fmt.Sprintf("%s/?since=%d&epoch=e1", f.url, seq), nil)
				if err != nil {
					t.Error(err)
					return
				}
				ws.SetReadDeadline(time.Now().Add(patience))
				for n := r.IntN(400); n > 0 && seq < writers*each; n-- {
					_, text, err := ws.ReadMessage()
					var e frame
					if err != nil || json.Unmarshal(text, &e) != nil {
						t.Errorf("at %d: %.100s %v", seq, text, err)
						return
					}
					if e.Seq == 0 {
						continue
					}
					if e.Seq != seq+1 {
						t.Errorf("seq %d after %d", e.Seq, seq)
						return
					}
					seq = e.Seq
				}
				if r.IntN(2) == 0 {
					ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1001, ""), time.Now().Add(patience))
				}
				ws.Close()
			}
		})
	}
	all.Wait()
	eventually(t, "all have left", func() bool { return f.Sockets() == 0 })
}

// All that may be called at once is.
func TestEverythingAtOnce(t *testing.T) {
	now := newClock()
	f := start(t, Options{Now: now.Now, SweepEvery: 5 * time.Millisecond, Shards: 3})
	stop := make(chan struct{})
	var all sync.WaitGroup
	again := func(do func()) {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					do()
				}
			}
		})
	}
	fast, slow := time.NewTicker(50*time.Microsecond), time.NewTicker(time.Millisecond)
	defer fast.Stop()
	defer slow.Stop()
	again(func() { <-fast.C; f.Ring([]Event{f.log.add(1, "x"), f.log.add(2, "y")}) })
	again(func() { f.CloseSession(50); f.RingAll(); f.Prolong(7, now.Now().Add(time.Hour)); f.OnlineUsers() })
	again(func() { <-slow.C; f.beat(now.add(time.Second)) })
	again(func() { _, forget := f.Watch(1); forget() })
	for i := range 8 {
		again(func() {
			ws, _, err := websocket.DefaultDialer.Dial(fmt.Sprintf("%s/?user=%d&session=%d", f.url, 1+i%3, 48+i), nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer ws.Close()
			ws.SetReadDeadline(time.Now().Add(patience))
			last := int64(0)
			for range 30 {
				ws.WriteMessage(websocket.TextMessage, []byte(`{"name":"echo","id":1,"message":[]}`))
				_, text, err := ws.ReadMessage()
				if err != nil {
					return
				}
				var e frame
				if json.Unmarshal(text, &e) != nil || last != 0 && e.Seq != 0 && e.Seq != last+1 {
					t.Errorf("after %d: %s", last, text)
				}
				last = max(last, e.Seq)
			}
		})
	}
	time.AfterFunc(500*time.Millisecond, func() { close(stop) }) // for how long
	all.Wait()
	eventually(t, "all have left", func() bool { return f.Sockets() == 0 })
}
