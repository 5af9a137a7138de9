package cmd

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

type pushCmd struct {
	Site
	To      []string      `name:"to" placeholder:"NAME" xor:"audience" required:"" help:"To these users."`
	All     bool          `name:"all" xor:"audience" required:"" help:"To everyone."`
	Title   string        `name:"title" required:"" placeholder:"TEXT" help:"Title of the notification."`
	Body    string        `name:"body" placeholder:"TEXT" help:"Its text."`
	Link    string        `name:"link" placeholder:"URL" help:"Where it leads: a path of the app or a web address."`
	Data    string        `name:"data" placeholder:"JSON" help:"A JSON object for programs."`
	DryRun  bool          `name:"dry-run" help:"Say whom it would reach; send nothing."`
	Key     string        `name:"key" placeholder:"WORD" help:"Idempotency-Key: the same word never sends twice. Made up if not given."`
	Timeout time.Duration `name:"timeout" default:"30s" placeholder:"TIME" help:"How long to try again while the server can't be reached."`
}

func (c *pushCmd) Run(ctx context.Context, p *program) error {
	body := map[string]any{"to": map[string]any{"users": c.To}, "title": c.Title, "body": c.Body}
	if c.All {
		body["to"] = map[string]any{"all": true}
	}
	if c.Link != "" {
		body["link"] = c.Link
	}
	if c.Data != "" {
		var object map[string]any
		if err := json.Unmarshal([]byte(c.Data), &object); err != nil || object == nil {
			return usagef("--data must be a JSON object, such as {\"deck\": 12}")
		}
		body["data"] = json.RawMessage(c.Data)
	}
	if c.DryRun {
		body["dry_run"] = true
	}
	site, err := c.open(p)
	if err != nil {
		return err
	}
	defer site.close()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()

	key := or(c.Key, rand.Text())
	var answer struct {
		ID       id     `json:"id"`
		State    string `json:"state"`
		Audience int    `json:"audience"`
		Online   int    `json:"online"`
	}
	if err := site.insist(ctx, "/admin/pushes", key, body, &answer); err != nil {
		if passing(err) && !c.DryRun {
			return fmt.Errorf("not acknowledged, so it may or may not have been sent; with --key %s it is safe to send again: %w", key, err)
		}
		return err
	}
	if c.DryRun {
		_, err = fmt.Fprintf(p.stdout, "would reach %s, %d online\n", people(answer.Audience), answer.Online)
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s to %s, %d online (push %s)\n", answer.State, people(answer.Audience), answer.Online, answer.ID)
	return err
}

// id is an id of the API, which may be a number or a string.
type id string

func (i *id) UnmarshalJSON(text []byte) error {
	*i = id(strings.Trim(string(text), `"`))
	return nil
}

func people(n int) string {
	if n == 1 {
		return "1 user"
	}
	return fmt.Sprintf("%d users", n)
}

// insist posts until the server has answered for good or ctx ends. The key is the
// same each time, so however often it goes out, it happens once.
func (c *client) insist(ctx context.Context, path, key string, body, result any) error {
	fresh := false
	for wait := 250 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		token, err := c.token(ctx, fresh)
		if err == nil {
			err = c.call(ctx, http.MethodPost, path, token, key, body, result)
		}
		var answer *answerError
		if errors.As(err, &answer) && answer.status == http.StatusUnauthorized && !fresh && c.password != "" {
			fresh = true
			continue
		}
		if err == nil || !passing(err) {
			return err
		}
		fresh = false
		if answer != nil {
			wait = max(wait, answer.retryAfter)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}
