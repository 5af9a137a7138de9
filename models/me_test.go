package models_test

import (
	"encoding/json"
	"strings"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

func TestUpdateProfile(t *testing.T) {
	w := signIn(t)
	long, _ := json.Marshal(strings.Repeat("x", 8000))
	for _, c := range []struct {
		name   string
		change models.ProfileChange
		code   string
		want   string // locale, zone, preferences afterwards
		events int    // in the log afterwards
	}{
		{"nothing", models.ProfileChange{}, "", `en UTC {}`, 0},
		{"locale", models.ProfileChange{Locale: ptr("zh-CN")}, "", `zh-CN UTC {}`, 1},
		{"the same again", models.ProfileChange{Locale: ptr("zh-CN")}, "", `zh-CN UTC {}`, 1},
		{"unknown locale", models.ProfileChange{Locale: ptr("de")}, models.Invalid, `zh-CN UTC {}`, 1},
		{"zone", models.ProfileChange{TimeZone: ptr("Asia/Shanghai")}, "", `zh-CN Asia/Shanghai {}`, 3}, // the digest is planned anew
		{"no zone", models.ProfileChange{TimeZone: ptr("")}, models.Invalid, `zh-CN Asia/Shanghai {}`, 3},
		{"the server's zone", models.ProfileChange{TimeZone: ptr("Local")}, models.Invalid, `zh-CN Asia/Shanghai {}`, 3},
		{"a path", models.ProfileChange{TimeZone: ptr("../../etc/passwd")}, models.Invalid, `zh-CN Asia/Shanghai {}`, 3},
		{"one wrong of two", models.ProfileChange{Locale: ptr("en"), TimeZone: ptr("Moon")}, models.Invalid, `zh-CN Asia/Shanghai {}`, 3},
		{"preferences", models.ProfileChange{Preferences: prefs(`{"theme":"dark","toasts":{"push":true}}`)}, "", `zh-CN Asia/Shanghai {"theme":"dark","toasts":{"push":true}}`, 4},
		{"merged at the top only", models.ProfileChange{Preferences: prefs(`{"toasts":{"deck":false},"n":1.50}`)}, "", `zh-CN Asia/Shanghai {"n":1.50,"theme":"dark","toasts":{"deck":false}}`, 5},
		{"null takes away", models.ProfileChange{Preferences: prefs(`{"toasts":null,"n":null,"never":null}`)}, "", `zh-CN Asia/Shanghai {"theme":"dark"}`, 6},
		{"too large", models.ProfileChange{Preferences: prefs(`{"a":` + string(long) + `,"b":` + string(long) + `}`)}, models.Invalid, `zh-CN Asia/Shanghai {"theme":"dark"}`, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.accounts.UpdateProfile(ctx, w.user.ID, c.change)
			code(t, err, c.code)
			p := ok[models.Profile](t)(w.accounts.Profile(ctx, w.user.ID))
			if got := p.Locale + " " + p.TimeZone + " " + string(p.Preferences); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if log := w.Log(w.user.ID); len(log) != c.events {
				t.Errorf("%d events, want %d", len(log), c.events)
			}
		})
	}
	last := w.Log(w.user.ID)[5]
	if last.Name != "me.updated" || strings.Contains(string(last.Message), "argon2") || !strings.Contains(string(last.Message), `"preferences":{"theme":"dark"}`) {
		t.Errorf("%s %s", last.Name, last.Message)
	}
	bob := w.Account(w.accounts, "bob", models.RoleUser)
	if log := w.Log(bob.ID); len(log) != 0 {
		t.Error("bob was told")
	}
}

func prefs(s string) (m map[string]json.RawMessage) {
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		panic(err)
	}
	return m
}

func TestChangePassword(t *testing.T) {
	w := signIn(t)
	for _, c := range []struct{ name, current, new, code string }{
		{"wrong current", "wrong horse", "battery staple", models.WrongPassword},
		{"too short", modelstest.Password, "short", models.Invalid},
		{"too long", modelstest.Password, strings.Repeat("p", 257), models.Invalid},
		{"right", modelstest.Password, "battery staple", ""},
		{"the old one", modelstest.Password, "battery staple", models.WrongPassword},
	} {
		t.Run(c.name, func(t *testing.T) {
			code(t, w.accounts.ChangePassword(ctx, w.user.ID, w.in.SessionID, c.current, c.new), c.code)
		})
	}
	_, err := w.accounts.Login(ctx, "ann", modelstest.Password, models.Device{})
	code(t, err, models.InvalidCredentials)
	ok[models.SignIn](t)(w.accounts.Login(ctx, "ann", "battery staple", models.Device{}))
}
