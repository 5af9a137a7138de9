package cmd

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"aoki/cmd/bench"
	"aoki/controllers"
	"aoki/models"
)

type benchCmd struct {
	Stages  []string `name:"stages" placeholder:"NAME,…" help:"Which of them: connect, idle, paced, saturated, broadcast, burst, wide, everyone, resume, slow. Without it: all."`
	Rounds  int      `name:"rounds" default:"3" placeholder:"N" help:"How often each server has its turn; figures are medians."`
	Scale   float64  `name:"scale" default:"1" placeholder:"SHARE" help:"Share of the sockets and repetitions: 0.1 for a quick look. The goals are for 1."`
	JSON    string   `name:"json" placeholder:"FILE" help:"Write the report as JSON too."`
	Compare string   `name:"compare" placeholder:"FILE" help:"Compare with an older report."`
	Pprof   string   `name:"pprof" placeholder:"FOLDER" help:"Write a CPU and a heap profile of the server for each stage, in the last round."`
	Listen  string   `name:"listen" default:"127.0.0.1:0" placeholder:"ADDRESS" help:"Where the server that is measured listens; port 0 takes a free one."`
	URL     string   `name:"url" placeholder:"URL" help:"Measure a server that runs already, as the admin whose access token is in AOKI_TOKEN; all sockets are theirs, so it needs a high --sockets-per-user. Without it: a server is started for each stage."`
	Own     bool     `name:"i-own-this-host" help:"Allow a URL that is not of this machine."`
}

// Help is shown under `aoki bench --help`.
func (c *benchCmd) Help() string {
	return "Opens thousands of sockets on a server of this binary and measures it, in turns with two baselines that it starts too: " +
		"floor is write(2) on bare descriptors, which nothing can be faster than, and chat is a simple hub. " +
		"Figures differ from machine to machine and with what else runs there; the ratios of one run are what counts. Needs Linux."
}

func (c *benchCmd) Run(ctx context.Context, p *program) error {
	if err := c.check(p); err != nil {
		return err
	}
	var old *bench.Report
	if c.Compare != "" {
		var err error
		if old, err = bench.Read(c.Compare); err != nil {
			return usagef("--compare can't be read: %w", err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "aoki-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	key := make([]byte, minSecret)
	_, _ = rand.Read(key)
	secret := hex.EncodeToString(key)
	tokens, err := controllers.NewTokens(p.now, []byte(secret))
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	report, err := bench.Run(ctx, bench.Options{
		Program: self, Version: version, Stages: c.Stages, Rounds: c.Rounds, Scale: c.Scale, Listen: c.Listen, Secret: secret, Profile: c.Pprof,
		Temp: temp, URL: c.URL, Bearer: p.env["AOKI_TOKEN"], Populate: p.populate, Out: p.stderr, Live: p.terminal(),
		Token: func(user int) (string, error) {
			token, _, err := tokens.Issue(int64(user), int64(user))
			return token, err
		},
	})
	if errors.Is(err, context.Canceled) {
		return errors.New("the measuring was stopped")
	}
	if err != nil {
		return err
	}
	if c.JSON != "" {
		if err := report.Write(c.JSON); err != nil {
			return fmt.Errorf("the report can't be written: %w", err)
		}
	}
	return report.Print(p.stdout, old)
}

func (c *benchCmd) check(p *program) error {
	if err := bench.CheckStages(c.Stages); err != nil {
		return usagef("--stages has %w", err)
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err == nil {
		err = checkAddress(c.Listen)
	}
	if err == nil {
		err = bench.CheckListen(host)
	}
	switch {
	case err != nil:
		return usagef("--listen is %q: %w", c.Listen, err)
	case c.Rounds < 1 || c.Rounds > 100:
		return usagef("--rounds is %d: it must be from 1 to 100", c.Rounds)
	case !(c.Scale > 0 && c.Scale <= 100):
		return usagef("--scale is %v: it must be more than 0 and at most 100", c.Scale)
	case c.URL != "" && p.env["AOKI_TOKEN"] == "":
		return usagef("who measures? Give an admin's access token in AOKI_TOKEN")
	case c.URL != "":
		if err := bench.CheckURL(c.URL, c.Own); err != nil {
			return usagef("--url: %w", err)
		}
	}
	return nil
}

// populate makes a store with users u1, u2, …, without going through passwords: that
// would take longer than all that is measured.
func (p *program) populate(ctx context.Context, folder string, users, events int) error {
	f := Folder{Data: folder}
	if err := f.prepare(); err != nil {
		return err
	}
	db, err := models.Open(models.Options{Path: f.database(), Now: p.now})
	if err != nil {
		return err
	}
	now := db.Now()
	err = db.Write(ctx, func(tx *models.Tx) error {
		for _, step := range []struct {
			sql  string
			args []any
		}{
			{`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
				INSERT INTO users (id, username, username_key, password_hash, role, created_at)
				SELECT i, 'u' || i, 'u' || i, '!', CASE i WHEN 1 THEN 'admin' ELSE 'user' END, ? FROM n`, []any{users, now}},
			{`INSERT INTO logs (user_id, head) SELECT id, ? FROM users ORDER BY id`, []any{events}},
			{`INSERT INTO sessions (id, user_id, rotated_at, created_at, last_seen_at, expires_at) SELECT id, id, ?, ?, ?, ? FROM users ORDER BY id`,
				[]any{now, now, now, now.Add(24 * time.Hour)}},
			// In turns, as logs grow.
			{`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
				INSERT INTO events (user_id, seq, name, payload, created_at)
				SELECT u.id, n.i, 'card.created', ?, ? + n.i FROM n, users u WHERE ? > 0`, []any{events, bench.Event(now), now.UnixMicro(), events}},
		} {
			if err := tx.Exec(step.sql, step.args...).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, db.Close())
}

// baselineCmd is what the server is compared with, as a process of its own.
type baselineCmd struct {
	Which  string `arg:"" enum:"floor,chat"`
	Attend string `name:"attend"`
}

func (c *baselineCmd) Run(ctx context.Context, p *program) error {
	secret := p.env["AOKI_SECRET"]
	tokens, err := controllers.NewTokens(p.now, []byte(secret))
	if err != nil {
		return err
	}
	if c.Attend != "" {
		stop, err := bench.Attend(filepath.Clean(c.Attend))
		if err != nil {
			return err
		}
		defer stop()
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	return bench.ServeBaseline(ctx, strings.TrimSpace(c.Which), func(token string) (int64, error) {
		claims, err := tokens.Verify(token)
		return claims.UserID, err
	}, p.stdout)
}
