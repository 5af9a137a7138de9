package models_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// What a backup of a database of half a gigabyte does to those who push meanwhile.
func BenchmarkPushWhileABackupIsMade(b *testing.B) {
	s := modelstest.Open(b)
	big, bob := s.User("big"), s.User("bob")
	fill(b, s, big, 1_000_000, s.Clock.Now())
	if err := s.OnWriter(`UPDATE events SET payload = '"` + strings.Repeat("x", 400) + `"' WHERE seq <= 1000000`); err != nil {
		b.Fatal(err)
	}
	if err := s.OnWriter("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	push := func() {
		began := time.Now()
		if err := pushTo(s.DB, bob, "hello"); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	report := func(when string) {
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), when+"-p50-µs")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), when+"-p99-µs")
		took = nil
	}
	for range 2000 {
		push()
	}
	report("alone")
	to := filepath.Join(b.TempDir(), "backup.db")
	file, err := os.Create(to)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	done, began := make(chan error, 1), time.Now()
	go func() {
		_, err := models.Backup(context.Background(), s.Path, to)
		done <- errors.Join(err, file.Sync())
	}()
	for {
		push()
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(time.Since(began).Seconds(), "backup-s")
			info, err := os.Stat(to)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(info.Size())/1e6, "MB")
			report("meanwhile")
			return
		default:
		}
	}
}
