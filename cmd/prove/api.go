package prove

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// tokenAge is when a user signs in anew: well before an access token's 15 minutes
// are over.
const tokenAge = 10 * time.Minute

// account is one user, who signs in when needed.
type account struct {
	base, name, password string
	http                 *http.Client

	mu    sync.Mutex
	token string
	since time.Time
}

// refused is an answer that is not 2xx.
type refused struct {
	status int
	after  time.Duration
	body   string
}

func (r *refused) Error() string { return fmt.Sprintf("%d: %s", r.status, r.body) }

// passing reports whether an answer asks to be tried again.
func (r *refused) passing() bool {
	return r.status >= 500 || r.status == http.StatusTooManyRequests || r.status == http.StatusConflict
}

func newHTTP() *http.Client {
	return &http.Client{Timeout: 40 * time.Second, Transport: &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		MaxIdleConnsPerHost: 64,
	}}
}

// bearer is an access token. fresh asks for another than the last, which was
// refused.
func (a *account) bearer(ctx context.Context, fresh bool) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	age := time.Since(a.since)
	if a.token != "" && age < tokenAge && (!fresh || age < time.Second) {
		return a.token, nil
	}
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	err := a.send(ctx, http.MethodPost, "/auth/login", "", "", map[string]string{"username": a.name, "password": a.password}, &answer)
	if err != nil {
		return "", err
	}
	a.token, a.since = answer.AccessToken, time.Now()
	return a.token, nil
}

// call is a request as this user. A token that is refused is replaced once: after
// an older database came back, sessions that were begun since are gone.
func (a *account) call(ctx context.Context, method, path, key string, body, answer any) error {
	for again := false; ; again = true {
		token, err := a.bearer(ctx, again)
		if err != nil {
			return err
		}
		err = a.send(ctx, method, path, token, key, body, answer)
		if r, ok := err.(*refused); ok && r.status == http.StatusUnauthorized && !again {
			continue
		}
		return err
	}
}

func (a *account) send(ctx context.Context, method, path, token, key string, body, answer any) error {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, a.base+"/api/v1"+path, reader)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return &refused{resp.StatusCode, time.Duration(seconds) * time.Second, string(text)}
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// frame is what devices read, in whatever way it came.
type frame struct {
	Seq     int64           `json:"seq"`
	Name    string          `json:"name"`
	Message json.RawMessage `json:"message"`
}

// entry is what a log event is to the proof.
func (f *frame) entry() entry {
	e := entry{seq: f.Seq, name: f.Name}
	switch f.Name {
	case "notification.created":
		var m struct {
			Notification struct{ Kind, Title string }
		}
		if json.Unmarshal(f.Message, &m) == nil && m.Notification.Kind == "push" {
			e.token = m.Notification.Title
		}
	case "card.created":
		var m struct {
			Note struct{ Fields struct{ Front string } }
		}
		if json.Unmarshal(f.Message, &m) == nil {
			e.token = m.Note.Fields.Front
		}
	case "card.reviewed":
		var m struct {
			CardID int64 `json:"card_id"`
		}
		if json.Unmarshal(f.Message, &m) == nil {
			e.token = answeredToken(m.CardID)
		}
	}
	return e
}

// answers is how many answers of the user's a card has; none when it is gone, as after
// a restore.
func (a *account) answers(ctx context.Context, card int64) (int, error) {
	var p struct{ Items []json.RawMessage }
	err := a.call(ctx, http.MethodGet, fmt.Sprintf("/cards/%d/reviews", card), "", nil, &p)
	var no *refused
	if errors.As(err, &no) && no.status == http.StatusNotFound {
		return 0, nil
	}
	return len(p.Items), err
}

// control is what a frame that is not in the log says of the connection.
type control struct {
	Epoch   string
	Head    int64
	Reason  string
	AfterMS int64 `json:"after_ms"`
}

func (f *frame) control() (c control) {
	if f.Seq == 0 {
		_ = json.Unmarshal(f.Message, &c)
	}
	return c
}

// page is the answer of a poll.
type page struct {
	Epoch  string  `json:"epoch"`
	Head   int64   `json:"head"`
	Events []frame `json:"events"`
	Reset  *struct {
		Epoch  string `json:"epoch"`
		Head   int64  `json:"head"`
		Reason string `json:"reason"`
	} `json:"reset"`
}

// log reads the user's whole log, and says where it stands.
func (a *account) log(ctx context.Context) (entries []entry, epoch string, err error) {
	for since := int64(0); ; {
		var p page
		if err := a.call(ctx, http.MethodGet, fmt.Sprintf("/events?limit=200&since=%d", since), "", nil, &p); err != nil {
			return nil, "", err
		}
		if p.Reset != nil {
			return nil, "", fmt.Errorf("the log can't be read from its beginning: %s", p.Reset.Reason)
		}
		for i := range p.Events {
			entries = append(entries, p.Events[i].entry())
			since = p.Events[i].Seq
		}
		if len(p.Events) == 0 {
			return entries, p.Epoch, nil
		}
	}
}

// inbox reads the user's whole inbox: the tokens of the pushes in it, newest first,
// and whether the server's count of unread items agrees with it.
func (a *account) inbox(ctx context.Context) (tokens []string, unread, counted int64, err error) {
	tokens = []string{}
	for before := ""; ; {
		var p struct {
			Items []struct {
				ID     string
				Kind   string
				Title  string
				ReadAt *time.Time `json:"read_at"`
			}
			Next   *string
			Unread int64
		}
		if err := a.call(ctx, http.MethodGet, "/notifications?limit=200&before="+before, "", nil, &p); err != nil {
			return nil, 0, 0, err
		}
		for _, item := range p.Items {
			if item.Kind == "push" {
				tokens = append(tokens, item.Title)
			}
			if item.ReadAt == nil {
				counted++
			}
		}
		if p.Next == nil || *p.Next == "" {
			return tokens, p.Unread, counted, nil
		}
		before = *p.Next
	}
}

// deck reads the tokens of a deck's cards.
func (a *account) deck(ctx context.Context, id int64) ([]string, error) {
	var tokens []string
	for after := ""; ; {
		var p struct {
			Items []struct{ Fields struct{ Front string } }
			Next  *string
		}
		if err := a.call(ctx, http.MethodGet, fmt.Sprintf("/decks/%d/notes?limit=200&after=%s", id, after), "", nil, &p); err != nil {
			return nil, err
		}
		for _, note := range p.Items {
			tokens = append(tokens, note.Fields.Front)
		}
		if p.Next == nil || *p.Next == "" {
			return tokens, nil
		}
		after = *p.Next
	}
}
