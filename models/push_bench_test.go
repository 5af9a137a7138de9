package models_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// BenchmarkPush is one durable push to one of 5,000 users: the push, its item in the
// inbox, its event in the log, the user's counts and a line of the audit. The figure
// to read is the processor's time for each, of all threads.
//
//	go test -run - -bench Push$ ./models
func BenchmarkPush(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := modelstest.Open(b)
			ids := s.Users(5000)
			body := strings.Repeat("x", 256)
			var taken atomic.Int64
			var all sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			before := cpuTime()
			for range callers {
				all.Go(func() {
					for i := taken.Add(1); i <= int64(b.N); i = taken.Add(1) {
						to := models.Audience{Users: []string{fmt.Sprint("user", i*7919%5000)}}
						if _, err := s.SendPush(ctx, ids[0], models.PushInput{To: to, Title: "bench", Body: body}, present{}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(b.N), "cpu-µs/op")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pushes/s")
		})
	}
}

// cpuTime is what this process has had of the processor.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
