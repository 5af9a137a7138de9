package cmd

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"
)

// BenchmarkPushAmong5000 measures a push from the moment it falls due at the API,
// 500 of them a second, to its arrival at a socket of the one user it is for,
// while 5,000 users are connected. Every push is in the store, synced, before it
// is answered. One operation is one push; the figures to read are p50-ms, p99-ms
// and lost.
func BenchmarkPushAmong5000(b *testing.B) {
	const users, perSecond, publishers = 5000, 500, 16
	l := newLoad(b, users)
	everyone := make([]int, users)
	for i := range everyone {
		everyone[i] = i + 1
	}
	var arrived delays
	l.connect(everyone, func(title string, at time.Time) {
		due, _ := strconv.ParseInt(title, 10, 64)
		arrived.add(at.Sub(time.Unix(0, due)))
	})

	// The publishers, open loop: a push that has to wait counts from when it fell due.
	admin := l.token(1)
	type push struct {
		due  time.Time
		user int
	}
	due := make(chan push, b.N)
	var done sync.WaitGroup
	for range publishers {
		done.Go(func() {
			for p := range due {
				l.push(admin, fmt.Sprintf(`{"users":["u%d"]}`, p.user), fmt.Sprint(p.due.UnixNano()))
			}
		})
	}
	b.ResetTimer()
	begin := time.Now()
	for i := range b.N {
		at := begin.Add(time.Duration(i) * time.Second / perSecond)
		time.Sleep(time.Until(at))
		due <- push{at, 1 + (i*7919)%users}
	}
	close(due)
	done.Wait()
	for late := time.Now().Add(5 * time.Second); arrived.count() < b.N && time.Now().Before(late); {
		time.Sleep(10 * time.Millisecond)
	}
	b.StopTimer()
	if arrived.count() == 0 {
		b.Fatal("nothing arrived")
	}
	b.ReportMetric(arrived.ms(.5), "p50-ms")
	b.ReportMetric(arrived.ms(.99), "p99-ms")
	b.ReportMetric(arrived.ms(1), "max-ms")
	b.ReportMetric(float64(b.N-arrived.count()), "lost")
}
