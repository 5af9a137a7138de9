package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"aoki/realtime"
)

// Site is where a client command goes, and as whom.
type Site struct {
	URL  string `name:"url" setting:"AOKI_URL" default:"http://127.0.0.1:8080" placeholder:"URL" check:"url" help:"The server."`
	User string `name:"user" setting:"AOKI_USER" placeholder:"NAME" help:"Who signs in. The password comes from AOKI_PASSWORD or standard input; an access token in AOKI_TOKEN does without both."`
}

// client speaks the REST API as one user.
type client struct {
	base           string
	user, password string
	http           *http.Client

	mu      sync.Mutex
	access  string
	refresh string
	owned   bool // we signed in, so we sign out
}

// open reads who signs in; it does not go to the network yet.
func (s *Site) open(p *program) (*client, error) {
	if err := checks["url"](s.URL); err != nil {
		return nil, usagef("%s is %q: it %w", or(p.sources["url"], "--url"), s.URL, err)
	}
	c := &client{base: strings.TrimSuffix(s.URL, "/"), user: s.User, access: p.env["AOKI_TOKEN"], http: &http.Client{Timeout: 30 * time.Second}}
	if c.access != "" {
		return c, nil
	}
	if c.user == "" {
		return nil, usagef("who signs in? Give --user NAME, or an access token in AOKI_TOKEN")
	}
	if c.password = p.env["AOKI_PASSWORD"]; c.password == "" {
		var err error
		if c.password, err = p.readPassword("Password of " + c.user); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// answerError is an answer that is not 2xx.
type answerError struct {
	status     int
	retryAfter time.Duration
	Code       string `json:"code"`
	Title      string `json:"title"`
	Detail     string `json:"detail"`
	Fields     []struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"fields"`
}

func (e *answerError) Error() string {
	text := or(or(e.Detail, e.Title), http.StatusText(e.status))
	for _, f := range e.Fields {
		text += fmt.Sprintf("; %s %s", f.Field, f.Message)
	}
	return fmt.Sprintf("the server answered %d: %s", e.status, text)
}

// passing tells whether trying again may help: the network failed, or the server was busy.
func passing(err error) bool {
	var answer *answerError
	if !errors.As(err, &answer) {
		return true
	}
	return answer.status >= 500 || answer.status == http.StatusTooManyRequests || answer.Code == "idempotency_in_progress"
}

// call sends one request and reads its JSON answer into result (nil: nobody cares).
func (c *client) call(ctx context.Context, method, path, token, key string, body, result any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "aoki/"+version)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("the server can't be reached: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	if err != nil {
		return fmt.Errorf("the server's answer broke off: %w", err)
	}
	if response.StatusCode/100 != 2 {
		answer := &answerError{status: response.StatusCode}
		_ = json.Unmarshal(text, answer) // what is no problem+json leaves the status to speak
		if seconds, err := time.ParseDuration(response.Header.Get("Retry-After") + "s"); err == nil {
			answer.retryAfter = seconds
		}
		return answer
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(text, result); err != nil {
		return fmt.Errorf("the server's answer can't be read (is %s an Aoki server?): %w", c.base, err)
	}
	return nil
}

type loginAnswer struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
}

// token is a token source for realtime.Client: it signs in, refreshes, and signs
// in again when the session is gone. What can't be mended is marked final.
func (c *client) token(ctx context.Context, fresh bool) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.access != "" && !fresh {
		return c.access, nil
	}
	if c.password == "" {
		return "", realtime.Permanent(errors.New("the access token in AOKI_TOKEN is not accepted (any more)"))
	}
	var answer loginAnswer
	var err error
	if c.refresh != "" {
		err = c.call(ctx, http.MethodPost, "/auth/refresh", "", "", map[string]any{"refresh_token": c.refresh}, &answer)
	}
	if c.refresh == "" || (err != nil && !passing(err)) {
		answer = loginAnswer{}
		err = c.call(ctx, http.MethodPost, "/auth/login", "", "", map[string]any{"username": c.user, "password": c.password, "offline": true}, &answer)
	}
	if err != nil {
		if !passing(err) {
			return "", realtime.Permanent(err)
		}
		return "", err
	}
	c.access, c.refresh, c.owned = answer.AccessToken, answer.RefreshToken, true
	return c.access, nil
}

// close ends the session that token began, so that none is left behind in the
// user's list of devices. It is a courtesy: failing changes nothing.
func (c *client) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.http.CloseIdleConnections()
	if !c.owned {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	_ = c.call(ctx, http.MethodPost, "/auth/logout", c.access, "", struct{}{}, nil)
	c.owned = false
}
