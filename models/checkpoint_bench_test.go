package models_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// BenchmarkCommitWhileTheWALIsFoldedBack makes 500 notifications a second, in turns
// of 1.5 s in one of two stores: in one the WAL is folded back beside the writer, as
// it is, in the other by the commits. One operation is one commit in each; the
// figures are how long commits took.
func BenchmarkCommitWhileTheWALIsFoldedBack(b *testing.B) {
	const users, perSecond, turn = 5000, 500, 750
	names := []string{"beside", "in-commits"}
	stores, ids := map[string]*modelstest.Store{}, map[string][]int64{}
	for _, name := range names {
		stores[name] = modelstest.Open(b)
		ids[name] = stores[name].Users(users)
	}
	if err := stores["in-commits"].FoldInCommits(4096); err != nil {
		b.Fatal(err)
	}
	// A WAL that grows costs more than one that is written over: it has grown before.
	for name, s := range stores {
		for range 1500 {
			if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Append("x", strings.Repeat("x", 50<<10), ids[name][0]) }); err != nil {
				b.Fatal(err)
			}
		}
	}
	took := map[string][]time.Duration{}
	var mu sync.Mutex
	var all sync.WaitGroup
	b.ResetTimer()
	begin := time.Now()
	for i := range 2 * b.N {
		due := begin.Add(time.Duration(i) * time.Second / perSecond)
		time.Sleep(time.Until(due))
		name := names[i/turn%2]
		s, user := stores[name], ids[name][rand.IntN(users)]
		all.Go(func() {
			err := s.Write(ctx, func(tx *models.Tx) error {
				return tx.Notify(models.Notice{Kind: "push", Title: "t", Body: strings.Repeat("x", 200)}, user)
			})
			if err != nil {
				b.Error(err)
			}
			mu.Lock()
			took[name] = append(took[name], time.Since(due))
			mu.Unlock()
		})
	}
	all.Wait()
	b.StopTimer()
	for name, list := range took {
		slices.Sort(list)
		for _, q := range []float64{.5, .99, .999, 1} {
			b.ReportMetric(list[int(q*float64(len(list)-1))].Seconds()*1000, fmt.Sprintf("%s-p%g-ms", name, q*100))
		}
	}
}
