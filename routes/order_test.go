package routes

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// follower is a device that comes and goes: each time it goes on behind the last
// event that it has.
type follower struct {
	token string
	url   string
	names []string // of the events that came, titles for pushes
	last  int64
}

// follow reads frames until done says so, or for some frames only.
func (f *follower) follow(frames int, done func() bool) error {
	conn, _, err := websocket.DefaultDialer.Dial(fmt.Sprintf("%s/ws?since=%d", strings.Replace(f.url, "http", "ws", 1), f.last),
		map[string][]string{"Authorization": {"Bearer " + f.token}})
	if err != nil {
		return err
	}
	defer conn.Close()
	for range frames {
		if done() {
			return nil
		}
		conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		_, text, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		var e struct {
			Seq     int64
			Name    string
			Message struct{ Notification struct{ Title string } }
		}
		if err := json.Unmarshal(text, &e); err != nil {
			return err
		}
		if e.Name == "reset" {
			return fmt.Errorf("behind %d: %s", f.last, text)
		}
		if e.Seq == 0 {
			continue
		}
		if e.Seq != f.last+1 {
			return fmt.Errorf("seq %d behind %d", e.Seq, f.last)
		}
		f.last = e.Seq
		if title := e.Message.Notification.Title; title != "" {
			f.names = append(f.names, title)
		}
	}
	return nil
}

// Pushes to everyone, several at once and beside others, while devices come and go:
// each device has all of them once, in the order of its log, and each sender's in
// the order in which they were acknowledged.
func TestEveryDeviceHasPushesToEveryoneInOrder(t *testing.T) {
	const people, senders, each = 6, 4, 15
	w := newWorld(t)
	admin := w.admin("boss")
	all := []*person{admin}
	for n := range people - 1 {
		all = append(all, w.user(fmt.Sprintf("user%d", n)))
	}

	var sending sync.WaitGroup
	for s := range senders {
		sending.Go(func() {
			for n := range each {
				to := `{"all":true}`
				if n%3 == 2 {
					to = fmt.Sprintf(`{"users":["boss","user%d"]}`, s)
				}
				if got := admin.post("/api/v1/admin/pushes", fmt.Sprintf(`{"to":%s,"title":"%d-%02d","body":""}`, to, s, n)); got.status != 201 {
					t.Errorf("%d %s", got.status, got.body)
				}
			}
		})
	}
	var sent bool
	var mu sync.Mutex
	over := func() bool { mu.Lock(); defer mu.Unlock(); return sent }
	var following sync.WaitGroup
	devices := make([][]*follower, people)
	for i, p := range all {
		for d := range 2 {
			f := &follower{token: p.token, url: w.url}
			devices[i] = append(devices[i], f)
			r := rand.New(rand.NewPCG(uint64(i), uint64(d)))
			following.Go(func() {
				for !over() {
					if err := f.follow(1+r.IntN(12), over); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	sending.Wait()
	mu.Lock()
	sent = true
	mu.Unlock()
	admin.post("/api/v1/admin/pushes", `{"to":{"all":true},"title":"last","body":""}`) // wakes who waits
	following.Wait()

	for i, p := range all {
		var log []string
		for _, e := range w.store.Log(p.id) {
			var m struct{ Notification struct{ Title string } }
			if err := json.Unmarshal(e.Message, &m); err != nil {
				t.Fatal(err)
			}
			log = append(log, m.Notification.Title)
		}
		for s := range senders {
			var got, want []string
			for _, title := range log {
				if strings.HasPrefix(title, fmt.Sprint(s, "-")) {
					got = append(got, title)
				}
			}
			for n := range each {
				if n%3 != 2 || p == admin || p.name == fmt.Sprintf("user%d", s) {
					want = append(want, fmt.Sprintf("%d-%02d", s, n))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s has of sender %d %q, want %q", p.name, s, got, want)
			}
		}
		for _, f := range devices[i] {
			if err := f.follow(len(log)+10, func() bool { return f.last == int64(len(log)) }); err != nil {
				t.Error(err)
			}
			if !slices.Equal(f.names, log) {
				t.Errorf("a device of %s has %q, want %q", p.name, f.names, log)
			}
		}
	}
}
