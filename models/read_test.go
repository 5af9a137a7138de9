package models_test

import (
	"sync"
	"testing"
	"time"

	"aoki/models/modelstest"
)

// Snapshots hold a connection while they ask on. Those who meanwhile wait for a
// connection must not stand in their way.
func TestManyReadAtOnce(t *testing.T) {
	s := modelstest.Open(t)
	users := s.Users(40)
	done := make(chan struct{})
	go func() {
		defer close(done)
		var all sync.WaitGroup
		for g := range 32 {
			all.Go(func() {
				for i := range 20 {
					user := users[(g+i)%len(users)]
					if _, err := s.ListNotifications(ctx, user, []string{"all", "unread", "archived"}[i%3], "", 1+i); err != nil {
						t.Error(err)
					}
					if _, err := s.Heads(ctx, users[:1+(g*7+i)%len(users)]); err != nil {
						t.Error(err)
					}
					if _, err := s.After(ctx, user, 0, 10); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("the readers wait for one another")
	}
}
