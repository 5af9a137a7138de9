package models_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/models"
)

func TestRefreshRotates(t *testing.T) {
	w := signIn(t)
	first := w.in.RefreshToken
	second := ok[models.SignIn](t)(w.accounts.Refresh(ctx, first, models.Device{UserAgent: "newer", IP: "192.0.2.2"}))
	if second.RefreshToken == first || second.SessionID != w.in.SessionID || second.Username != "ann" {
		t.Fatalf("%+v", second)
	}
	list, _, err := w.accounts.ListSessions(ctx, w.user.ID, w.in.SessionID, "", 10)
	if err != nil || len(list) != 1 || list[0].UserAgent != "newer" || list[0].IP != "192.0.2.2" {
		t.Errorf("%+v %v", list, err)
	}

	t.Run("the predecessor gets the same successor for 10 s", func(t *testing.T) {
		w.Clock.Add(10 * time.Second)
		again := ok[models.SignIn](t)(w.accounts.Refresh(ctx, first, models.Device{}))
		if again.RefreshToken != second.RefreshToken {
			t.Error("another successor")
		}
	})
	t.Run("then it ends the session", func(t *testing.T) {
		w.Clock.Add(time.Microsecond)
		_, err := w.accounts.Refresh(ctx, first, models.Device{})
		code(t, err, models.SessionEnded)
		if sessions, _ := w.sockets.Take(); !slices.Equal(sessions, []int64{w.in.SessionID}) {
			t.Errorf("closed %v", sessions)
		}
		if w.alive(t, w.in.SessionID) {
			t.Error("the session lives")
		}
		_, err = w.accounts.Refresh(ctx, second.RefreshToken, models.Device{})
		code(t, err, models.SessionEnded)
	})
}

func TestRefreshWithAGrandparentEndsTheSession(t *testing.T) {
	w := signIn(t)
	second := ok[models.SignIn](t)(w.accounts.Refresh(ctx, w.in.RefreshToken, models.Device{}))
	third := ok[models.SignIn](t)(w.accounts.Refresh(ctx, second.RefreshToken, models.Device{}))
	_, err := w.accounts.Refresh(ctx, w.in.RefreshToken, models.Device{}) // within the 10 s
	code(t, err, models.SessionEnded)
	_, err = w.accounts.Refresh(ctx, third.RefreshToken, models.Device{})
	code(t, err, models.SessionEnded)
}

func TestRefreshInParallel(t *testing.T) {
	w := signIn(t)
	var mu sync.Mutex
	tokens := map[string]int{}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			in, err := w.accounts.Refresh(ctx, w.in.RefreshToken, models.Device{})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			tokens[in.RefreshToken]++
			mu.Unlock()
		})
	}
	all.Wait()
	if len(tokens) != 1 {
		t.Errorf("%d successors", len(tokens))
	}
	for token := range tokens {
		ok[models.SignIn](t)(w.accounts.Refresh(ctx, token, models.Device{}))
	}
}

func TestForgedRefreshTokensHarmNobody(t *testing.T) {
	w := signIn(t)
	second := ok[models.SignIn](t)(w.accounts.Refresh(ctx, w.in.RefreshToken, models.Device{}))
	parts := strings.Split(second.RefreshToken, ".")
	other := strings.Repeat("A", len(parts[2]))
	for name, token := range map[string]string{
		"empty":                  "",
		"garbage":                "garbage",
		"a JWT":                  "eyJhbGciOiJub25lIn0.e30.",
		"another secret":         parts[0] + "." + parts[1] + "." + other,
		"old with other secret":  parts[0] + ".0." + other,
		"from the future":        parts[0] + ".9." + parts[2],
		"far from the future":    parts[0] + ".9223372036854775807." + parts[2],
		"far from the past":      parts[0] + ".-9223372036854775808." + parts[2],
		"another session":        "aokir_999.1." + parts[2],
		"another spelling":       parts[0] + ".01." + parts[2],
		"padded":                 second.RefreshToken + "=",
		"cut":                    second.RefreshToken[:len(second.RefreshToken)-1],
		"with something behind":  second.RefreshToken + ".x",
		"without the prefix":     strings.TrimPrefix(second.RefreshToken, "aokir_"),
		"very long":              strings.Repeat("aokir_1.1.", 1000),
		"same bits, other coda":  second.RefreshToken[:len(second.RefreshToken)-1] + "_",
		"the setup token's kind": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	} {
		_, err := w.accounts.Refresh(ctx, token, models.Device{})
		if models.ErrorCode(err) != models.SessionEnded {
			t.Errorf("%s: %v", name, err)
		}
	}
	if sessions, _ := w.sockets.Take(); len(sessions) != 0 || !w.alive(t, w.in.SessionID) {
		t.Error("a forged token ended the session")
	}
	ok[models.SignIn](t)(w.accounts.Refresh(ctx, second.RefreshToken, models.Device{}))
}

func TestRefreshTokenIsNotStored(t *testing.T) {
	w := signIn(t)
	sum := sha256.Sum256([]byte(w.in.RefreshToken))
	secret := w.in.RefreshToken[strings.LastIndexByte(w.in.RefreshToken, '.')+1:]
	row := map[string]any{}
	w.Read(ctx).Table("sessions").Take(&row)
	if row["refresh_hash"] != hex.EncodeToString(sum[:]) {
		t.Errorf("stored %v", row["refresh_hash"])
	}
	for column, v := range row {
		if text, _ := v.(string); strings.Contains(text, secret) {
			t.Errorf("%s has the token", column)
		}
	}
}
