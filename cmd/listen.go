package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	"unicode"

	"aoki/realtime"
)

type listenCmd struct {
	Site
	Since *int64 `name:"since" placeholder:"N" help:"Begin behind event N of the log (0: with the first that is kept). Without it and without a state file: with what happens next."`
	State string `name:"state" placeholder:"FILE" help:"File that keeps the place in the log, so that the next start misses nothing."`
	JSON  bool   `name:"json" help:"Print each frame as it came, one a line, pings and all."`
	Limit int    `name:"limit" placeholder:"N" help:"Leave after N log events."`
}

// listenState is what the state file holds. The user and server are part of it:
// a cursor means nothing in another log.
type listenState struct {
	URL  string `json:"url"`
	User string `json:"user"`
	realtime.Position
}

var errEnough = errors.New("enough")

func (l *listenCmd) Run(ctx context.Context, p *program) error {
	if l.Since != nil && *l.Since < 0 {
		return usagef("--since is %d: it must not be negative", *l.Since)
	}
	site, err := l.open(p)
	if err != nil {
		return err
	}
	since, err := l.begin(site)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer site.close()
	seen := 0
	connection := realtime.NewClient(realtime.ClientOptions{
		URL: site.base, Since: since, Ack: true, Token: site.token,
		Handle: func(f realtime.Frame) error {
			if err := l.print(p, f); err != nil {
				return err
			}
			if f.Name == "welcome" && !l.JSON {
				fmt.Fprintln(p.stderr, "aoki: connected to "+site.base)
			}
			if f.Seq > 0 {
				seen++
			}
			return nil
		},
		Moved: func(at realtime.Position) error {
			if err := l.keep(site, at); err != nil {
				return err
			}
			if l.Limit > 0 && seen >= l.Limit {
				return errEnough
			}
			return nil
		},
		Waiting: func(why error, delay time.Duration) {
			fmt.Fprintf(p.stderr, "aoki: %s; trying again in %s\n", sentence(why), delay.Round(100*time.Millisecond))
		},
		Now: p.now,
	})
	if err := connection.Run(ctx); err != nil && !errors.Is(err, errEnough) {
		return err
	}
	return nil
}

// begin is where to take up the log: --since wins over the state file.
func (l *listenCmd) begin(site *client) (*realtime.Position, error) {
	if l.Since != nil {
		return &realtime.Position{Seq: *l.Since}, nil
	}
	if l.State == "" {
		return nil, nil
	}
	data, err := os.ReadFile(l.State)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the state file %s can't be read: %w", l.State, cause(err))
	}
	var state listenState
	if err := json.Unmarshal(data, &state); err != nil || state.Seq < 0 {
		return nil, fmt.Errorf("the state file %s is damaged: mend or remove it", l.State)
	}
	if state.URL != site.base || state.User != site.user {
		return nil, usagef("the state file %s belongs to %s at %s: give another with --state", l.State, or(state.User, "a token"), state.URL)
	}
	return &state.Position, nil
}

// keep writes the place in the log. An event counts as printed only once it is
// there, so that a crash between prints it again rather than never.
func (l *listenCmd) keep(site *client, at realtime.Position) error {
	if l.State == "" {
		return nil
	}
	data, err := json.Marshal(listenState{site.base, site.user, at})
	if err != nil {
		return err
	}
	if err := writeFile(l.State, append(data, '\n')); err != nil {
		return fmt.Errorf("the state file %s can't be written: %w", l.State, cause(err))
	}
	return nil
}

func (l *listenCmd) print(p *program, f realtime.Frame) error {
	if l.JSON {
		_, err := fmt.Fprintf(p.stdout, "%s\n", f.Raw)
		return err
	}
	switch {
	case f.Seq > 0:
		_, err := fmt.Fprintf(p.stdout, "%d  %s  %s  %s\n", f.Seq, f.Time.UTC().Format(time.RFC3339), plain(f.Name), summary(f))
		return err
	case f.Name == "reset":
		fmt.Fprintln(p.stderr, "aoki: the server no longer has our place in the log; going on from its newest event")
	}
	return nil
}

// summary is the part of an event that a person wants to read.
func summary(f realtime.Frame) string {
	var m struct {
		Deck         struct{ Name string }
		Note         struct{ Fields map[string]string }
		Notification struct{ Title, Body string }
	}
	_ = json.Unmarshal(f.Message, &m) // another shape is printed as it came
	var parts []string
	for _, part := range []string{m.Deck.Name, m.Note.Fields["Front"], m.Note.Fields["Text"], m.Notification.Title, m.Notification.Body} {
		if part != "" {
			parts = append(parts, plain(part))
		}
	}
	if len(parts) == 0 {
		return plain(string(f.Message))
	}
	return strings.Join(parts, ": ")
}

// plain keeps a text on one line and its control characters away from the
// terminal: whoever writes a card must not be able to move a listener's cursor.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d':
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > 200 {
		return string(runes[:199]) + "…"
	}
	return s
}
