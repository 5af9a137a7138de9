package models_test

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// How long others wait for a change while files of 20 MiB are being stored, one right
// after the other, and how long the same takes without.
func BenchmarkChangeBesideUploads(b *testing.B) {
	for _, uploading := range []int{0, 1, 2} {
		b.Run(fmt.Sprint(uploading), func(b *testing.B) {
			s := modelstest.Open(b)
			users := s.Users(2)
			stop := make(chan struct{})
			var all sync.WaitGroup
			for u := range uploading {
				all.Go(func() {
					for seed := 0; ; seed++ {
						select {
						case <-stop:
							return
						default:
						}
						if _, _, err := s.AddMedia(ctx, users[0], wav(u*1000+seed, models.MaxSound), 1<<40); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			var took []time.Duration
			for b.Loop() {
				begun := time.Now()
				if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Append("card.created", map[string]int{"n": 1}, users[1]) }); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begun))
			}
			close(stop)
			all.Wait()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// A file of 20 MiB is read whole.
func BenchmarkReadMedia(b *testing.B) {
	s := modelstest.Open(b)
	user := s.User("ann")
	m, _, err := s.AddMedia(ctx, user, wav(1, models.MaxSound), 1<<40)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(m.Size)
	for b.Loop() {
		file, err := s.OpenMedia(ctx, user, filepath.Base(m.URL))
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, file); err != nil || n != m.Size {
			b.Fatal(n, err)
		}
	}
}
