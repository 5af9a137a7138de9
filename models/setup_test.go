package models_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

func TestSetup(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	in := models.NewUser{Username: "ann", Password: modelstest.Password}

	_, err := a.Setup(ctx, "", in, models.Device{})
	code(t, err, models.SetupDone) // nothing was prepared: no token fits
	stale := ok[string](t)(a.PrepareSetup(ctx))
	token := ok[string](t)(a.PrepareSetup(ctx)) // the next start
	if token == stale || len(token) < 20 {
		t.Fatalf("%q then %q", stale, token)
	}
	var kept string
	if err := s.Read(ctx).Raw(`SELECT value FROM meta WHERE name = 'setup'`).Row().Scan(&kept); err != nil || strings.Contains(kept, token) {
		t.Errorf("kept %q %v", kept, err)
	}
	for _, wrong := range []string{"", stale, strings.ToLower(token), kept, token + " "} {
		_, err := a.Setup(ctx, wrong, in, models.Device{})
		code(t, err, models.InvalidSetupToken)
	}
	if needed := ok[bool](t)(a.SetupNeeded(ctx)); !needed {
		t.Error("not needed any more")
	}
	_, err = a.Setup(ctx, token, models.NewUser{Username: "ann", Password: "short"}, models.Device{})
	code(t, err, models.Invalid)

	// Many at once: one admin.
	var done, refused int
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, name := range []string{"ann", "bob", "cid", "dan"} {
		all.Go(func() {
			first, err := a.Setup(ctx, token, models.NewUser{Username: name, Password: modelstest.Password}, models.Device{})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && first.Role == models.RoleAdmin && first.SessionID != 0:
				done++
			case models.ErrorCode(err) == models.SetupDone:
				refused++
			default:
				t.Errorf("%+v %v", first, err)
			}
		})
	}
	all.Wait()
	if done != 1 || refused != 3 {
		t.Errorf("%d done, %d refused", done, refused)
	}
	if needed := ok[bool](t)(a.SetupNeeded(ctx)); needed {
		t.Error("still needed")
	}
	if again := ok[string](t)(a.PrepareSetup(ctx)); again != "" {
		t.Error("a token though there is a user")
	}
	_, err = a.Setup(ctx, token, in, models.Device{})
	code(t, err, models.SetupDone)
}

func TestRegisterTwiceUnderOneKey(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	keyed := models.WithKey(ctx, models.Key{Sender: "ip:192.0.2.1", Word: "k", Hash: "h"})
	in := models.NewUser{Username: "ann", Password: modelstest.Password, Role: models.RoleAdmin}
	first := ok[models.SignIn](t)(a.Register(keyed, in, models.Device{}))
	if first.Role != models.RoleUser {
		t.Error("who registers chose a role")
	}
	again := ok[models.SignIn](t)(a.Register(keyed, in, models.Device{}))
	if again.UserID != first.UserID || again.SessionID == first.SessionID {
		t.Errorf("%+v then %+v", first, again)
	}
	_, err := a.Register(ctx, in, models.Device{})
	code(t, err, models.Conflict)

	// The repeat is no way round a new password.
	if err := a.ChangePassword(ctx, first.UserID, first.SessionID, modelstest.Password, "battery staple"); err != nil {
		t.Fatal(err)
	}
	_, err = a.Register(keyed, in, models.Device{})
	code(t, err, models.InvalidCredentials)

	var leaked int64
	s.Read(ctx).Table("idempotency").Where("result LIKE '%aokir_%' OR result LIKE '%argon2%' OR result LIKE '%horse%'").Count(&leaked)
	if leaked != 0 {
		t.Error("a secret is kept with the key")
	}
}

// Who never heard the answer repeats the setup after a restart, when its token is
// void; somebody else's request under the same key is none of it.
func TestSetupAgainAfterARestart(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	token := ok[string](t)(a.PrepareSetup(ctx))
	keyed := func(hash string) context.Context {
		return models.WithKey(ctx, models.Key{Sender: "ip:192.0.2.1", Word: "k", Hash: hash})
	}
	in := models.NewUser{Username: "ann", Password: modelstest.Password}
	var all sync.WaitGroup
	for range 8 { // at once, as an impatient client may
		all.Go(func() {
			if got, err := a.Setup(keyed("h"), token, in, models.Device{}); err != nil || got.Username != "ann" || got.Role != models.RoleAdmin {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
	all.Wait()
	s.Close()
	s.DB = ok[*models.DB](t)(models.Open(models.Options{Path: s.Path, Now: s.Clock.Now}))
	defer s.Close()
	a = s.Accounts(nil)
	if again := ok[string](t)(a.PrepareSetup(ctx)); again != "" {
		t.Error("there is another token")
	}
	first := ok[models.User](t)(a.UserByName(ctx, "ann"))
	if got := ok[models.SignIn](t)(a.Setup(keyed("h"), token, in, models.Device{})); got.UserID != first.ID || got.Role != models.RoleAdmin {
		t.Errorf("%+v, want %+v", got, first)
	}
	_, err := a.Setup(keyed("another"), token, models.NewUser{Username: "eve", Password: modelstest.Password}, models.Device{})
	code(t, err, models.IdempotencyConflict)
	_, err = a.Setup(ctx, token, in, models.Device{})
	code(t, err, models.SetupDone)
	in.Password = "battery staple"
	_, err = a.Setup(keyed("h"), token, in, models.Device{}) // should a hash ever collide
	code(t, err, models.InvalidCredentials)
	users, _, err := a.ListUsers(ctx, "", 10)
	if err != nil || len(users) != 1 {
		t.Error(users, err)
	}
	var kept string
	if err := s.Read(ctx).Raw(`SELECT hash FROM idempotency`).Row().Scan(&kept); err != nil || kept == "h" || len(kept) != 64 {
		t.Errorf("kept of the body: %q %v", kept, err)
	}
	s.Clock.Add(25 * time.Hour)
	in.Password = modelstest.Password
	_, err = a.Setup(keyed("h"), token, in, models.Device{})
	code(t, err, models.SetupDone)
}
