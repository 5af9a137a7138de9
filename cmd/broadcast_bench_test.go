package cmd

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkPushToEveryone measures pushes to everyone in a database of 100,000
// users of whom 5,000 are connected, and what single pushes feel of them: 200 of
// these a second go on all the time, in turns of two seconds without and with a
// push to everyone each second. One operation is one single push. The figures:
//
//	ack-*       a push to everyone, until it is acknowledged (at most 50 ms)
//	last-*      until the last of the 5,000 has it
//	single-*    a single push from when it falls due until it is acknowledged, and
//	            until it arrives, without and with pushes to everyone
//	ratio-*     the p99 with, of that without (at most 2)
//	lost        pushes that did not arrive
//
//	go test -run - -bench PushToEveryone -benchtime 8000x ./cmd
func BenchmarkPushToEveryone(b *testing.B) {
	const users, connected, perSecond, publishers, turn = 100_000, 5000, 200, 16, 2 * time.Second
	begin := time.Now()
	l := newLoad(b, users)
	populated := time.Since(begin)

	online := make([]int, connected)
	for i := range online {
		online[i] = 1 + i*users/connected
	}
	// A title says what it is, when it fell due, and in what turn.
	var acked, arrived [2]delays // of single pushes, without and with
	var ackedAll, lastAll delays
	var mu sync.Mutex
	reached := map[string]int{}
	l.connect(online, func(title string, at time.Time) {
		kind, rest, _ := strings.Cut(title, " ")
		nanos, _ := strconv.ParseInt(rest, 10, 64)
		took := at.Sub(time.Unix(0, nanos))
		if kind != "all" {
			with, _ := strconv.Atoi(kind)
			arrived[with].add(took)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if reached[rest]++; reached[rest] == connected {
			lastAll.add(took)
		}
	})

	admin := l.token(1)
	type push struct {
		due  time.Time
		with int
		to   int // 0 for everyone
	}
	due := make(chan push, b.N+b.N/perSecond+1)
	var done sync.WaitGroup
	for range publishers {
		done.Go(func() {
			for p := range due {
				if p.to == 0 {
					l.push(admin, `{"all":true}`, fmt.Sprintf("all %d", p.due.UnixNano()))
					ackedAll.add(time.Since(p.due))
					continue
				}
				l.push(admin, fmt.Sprintf(`{"users":["u%d"]}`, p.to), fmt.Sprintf("%d %d", p.with, p.due.UnixNano()))
				acked[p.with].add(time.Since(p.due))
			}
		})
	}
	for range perSecond { // warm, and the connecting is over
		l.push(admin, `{"users":["u2"]}`, "warm")
	}
	b.ResetTimer()
	begin = time.Now()
	all := 0
	for i := range b.N {
		after := time.Duration(i) * time.Second / perSecond
		with := int(after/turn) % 2
		time.Sleep(time.Until(begin.Add(after)))
		if with == 1 && i%perSecond == perSecond/2 {
			due <- push{begin.Add(after), with, 0}
			all++
		}
		due <- push{begin.Add(after), with, online[(i*7919)%connected]}
	}
	close(due)
	done.Wait()
	singles := func() int { return arrived[0].count() + arrived[1].count() }
	for late := time.Now().Add(5 * time.Second); (singles() < b.N || lastAll.count() < all) && time.Now().Before(late); {
		time.Sleep(10 * time.Millisecond)
	}
	b.StopTimer()
	b.ReportMetric(populated.Seconds(), "populate-s")
	for _, q := range []struct {
		name string
		q    float64
	}{{"p50", .5}, {"p99", .99}, {"max", 1}} {
		b.ReportMetric(ackedAll.ms(q.q), "ack-"+q.name+"-ms")
		b.ReportMetric(lastAll.ms(q.q), "last-"+q.name+"-ms")
		for with, word := range []string{"without", "with"} {
			b.ReportMetric(acked[with].ms(q.q), "single-ack-"+word+"-"+q.name+"-ms")
			b.ReportMetric(arrived[with].ms(q.q), "single-"+word+"-"+q.name+"-ms")
		}
	}
	b.ReportMetric(acked[1].ms(.99)/acked[0].ms(.99), "ratio-ack")
	b.ReportMetric(arrived[1].ms(.99)/arrived[0].ms(.99), "ratio")
	b.ReportMetric(float64(b.N-singles()+all-lastAll.count()), "lost")
}
