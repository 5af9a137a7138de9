package routes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/controllers"
	"aoki/models"
	"aoki/models/modelstest"
	"aoki/realtime"
)

// world is a whole server on a port of its own, with a real store. Its clock
// stands still until a test moves it.
type world struct {
	t        *testing.T
	store    *modelstest.Store
	api      *controllers.API
	hub      *realtime.Hub
	url      string
	log      *logLines
	stopping chan struct{}
	watched  chan int64 // whose log somebody has begun to wait for
}

// hubWatch tells the test who waits for what.
type hubWatch struct {
	*realtime.Hub
	watched chan int64
}

func (h hubWatch) Watch(user int64) (<-chan struct{}, func()) {
	grown, forget := h.Hub.Watch(user)
	select {
	case h.watched <- user:
	default:
	}
	return grown, forget
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, store: modelstest.Open(t), log: &logLines{}, stopping: make(chan struct{}), watched: make(chan int64, 100)}
	now := w.store.Clock.Now
	logger := slog.New(slog.NewJSONHandler(w.log, nil))
	w.hub = realtime.New(realtime.Options{Log: storeLog{w.store.DB}, Logger: logger, Now: now})
	w.store.SetBell(storeBell{w.hub})
	key := []byte("a key of the tests, 32 bytes long")
	accounts, err := models.NewAccounts(w.store.DB, models.AccountOptions{
		Key: key, Cost: models.PasswordCost{Memory: 64, Iterations: 1}, Sockets: w.hub,
	})
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := controllers.NewTokens(now, key)
	if err != nil {
		t.Fatal(err)
	}
	w.api = &controllers.API{
		DB: w.store.DB, Hub: hubWatch{w.hub, w.watched}, Now: now, Log: logger, Stopping: w.stopping,
		Accounts: accounts, Tokens: tokens, Attempts: controllers.NewAttempts(now, 20), Open: true,
	}
	handler, err := New(w.api, builtApp())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	w.url = srv.URL
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		w.hub.Shutdown(ctx)
		srv.CloseClientConnections()
		srv.Close()
	})
	return w
}

const password = "correct horse"

// person is somebody who is signed in.
type person struct {
	w       *world
	id      int64
	session int64
	name    string
	token   string
}

// user makes an account and signs it in.
func (w *world) user(name string) *person { return w.account(name, models.RoleUser) }

// admin makes an admin's account and signs it in.
func (w *world) admin(name string) *person { return w.account(name, models.RoleAdmin) }

func (w *world) account(name, role string) *person {
	w.t.Helper()
	_, err := w.api.Accounts.CreateUser(context.Background(), 0, models.NewUser{Username: name, Password: password, Role: role})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.signIn(name)
}

func (w *world) signIn(name string) *person {
	w.t.Helper()
	in, err := w.api.Accounts.Login(context.Background(), name, password, models.Device{})
	if err != nil {
		w.t.Fatal(err)
	}
	token, _, err := w.api.Tokens.Issue(in.UserID, in.SessionID)
	if err != nil {
		w.t.Fatal(err)
	}
	return &person{w: w, id: in.UserID, session: in.SessionID, name: name, token: token}
}

// answer is what came back, read whole.
type answer struct {
	status int
	header http.Header
	body   string
}

// json reads a value of the body: path "items.0.id".
func (a answer) json(path string) any {
	var v any
	if json.Unmarshal([]byte(a.body), &v) != nil {
		return nil
	}
	for step := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			i := int(step[0] - '0')
			if i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) code() string { s, _ := a.json("code").(string); return s }

// call sends a request as this person; headers are "Name: value". A nil person is
// nobody.
func (w *world) call(p *person, method, path, body string, headers ...string) answer {
	w.t.Helper()
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if p != nil {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{resp.StatusCode, resp.Header, string(got)}
	conforms(w.t, method, path, a)
	return a
}

func (p *person) get(path string, headers ...string) answer {
	p.w.t.Helper()
	return p.w.call(p, "GET", path, "", headers...)
}

func (p *person) post(path, body string, headers ...string) answer {
	p.w.t.Helper()
	return p.w.call(p, "POST", path, body, headers...)
}

// tell adds an event to this person's log.
func (p *person) tell(name, message string) {
	p.w.t.Helper()
	err := p.w.store.Write(context.Background(), func(tx *models.Tx) error {
		return tx.Append(name, json.RawMessage(message), p.id)
	})
	if err != nil {
		p.w.t.Fatal(err)
	}
}

// notify puts something into this person's inbox.
func (p *person) notify(title string) {
	p.w.t.Helper()
	err := p.w.store.Write(context.Background(), func(tx *models.Tx) error {
		return tx.Notify(models.Notice{Kind: "push", Title: title}, p.id)
	})
	if err != nil {
		p.w.t.Fatal(err)
	}
}

// storeLog and storeBell let hub and store speak to each other.
type storeLog struct{ db *models.DB }

func (l storeLog) Epoch() string { return l.db.Epoch() }

func (l storeLog) Head(ctx context.Context, user int64) (realtime.Head, error) {
	h, err := l.db.Head(ctx, user)
	return realtime.Head{User: h.User, Head: h.Head, Trimmed: h.Trimmed}, err
}

func (l storeLog) Heads(ctx context.Context, users []int64) ([]realtime.Head, error) {
	var out []realtime.Head
	heads, err := l.db.Heads(ctx, users)
	for _, h := range heads {
		out = append(out, realtime.Head{User: h.User, Head: h.Head, Trimmed: h.Trimmed})
	}
	return out, err
}

func (l storeLog) TakeOver(ctx context.Context, users []int64) error {
	return l.db.TakeOver(ctx, users)
}

func (l storeLog) After(ctx context.Context, user, seq int64, limit int) ([]realtime.Event, error) {
	entries, err := l.db.After(ctx, user, seq, limit)
	if models.ErrorCode(err) == "trimmed" {
		return nil, errors.Join(realtime.ErrTrimmed, err)
	}
	return wireEvents(entries), err
}

func (l storeLog) Delivered(ctx context.Context, upTo map[int64]int64) error {
	return l.db.Delivered(ctx, upTo)
}

type storeBell struct{ hub *realtime.Hub }

func (b storeBell) Ring(entries []models.Entry) { b.hub.Ring(wireEvents(entries)) }
func (b storeBell) RingAll()                    { b.hub.RingAll() }

func wireEvents(entries []models.Entry) []realtime.Event {
	var out []realtime.Event
	for _, e := range entries {
		event := realtime.Event{User: e.User, Seq: e.Seq, Time: e.Time, Name: e.Name, Message: e.Message}
		if e.Counts != nil {
			event.Counts = &realtime.Counts{Unread: e.Counts.Unread, Unseen: e.Counts.Unseen}
		}
		out = append(out, event)
	}
	return out
}

// logLines is a log that many may write to.
type logLines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
