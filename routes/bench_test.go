package routes

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"aoki/controllers"
	"aoki/models"
	"aoki/models/modelstest"
)

// nobody is a hub without sockets.
type nobody struct{ controllers.Hub }

func (nobody) OnlineUsers() []int64    { return nil }
func (nobody) CountOnline([]int64) int { return 0 }

// nowhere takes an answer and keeps its status.
type nowhere struct {
	header http.Header
	status int
}

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) WriteHeader(status int)      { n.status = status }
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkRequest is what a request costs around the store: the doors, the body, the
// answer, without the network. A push that is only tried out, for those who are online,
// asks the store nothing.
func BenchmarkRequest(b *testing.B) {
	serve := tryPush(b)
	b.ReportAllocs()
	for b.Loop() {
		serve()
	}
}

// benched is a server with one user, an admin, without sockets and without a port.
func benched(t testing.TB) (store *modelstest.Store, handler http.Handler, user int64, token string) {
	t.Helper()
	store = modelstest.Open(t)
	accounts, err := models.NewAccounts(store.DB, models.AccountOptions{
		Key: make([]byte, 32), Cost: models.PasswordCost{Memory: 64, Iterations: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := controllers.NewTokens(store.Clock.Now, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	handler, err = New(&controllers.API{
		DB: store.DB, Hub: nobody{}, Now: store.Clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError})),
		Accounts: accounts, Tokens: tokens, Attempts: controllers.NewAttempts(store.Clock.Now, 20),
	}, builtApp())
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if _, err = accounts.CreateUser(ctx, 0, models.NewUser{Username: "ann", Password: password, Role: models.RoleAdmin}); err != nil {
		t.Fatal(err)
	}
	in, err := accounts.Login(ctx, "ann", password, models.Device{})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err = tokens.Issue(in.UserID, in.SessionID)
	if err != nil {
		t.Fatal(err)
	}
	return store, handler, in.UserID, token
}

// tryPush gives a function that has such a push answered.
func tryPush(t testing.TB) func() {
	t.Helper()
	_, handler, _, token := benched(t)
	text := `{"to":{"online":true},"title":"bench","dry_run":true,"body":"` + strings.Repeat("x", 256) + `"}`
	body := strings.NewReader(text)
	r, err := http.NewRequest("POST", "http://127.0.0.1/api/v1/admin/pushes", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = "127.0.0.1:4711"
	answer := &nowhere{header: http.Header{}}
	return func() {
		body.Reset(text)
		clear(answer.header)
		answer.status = 0
		handler.ServeHTTP(answer, r)
		if answer.status != http.StatusOK {
			t.Fatalf("status %d", answer.status)
		}
	}
}
