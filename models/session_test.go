package models_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// signedIn is a store with accounts, one user and one session of theirs.
type signedIn struct {
	*modelstest.Store
	accounts *models.Accounts
	sockets  *modelstest.Sockets
	user     models.User
	in       models.SignIn
}

func signIn(t *testing.T) *signedIn {
	s := modelstest.Open(t)
	w := &signedIn{Store: s, sockets: &modelstest.Sockets{}}
	w.accounts = s.Accounts(w.sockets)
	w.user = s.Account(w.accounts, "ann", models.RoleAdmin)
	w.in = w.login(t)
	return w
}

func (w *signedIn) login(t *testing.T) models.SignIn {
	t.Helper()
	return ok[models.SignIn](t)(w.accounts.Login(ctx, "ann", modelstest.Password, models.Device{UserAgent: "test", IP: "192.0.2.1"}))
}

// alive says whether a session's access token would be taken.
func (w *signedIn) alive(t *testing.T, session int64) bool {
	t.Helper()
	_, err := w.accounts.Authenticate(ctx, w.user.ID, session)
	if err != nil && models.ErrorCode(err) != models.SessionEnded {
		t.Fatal(err)
	}
	return err == nil
}

func TestLogin(t *testing.T) {
	w := signIn(t)
	bob := w.Account(w.accounts, "bob", models.RoleUser)
	ok[models.User](t)(w.accounts.UpdateUser(ctx, 0, 0, bob.ID, models.UserChange{Disabled: ptr(true)}))
	w.User("locked") // has no password at all
	for _, c := range []struct{ name, user, password, code string }{
		{"right", "ann", modelstest.Password, ""},
		{"another case", "ANN", modelstest.Password, ""},
		{"full width", "ａｎｎ", modelstest.Password, ""},
		{"wrong password", "ann", "wrong horse", models.InvalidCredentials},
		{"password in another case", "ann", strings.ToUpper(modelstest.Password), models.InvalidCredentials},
		{"no password", "ann", "", models.InvalidCredentials},
		{"unknown", "nobody", modelstest.Password, models.InvalidCredentials},
		{"no name", "", modelstest.Password, models.InvalidCredentials},
		{"disabled", "bob", modelstest.Password, models.InvalidCredentials},
		{"without a password", "locked", "!", models.InvalidCredentials},
		{"injection", "ann' OR '1'='1", modelstest.Password, models.InvalidCredentials},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := w.accounts.Login(ctx, c.user, c.password, models.Device{})
			code(t, err, c.code)
			if err != nil && (in.RefreshToken != "" || in.SessionID != 0) {
				t.Errorf("gave %+v", in)
			}
		})
	}
}

func TestSessionExpires(t *testing.T) {
	w := signIn(t)
	w.Clock.Add(29 * 24 * time.Hour)
	second := ok[models.SignIn](t)(w.accounts.Refresh(ctx, w.in.RefreshToken, models.Device{}))
	w.Clock.Add(30*24*time.Hour - time.Second)
	if !w.alive(t, w.in.SessionID) {
		t.Error("a refresh does not prolong")
	}
	w.Clock.Add(3 * time.Second)
	if w.alive(t, w.in.SessionID) {
		t.Error("it lives on")
	}
	_, err := w.accounts.Refresh(ctx, second.RefreshToken, models.Device{})
	code(t, err, models.SessionEnded)

	w.Clock.Add(25 * time.Hour)
	if err := w.accounts.ForgetSessions(ctx); err != nil {
		t.Fatal(err)
	}
	var n int64
	w.Read(ctx).Table("sessions").Count(&n)
	if n != 0 {
		t.Errorf("%d rows left", n)
	}
}

// What ends a session, and whether the session of the one who does it and the
// user's other session survive it.
func TestWhatEndsSessions(t *testing.T) {
	for _, c := range []struct {
		name        string
		do          func(w *signedIn, second int64) error
		first, next bool
		sessions    int
		users       int
	}{
		{"nothing", func(w *signedIn, second int64) error { return nil }, true, true, 0, 0},
		{"logout", func(w *signedIn, second int64) error {
			return w.accounts.EndSession(ctx, w.user.ID, w.in.SessionID)
		}, false, true, 1, 0},
		{"another device", func(w *signedIn, second int64) error {
			return w.accounts.EndSession(ctx, w.user.ID, second)
		}, true, false, 1, 0},
		{"another user's session", func(w *signedIn, second int64) error {
			err := w.accounts.EndSession(ctx, w.user.ID+1, second)
			if models.ErrorCode(err) != models.NotFound {
				return errors.New("not not_found")
			}
			return nil
		}, true, true, 0, 0},
		{"password change", func(w *signedIn, second int64) error {
			return w.accounts.ChangePassword(ctx, w.user.ID, w.in.SessionID, modelstest.Password, "battery staple")
		}, true, false, 1, 0},
		{"refused password change", func(w *signedIn, second int64) error {
			err := w.accounts.ChangePassword(ctx, w.user.ID, w.in.SessionID, "wrong", "battery staple")
			if models.ErrorCode(err) != models.WrongPassword {
				return errors.New("not refused")
			}
			return nil
		}, true, true, 0, 0},
		{"an admin's new password", func(w *signedIn, second int64) error {
			_, err := w.accounts.UpdateUser(ctx, 0, w.in.SessionID, w.user.ID, models.UserChange{Password: ptr("battery staple")})
			return err
		}, false, false, 2, 0},
		{"one's own as an admin", func(w *signedIn, second int64) error {
			_, err := w.accounts.UpdateUser(ctx, w.user.ID, w.in.SessionID, w.user.ID, models.UserChange{Password: ptr("battery staple")})
			return err
		}, true, false, 1, 0},
		{"disabling", func(w *signedIn, second int64) error {
			w.Account(w.accounts, "root", models.RoleAdmin)
			_, err := w.accounts.UpdateUser(ctx, 0, 0, w.user.ID, models.UserChange{Disabled: ptr(true)})
			return err
		}, false, false, 2, 1},
		{"disabling and enabling", func(w *signedIn, second int64) error {
			w.Account(w.accounts, "root", models.RoleAdmin)
			_, err1 := w.accounts.UpdateUser(ctx, 0, 0, w.user.ID, models.UserChange{Disabled: ptr(true)})
			_, err2 := w.accounts.UpdateUser(ctx, 0, 0, w.user.ID, models.UserChange{Disabled: ptr(false)})
			return errors.Join(err1, err2)
		}, false, false, 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := signIn(t)
			second := w.login(t).SessionID
			if !w.alive(t, w.in.SessionID) || !w.alive(t, second) { // and so they are remembered
				t.Fatal("dead from the start")
			}
			if err := c.do(w, second); err != nil {
				t.Fatal(err)
			}
			if first, next := w.alive(t, w.in.SessionID), w.alive(t, second); first != c.first || next != c.next {
				t.Errorf("alive: %v %v, want %v %v", first, next, c.first, c.next)
			}
			if sessions, users := w.sockets.Take(); len(sessions) != c.sessions || len(users) != c.users {
				t.Errorf("closed sessions %v, users %v", sessions, users)
			}
		})
	}
}

func TestRoleChangeIsSeenAtOnce(t *testing.T) {
	w := signIn(t)
	w.Account(w.accounts, "root", models.RoleAdmin)
	ok[models.Identity](t)(w.accounts.Authenticate(ctx, w.user.ID, w.in.SessionID))
	ok[models.User](t)(w.accounts.UpdateUser(ctx, 0, 0, w.user.ID, models.UserChange{Role: ptr(models.RoleUser)}))
	who := ok[models.Identity](t)(w.accounts.Authenticate(ctx, w.user.ID, w.in.SessionID))
	if who.Role != models.RoleUser {
		t.Error(who)
	}
}

func TestTokenOfAnotherUserIsRefused(t *testing.T) {
	w := signIn(t)
	_, err := w.accounts.Authenticate(ctx, w.user.ID+1, w.in.SessionID)
	code(t, err, models.SessionEnded)
	_, err = w.accounts.Authenticate(ctx, w.user.ID, w.in.SessionID+1)
	code(t, err, models.SessionEnded)
}

// Another process (a command at the terminal) works on the same database.
func TestAnotherProcessEndsASession(t *testing.T) {
	w := signIn(t)
	elsewhere := w.Accounts(nil)
	w.Account(elsewhere, "root", models.RoleAdmin)
	if !w.alive(t, w.in.SessionID) {
		t.Fatal("dead from the start")
	}
	since := w.Now()
	ok[models.User](t)(elsewhere.UpdateUser(ctx, 0, 0, w.user.ID, models.UserChange{Disabled: ptr(true)}))
	w.Clock.Add(1999 * time.Millisecond)
	if !w.alive(t, w.in.SessionID) {
		t.Error("the store is asked every time")
	}
	w.Clock.Add(time.Millisecond)
	if w.alive(t, w.in.SessionID) {
		t.Error("alive for over 2 s")
	}
	if _, err := w.accounts.NoticeEnded(ctx, since); err != nil {
		t.Fatal(err)
	}
	if sessions, users := w.sockets.Take(); len(sessions) != 1 || len(users) != 1 {
		t.Errorf("closed sessions %v, users %v", sessions, users)
	}
}

func TestListSessions(t *testing.T) {
	w := signIn(t)
	bob := w.Account(w.accounts, "bob", models.RoleUser)
	ok[models.SignIn](t)(w.accounts.Login(ctx, "bob", modelstest.Password, models.Device{}))
	w.Clock.Add(time.Minute)
	second := w.login(t).SessionID
	w.Clock.Add(time.Minute)
	third := w.login(t).SessionID
	w.Clock.Add(10 * time.Minute)
	w.alive(t, w.in.SessionID) // the first is seen again

	var got []int64
	after := ""
	for range 5 {
		list, next, err := w.accounts.ListSessions(ctx, w.user.ID, second, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			got = append(got, s.ID)
			if s.Current != (s.ID == second) {
				t.Errorf("current: %+v", s)
			}
		}
		if after = next; after == "" {
			break
		}
	}
	if want := []int64{w.in.SessionID, third, second}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if list, _, _ := w.accounts.ListSessions(ctx, bob.ID, 0, "", 10); len(list) != 1 {
		t.Errorf("bob has %d", len(list))
	}
}

func TestLastSeenIsCoarseAndStored(t *testing.T) {
	w := signIn(t)
	stored := func() time.Time {
		t.Helper()
		if err := w.accounts.StoreSeen(ctx); err != nil {
			t.Fatal(err)
		}
		var at time.Time
		if err := w.Read(ctx).Raw(`SELECT last_seen_at FROM sessions WHERE id = ?`, w.in.SessionID).Row().Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at.UTC()
	}
	start := w.Now()
	w.Clock.Add(59 * time.Second)
	w.alive(t, w.in.SessionID)
	if at := stored(); !at.Equal(start) {
		t.Errorf("stored %v after 59 s", at)
	}
	w.Clock.Add(time.Second)
	w.alive(t, w.in.SessionID)
	if at := stored(); !at.Equal(start.Add(time.Minute)) {
		t.Errorf("stored %v after 60 s", at)
	}
}

func TestSessionsPerUserAreBounded(t *testing.T) {
	w := signIn(t)
	err := w.Write(ctx, func(tx *models.Tx) error {
		for i := range 499 {
			at := tx.Now().Add(time.Duration(i+1) * time.Millisecond)
			if err := tx.Exec(`INSERT INTO sessions (user_id, rotated_at, created_at, last_seen_at, expires_at) VALUES (?, ?, ?, ?, ?)`,
				w.user.ID, at, at, at, at.Add(time.Hour)).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(time.Second)
	newest := w.login(t).SessionID
	if w.alive(t, w.in.SessionID) || !w.alive(t, newest) {
		t.Error("not the one unseen for longest went")
	}
	if sessions, _ := w.sockets.Take(); !slices.Equal(sessions, []int64{w.in.SessionID}) {
		t.Errorf("closed %v", sessions)
	}
}

// What can't be stored now is stored the next time: when the store has come back, or
// when the caller of Run has the time for it.
func TestLastSeenIsNotForgotten(t *testing.T) {
	w := signIn(t)
	w.Clock.Add(time.Hour)
	w.alive(t, w.in.SessionID)
	stop, cancel := context.WithCancel(ctx)
	cancel()
	w.accounts.Run(stop)
	code(t, w.accounts.StoreSeen(stop), models.Canceled)
	if err := w.OnWriter("PRAGMA query_only = 1"); err != nil {
		t.Fatal(err)
	}
	code(t, w.accounts.StoreSeen(ctx), models.Unavailable)
	if err := w.OnWriter("PRAGMA query_only = 0"); err != nil {
		t.Fatal(err)
	}
	code(t, w.accounts.StoreSeen(ctx), "")
	var at time.Time
	if err := w.Read(ctx).Raw(`SELECT last_seen_at FROM sessions WHERE id = ?`, w.in.SessionID).Row().Scan(&at); err != nil || !at.Equal(w.Now()) {
		t.Error(at, err)
	}
}
