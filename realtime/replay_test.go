package realtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestLiveEventsFollowTheWelcome(t *testing.T) {
	f := start(t, Options{})
	f.log.add(1, "old")
	c := f.dial("")
	c.expect("welcome")
	if got := c.expect("ready"); string(got.Message) != `{"seq":1}` {
		t.Fatalf("ready %s", got.Message)
	}
	f.idle(1)
	for i := range 5 {
		f.Ring([]Event{f.log.add(1, "card.created")})
		if got := c.expect("card.created"); got.Seq != int64(i+2) {
			t.Fatalf("seq %d, want %d", got.Seq, i+2)
		}
	}
	if n := f.log.timesRead(); n != 0 {
		t.Errorf("the store was read %d times: a live event needs no read", n)
	}
}

func TestWelcomeSaysWhoAndWhere(t *testing.T) {
	now := newClock()
	f := start(t, Options{Now: now.Now})
	f.log.addMany(1, 3)
	c := f.dial("expires=900")
	var w Welcome
	if err := json.Unmarshal(c.expect("welcome").Message, &w); err != nil {
		t.Fatal(err)
	}
	want := Welcome{Connection: w.Connection, User: User{ID: 1, Username: "user1", Role: "user"}, Epoch: "e1", Head: 3, PingSeconds: 25, ExpiresAt: now.Now().Add(15 * time.Minute).UTC()}
	if w != want || w.Connection == "" {
		t.Errorf("welcome %+v, want %+v", w, want)
	}
}

func TestReplayComesBeforeReadyAndLiveAfter(t *testing.T) {
	for _, total := range []int{0, 1, 2, pageEvents - 1, pageEvents, pageEvents + 1, 5*pageEvents + 3} {
		for _, since := range []int{0, 1, total / 2, total - 1, total} {
			if since < 0 || since > total {
				continue
			}
			t.Run(fmt.Sprintf("%d of %d", since, total), func(t *testing.T) {
				f := start(t, Options{})
				f.log.addMany(1, total)
				c := f.dial(fmt.Sprintf("since=%d&epoch=e1", since))
				c.expect("welcome")
				c.expectSeqs(int64(since)+1, int64(total))
				if got := c.expect("ready"); string(got.Message) != fmt.Sprintf(`{"seq":%d}`, total) {
					t.Errorf("ready %s", got.Message)
				}
				f.Ring([]Event{f.log.add(1, "card.created")})
				c.expectSeqs(int64(total)+1, int64(total)+1)
			})
		}
	}
}

func TestReadyIsSaidThoughTheLogGrowsOn(t *testing.T) {
	f := start(t, Options{})
	f.log.addMany(1, 3)
	f.log.with(func() {
		f.log.before = func(_, seq int64) { // whenever a page is read, more than a page is new
			if seq < 20*pageEvents {
				more := f.log.addMany(1, pageEvents+1)
				f.Ring(more)
				f.knows(1, more[pageEvents].Seq)
			}
		}
	})
	c := f.dial("since=0")
	c.expect("welcome")
	for i := 0; c.next().Name != "ready"; i++ {
		if i > 3*pageEvents {
			t.Fatal("not ready, though the replay was done long ago")
		}
	}
}

func TestCursorThatCantBeServedIsReset(t *testing.T) {
	for name, query := range map[string]string{
		"epoch":   "since=2&epoch=other",
		"ahead":   "since=11&epoch=e1",
		"trimmed": "since=3",
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, Options{})
			f.log.addMany(1, 10)
			f.log.trimmed[1] = 4
			c := f.dial(query)
			c.expect("welcome")
			var r Reset
			if err := json.Unmarshal(c.expect("reset").Message, &r); err != nil {
				t.Fatal(err)
			}
			if want := (Reset{Epoch: "e1", Head: 10, Reason: name}); r != want {
				t.Errorf("%+v, want %+v", r, want)
			}
			if got := c.expect("ready"); string(got.Message) != `{"seq":10}` {
				t.Errorf("ready %s", got.Message)
			}
			f.Ring([]Event{f.log.add(1, "card.created")})
			c.expectSeqs(11, 11)
		})
	}
	t.Run("none", func(t *testing.T) {
		f := start(t, Options{})
		f.log.addMany(1, 10)
		f.log.trimmed[1] = 4
		c := f.dial("since=4") // the first that is there is 5
		c.expect("welcome")
		c.expectSeqs(5, 10)
		c.expect("ready")
	})
}

func TestLogTrimmedUnderASlowSocketIsReset(t *testing.T) {
	f := start(t, Options{})
	f.log.addMany(1, 3)
	g := f.log.hold(t)
	c := f.dial("since=0")
	c.expect("welcome")
	g.arrived(t)
	f.log.with(func() { f.log.trimmed[1] = 2 })
	g.release()
	if r := c.expect("reset"); string(r.Message) != `{"epoch":"e1","head":3,"reason":"trimmed"}` {
		t.Errorf("reset %s", r.Message)
	}
	c.expect("ready")
	f.Ring([]Event{f.log.add(1, "card.created")})
	c.expectSeqs(4, 4)
}

func TestLostRingIsHealedBySweep(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	a, b := f.live(""), f.live("")
	f.log.addMany(1, 300) // nobody rings
	f.sweep(t.Context())
	a.expectSeqs(1, 300)
	b.expectSeqs(1, 300)
	a.settle() // and nothing twice
	b.settle()
}

// What everyone was sent comes to those who are here by the rings of the takeover,
// without the store being read for any of them.
func TestRingAllReachesThoseHereByTheirRings(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	ann, bob := f.live("user=1"), f.live("user=2")
	_, forget := f.Watch(3)
	defer forget()
	asked := make(chan []int64, 10)
	f.log.with(func() {
		f.log.taken = func(users []int64) {
			asked <- users
			for _, user := range users {
				f.Ring([]Event{f.log.add(user, "notification.created")})
			}
		}
	})
	read := f.log.timesRead()
	for n := int64(1); n <= 3; n++ {
		f.RingAll()
		ann.expectSeqs(n, n)
		bob.expectSeqs(n, n)
		if users := <-asked; !slices.Equal(users, []int64{1, 2, 3}) {
			t.Fatalf("asked for %v", users)
		}
	}
	f.sweep(t.Context())
	ann.settle()
	bob.settle()
	if n := f.log.timesRead() - read; n != 0 {
		t.Errorf("the store was read %d times", n)
	}
}

// A sweep that sees heads whose rings wait to be delivered does not read the store
// for them once more.
func TestSweepDoesNotOvertakeRings(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour, Shards: 1})
	const users = 200
	socks := make([]*client, users)
	for i := range socks {
		f.log.with(func() { f.log.logs[int64(i+1)] = nil })
		socks[i] = f.live(fmt.Sprintf("user=%d", i+1))
	}
	read := f.log.timesRead()
	for round := 1; round <= 5; round++ {
		var events []Event
		for i := range socks {
			events = append(events, f.log.add(int64(i+1), "card.created"))
		}
		f.Ring(events)
		f.sweep(t.Context())
	}
	for _, c := range socks {
		c.expectSeqs(1, 5)
	}
	if n := f.log.timesRead() - read; n != 0 {
		t.Errorf("the store was read %d times", n)
	}
}

// A takeover that fails, or whose rings are lost, is made good by the sweep.
func TestRingAllThatFailsIsHealedBySweep(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	c := f.live("")
	tried := make(chan bool, 10)
	f.log.with(func() { f.log.taken = func([]int64) { tried <- true } })
	f.log.setFail(errors.New("the disk is gone"))
	f.RingAll()
	<-tried
	c.settle() // the socket lives
	f.log.setFail(nil)
	f.log.addMany(1, 2) // nobody rings
	f.RingAll()
	<-tried
	c.settle()
	f.sweep(t.Context())
	c.expectSeqs(1, 2)
	c.settle()
}

func TestRingsInAnyOrderAndNumber(t *testing.T) {
	// Each case is the calls of Ring, each the seqs that it carries; all of the log
	// must arrive once and in order.
	for _, calls := range [][][]int{
		{{2}}, {{3}, {1}, {2}}, {{1}, {1}, {1}}, {{1, 1, 2}}, {{2}, {1, 2}, {1, 2, 3}},
		{{1, 3}, {2}}, {{3, 2, 1}}, {{1, 2, 3}, {1}, {2, 3}}, {{}, {1, 2}, {}},
	} {
		t.Run(fmt.Sprint(calls), func(t *testing.T) {
			f := start(t, Options{SweepEvery: time.Hour})
			c := f.live("")
			log := f.log.addMany(1, 3)
			for _, seqs := range calls {
				var events []Event
				for _, n := range seqs {
					events = append(events, log[n-1])
				}
				f.Ring(events)
			}
			f.sweep(t.Context())
			c.expectSeqs(1, 3)
			c.settle()
		})
	}
}

func TestRingReachesItsUserOnly(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	ann, bob := f.live("user=1"), f.live("user=2")
	f.Ring([]Event{f.log.add(1, "card.created"), f.log.add(2, "deck.created"), f.log.add(1, "card.created")})
	ann.expectSeqs(1, 2)
	bob.expect("deck.created")
	ann.settle()
	bob.settle()
}

func TestTwoSocketsOfOneUserHaveCursorsOfTheirOwn(t *testing.T) {
	f := start(t, Options{})
	f.log.addMany(1, 10)
	a, b := f.dial("since=2"), f.dial("since=9")
	for _, c := range []*client{a, b} {
		c.expect("welcome")
	}
	a.expectSeqs(3, 10)
	b.expectSeqs(10, 10)
	a.expect("ready")
	b.expect("ready")
	f.Ring([]Event{f.log.add(1, "card.created")})
	a.expectSeqs(11, 11)
	b.expectSeqs(11, 11)
}

func TestSocketsStayWhileTheStoreIsAway(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	c := f.live("")
	f.log.setFail(errors.New("the disk is gone"))
	log := f.log.addMany(1, 4)
	f.Ring(log[1:2]) // a gap: the store is asked, in vain
	f.sweep(t.Context())
	f.Ring(log[3:4])
	c.settle() // the socket lives
	f.idle(1)
	f.log.setFail(nil)
	f.sweep(t.Context())
	c.expectSeqs(1, 4)
}

func TestReplayThatTheStoreInterruptedIsDoneBeforeReady(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	log := f.log.addMany(1, 4)
	g := f.log.hold(t)
	c := f.dial("since=2")
	c.expect("welcome")
	g.arrived(t)
	f.log.setFail(errors.New("the disk is gone"))
	g.release()
	f.idle(1)
	f.log.setFail(nil)
	f.Ring(log[2:]) // a ring for what the replay should bring
	c.expectSeqs(3, 4)
	c.expect("ready")
}

// What a socket was to be told while a page was being read must not wait behind a
// store that has failed: the next event would be written around it.
func TestAnswersAreNotKeptByAStoreThatFails(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	f.log.addMany(1, 1)
	g := f.log.hold(t)
	c := f.dial("since=0")
	c.expect("welcome")
	g.arrived(t)
	c.say(`{"name":"echo","id":1,"message":"kept"}`)
	eventually(t, "the answer waits", func() bool { return f.conns(1)[0].peek().out > 0 })
	f.log.setFail(errors.New("the disk is gone"))
	g.release()
	if got := c.expect("reply"); string(got.Message) != `"kept"` {
		t.Errorf("reply %s", got.Message)
	}
}

// The write deadline of the drain must not outlive it: the runtime fails raw writes
// too when it has passed.
func TestSocketThatWasQuietForLongerThanAWriteMayTake(t *testing.T) {
	const limit = 20 * time.Millisecond
	f := start(t, Options{WriteLimit: limit, SweepEvery: time.Hour})
	c := f.live("")
	<-time.After(3 * limit) // what is tested is that time passes
	f.Ring([]Event{f.log.add(1, "card.created")})
	c.expectSeqs(1, 1)
	c.settle()
}
