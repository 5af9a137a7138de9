package models_test

import (
	"context"
	"strings"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// ctx is for calls that nobody gives up.
var ctx = context.Background()

func code(t *testing.T, err error, want string) {
	t.Helper()
	if got := models.ErrorCode(err); got != want {
		t.Fatalf("code %q (%v), want %q", got, err, want)
	}
}

func ok[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ptr[T any](v T) *T { return &v }

func TestCreateUserNames(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	for _, c := range []struct{ name, give, want, code string }{
		{"plain", "ann", "ann", ""},
		{"the same", "ann", "", models.Conflict},
		{"another case", "ANN", "", models.Conflict},
		{"full width", "ａｎｎ", "", models.Conflict},
		{"with a dot", "ann.b-c_d", "ann.b-c_d", ""},
		{"keeps its case", "Bob", "Bob", ""},
		{"Kelvin sign is a k", "\u212aim", "Kim", ""},
		{"and so taken", "kim", "", models.Conflict},
		{"sharp s", "straße", "straße", ""},
		{"its fold", "STRASSE", "", models.Conflict},
		{"Greek final sigma", "Σας", "Σας", ""},
		{"its other form", "σασ", "", models.Conflict},
		{"Chinese", "小明", "小明", ""},
		{"Devanagari with vowel signs", "हिन्दी", "हिन्दी", ""},
		{"decomposed", "re\u0301ne", "réne", ""},
		{"composed", "r\u00e9ne", "", models.Conflict},
		{"32 letters", strings.Repeat("x", 32), strings.Repeat("x", 32), ""},
		{"33 letters", strings.Repeat("y", 33), "", models.Invalid},
		{"empty", "", "", models.Invalid},
		{"a blank", "a b", "", models.Invalid},
		{"blanks around", " zoe ", "", models.Invalid},
		{"begins with a dot", ".ann", "", models.Invalid},
		{"begins with a mark", "\u0301ann", "", models.Invalid},
		{"slash", "a/b", "", models.Invalid},
		{"at", "a@b", "", models.Invalid},
		{"NUL", "a\x00b", "", models.Invalid},
		{"no UTF-8", "a\xff", "", models.Invalid},
		{"Hangul filler", "a\u3164", "", models.Invalid},
		{"zero width joiner", "a\u200db", "", models.Invalid},
		{"right to left override", "a\u202eb", "", models.Invalid},
		{"emoji", "a😀", "", models.Invalid},
		{"one that expands", "a" + strings.Repeat("\ufdfa", 31), "", models.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := a.CreateUser(ctx, 0, models.NewUser{Username: c.give, Password: modelstest.Password})
			code(t, err, c.code)
			if u.Username != c.want {
				t.Errorf("is called %q, want %q", u.Username, c.want)
			}
			if err == nil && (u.Role != models.RoleUser || u.Disabled) {
				t.Errorf("%+v", u)
			}
		})
	}
}

func TestCreateUserPasswords(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	for _, c := range []struct{ name, give, code string }{
		{"seven", "1234567", models.Invalid},
		{"eight", "12345678", ""},
		{"eight Chinese", "一二三四五六七八", ""},
		{"seven, but more bytes", "一二三四五六七", models.Invalid},
		{"256", strings.Repeat("p", 256), ""},
		{"257", strings.Repeat("p", 257), models.Invalid},
		{"NUL", "1234567\x00", models.Invalid},
		{"no UTF-8", "12345678\xff", models.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := a.CreateUser(ctx, 0, models.NewUser{Username: "u" + strings.ReplaceAll(c.name[:3], " ", "") + c.name[len(c.name)-1:], Password: c.give})
			code(t, err, c.code)
		})
	}
	_, err := a.CreateUser(ctx, 0, models.NewUser{Username: "root", Password: modelstest.Password, Role: "root"})
	code(t, err, models.Invalid)
}

func TestPasswordIsTheSameOnEveryKeyboard(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	ok[models.User](t)(a.CreateUser(ctx, 0, models.NewUser{Username: "ann", Password: "caf\u00e9 au lait"}))
	ok[models.SignIn](t)(a.Login(ctx, "ann", "cafe\u0301 au lait", models.Device{}))
}

func TestNewUserHasALogWithoutOlderPushes(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	old := s.Account(a, "old", models.RoleAdmin)
	_, err := s.CreatePush(ctx, old.ID, models.PushInput{To: models.Audience{All: true}, Title: "hello"}, models.Reach{Audience: 1})
	if err != nil {
		t.Fatal(err)
	}
	young := s.Account(a, "young", models.RoleUser)
	if head := ok[models.Head](t)(s.Head(ctx, old.ID)); head.Head != 1 {
		t.Errorf("old has %+v", head)
	}
	if head := ok[models.Head](t)(s.Head(ctx, young.ID)); head.Head != 0 || head.Counts.Unread != 0 {
		t.Errorf("young has %+v", head)
	}
}

func TestTheLastAdminStays(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	ann := s.Account(a, "ann", models.RoleAdmin)
	bob := s.Account(a, "bob", models.RoleUser)
	cid := s.Account(a, "cid", models.RoleAdmin)
	ok[models.User](t)(a.UpdateUser(ctx, ann.ID, 0, cid.ID, models.UserChange{Disabled: ptr(true)}))

	for name, change := range map[string]models.UserChange{
		"demote":                {Role: ptr(models.RoleUser)},
		"disable":               {Disabled: ptr(true)},
		"demote, with password": {Role: ptr(models.RoleUser), Password: ptr("another secret")},
	} {
		_, err := a.UpdateUser(ctx, ann.ID, 0, ann.ID, change)
		if models.ErrorCode(err) != models.LastAdmin {
			t.Errorf("%s: %v", name, err)
		}
	}
	code(t, a.DeleteUser(ctx, ann.ID, ann.ID), models.LastAdmin)
	ok[models.SignIn](t)(a.Login(ctx, "ann", modelstest.Password, models.Device{}))

	// Others may go, also a disabled admin, and with a second admin so may the first.
	ok[models.User](t)(a.UpdateUser(ctx, ann.ID, 0, cid.ID, models.UserChange{Role: ptr(models.RoleUser)}))
	ok[models.User](t)(a.UpdateUser(ctx, ann.ID, 0, bob.ID, models.UserChange{Role: ptr(models.RoleAdmin)}))
	if err := a.DeleteUser(ctx, bob.ID, ann.ID); err != nil {
		t.Fatal(err)
	}
	code(t, a.DeleteUser(ctx, bob.ID, ann.ID), models.NotFound)
}

func TestListUsers(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	for _, name := range []string{"cid", "Ann", "bob", "dan"} {
		s.Account(a, name, models.RoleUser)
	}
	var names []string
	after := ""
	for range 3 {
		users, next, err := a.ListUsers(ctx, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range users {
			names = append(names, u.Username)
		}
		if after = next; after == "" {
			break
		}
	}
	if got := strings.Join(names, " "); got != "Ann bob cid dan" {
		t.Error(got)
	}
	u, err := a.UserByName(ctx, "ANN")
	code(t, err, "")
	if u.Username != "Ann" {
		t.Error(u)
	}
	_, err = a.UserByName(ctx, "nobody")
	code(t, err, models.NotFound)
}

func TestDeleteUserTakesTheirDecksAndTellsTheOthers(t *testing.T) {
	s := modelstest.Open(t)
	var sockets modelstest.Sockets
	a := s.Accounts(&sockets)
	s.Account(a, "root", models.RoleAdmin)
	ann := s.Account(a, "ann", models.RoleUser)
	bob := s.Account(a, "bob", models.RoleUser)
	err := s.Write(ctx, func(tx *models.Tx) error {
		for _, sql := range []string{
			`INSERT INTO decks (id, owner_id, name, created_at, updated_at) VALUES (1, @ann, 'hers', @now, @now), (2, @bob, 'his', @now, @now)`,
			`INSERT INTO deck_members (deck_id, user_id, role, created_at) VALUES (1, @ann, 'owner', @now), (1, @bob, 'viewer', @now), (2, @bob, 'owner', @now), (2, @ann, 'editor', @now)`,
			`INSERT INTO idempotency (sender, word, hash, result, created_at) VALUES ('u:' || @ann, 'k', '', '{}', @now)`,
		} {
			if err := tx.Exec(sql, map[string]any{"ann": ann.ID, "bob": bob.ID, "now": tx.Now()}).Error; err != nil {
				return err
			}
		}
		return tx.Notify(models.Notice{Kind: "push", Title: "hello"}, ann.ID, bob.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	in := ok[models.SignIn](t)(a.Login(ctx, "ann", modelstest.Password, models.Device{}))

	if err := a.DeleteUser(ctx, 1, ann.ID); err != nil {
		t.Fatal(err)
	}
	var events []string
	for _, e := range s.Log(bob.ID) {
		events = append(events, e.Name+" "+string(e.Message))
	}
	got := strings.Join(events[1:], "\n")
	want := "deck.deleted {\"deck\":{\"id\":1,\"name\":\"hers\",\"description\":\"\"}}\ndeck.updated {\"deck\":{\"id\":2,\"name\":\"his\",\"description\":\"\"}}"
	if got != want {
		t.Errorf("bob's log:\n%s\nwant\n%s", got, want)
	}
	for _, table := range []string{"sessions", "logs", "events", "notifications", "deck_members"} {
		var n int64
		s.Read(ctx).Table(table).Where("user_id = ?", ann.ID).Count(&n)
		if n != 0 {
			t.Errorf("%d rows left in %s", n, table)
		}
	}
	var n int64
	s.Read(ctx).Table("idempotency").Count(&n)
	if n != 0 {
		t.Errorf("%d idempotency keys left", n)
	}
	if _, users := sockets.Take(); len(users) != 1 || users[0] != ann.ID {
		t.Errorf("closed %v", users)
	}
	_, err = a.Authenticate(ctx, ann.ID, in.SessionID)
	code(t, err, models.SessionEnded)
}

// What waits in the same batch for a user who is deleted must not take the batch
// down with it.
func TestDeleteUserBesideNewsForThem(t *testing.T) {
	s := modelstest.Open(t)
	a := s.Accounts(nil)
	s.Account(a, "root", models.RoleAdmin)
	bob := s.Account(a, "bob", models.RoleUser)
	for round := range 20 {
		ann := s.Account(a, "ann", models.RoleUser)
		results := make(chan error)
		const writers = 8
		for range writers {
			go func() {
				results <- s.Write(ctx, func(tx *models.Tx) error {
					return tx.Notify(models.Notice{Kind: "push", Title: "hello"}, bob.ID, ann.ID)
				})
			}()
		}
		if err := a.DeleteUser(ctx, 0, ann.ID); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for range writers {
			if err := <-results; err != nil && models.ErrorCode(err) != models.NotFound {
				t.Fatalf("round %d: %v", round, err)
			}
		}
	}
	if log := s.Log(bob.ID); len(log) > 0 && log[len(log)-1].Seq != int64(len(log)) {
		t.Error("bob's log has a gap")
	}
}
