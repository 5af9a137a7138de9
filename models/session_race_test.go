package models_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// While many ask for many sessions, in rounds that are under way all the time, nobody who
// asks after a session was ended is let in; all others are, as who they are.
func TestEndedSessionsAreRefusedAtOnceAmongMany(t *testing.T) {
	const sessions, askers = 60, 12
	s := modelstest.Open(t)
	modelstest.Populate(t, s.DB, sessions)
	accounts := s.Accounts(nil)
	var ended [sessions + 1]atomic.Bool // set when the call that ends it has returned
	var going [sessions + 1]atomic.Bool // set before
	var over atomic.Bool
	var moved atomic.Int64
	var all sync.WaitGroup
	defer all.Wait()
	defer over.Store(true)
	for seed := range uint64(askers) {
		all.Go(func() {
			deal := rand.New(rand.NewPCG(seed, 3))
			for !over.Load() {
				id := 1 + deal.Int64N(sessions)
				was := ended[id].Load()
				who, err := accounts.Authenticate(ctx, id, id)
				switch {
				case err == nil && was:
					t.Errorf("%d is let in after its end", id)
				case err == nil && (who.UserID != id || who.SessionID != id):
					t.Errorf("%d is %+v", id, who)
				case err != nil && (models.ErrorCode(err) != models.SessionEnded || !going[id].Load()):
					t.Errorf("%d: %v", id, err)
				}
				if deal.IntN(20) == 0 && moved.Add(1) < 20_000 { // sessions live for a day
					s.Clock.Add(3 * time.Second) // nobody is believed any more
				}
			}
		})
	}
	for id := int64(2); id <= sessions; id++ { // the first is an admin, and stays
		going[id].Store(true)
		var err error
		switch id % 3 {
		case 0:
			err = accounts.EndSession(ctx, id, id)
		case 1:
			_, err = accounts.UpdateUser(ctx, 1, 0, id, models.UserChange{Disabled: ptr(true)})
		default:
			err = accounts.DeleteUser(ctx, 1, id)
		}
		if err != nil {
			t.Fatal(err)
		}
		ended[id].Store(true)
		_, err = accounts.Authenticate(ctx, id, id)
		code(t, err, models.SessionEnded)
	}
}
