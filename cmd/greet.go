package cmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"syscall"
	"time"

	"aoki/models"
)

// greet tells where the app is and, while there is no user, how to become the
// first. The setup token is behind a #, which browsers keep to themselves: it
// reaches no proxy's log.
func (p *program) greet(ctx context.Context, c *Config, accounts *models.Accounts, addr net.Addr, told string) error {
	at := or(c.publicURL(), reachable(addr))
	if err := p.say("Aoki is at %s\n%s", at, told); err != nil {
		return err
	}
	token, err := accounts.PrepareSetup(ctx)
	if err != nil {
		return err
	}
	if token != "" {
		if err := p.say("There is no user yet. Make the first one, an admin, at\n  %s/setup#token=%s\nThe link serves once, until the server is started again.\n", at, token); err != nil {
			return err
		}
	}
	if p.listening != nil {
		p.listening("http://" + addr.String())
	}
	return nil
}

// reachable writes an address so that a browser on this machine can open it.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "http://" + addr.String()
	}
	if ip := net.ParseIP(host); ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// busy says of a listening error what a person can do about it.
func busy(err error) error {
	var call *os.SyscallError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return errors.New("the port is taken by another program; choose another one with --listen")
	case errors.As(err, &call):
		return call.Err
	}
	return err
}

// keepHouseEvery is how often what is over its time is removed.
const keepHouseEvery = time.Hour

// housekeep does by the clock what no request does: at the start, and then every
// hour, it removes Idempotency-Keys, events and files that are over their time, and what
// is left of deleted decks.
func housekeep(ctx context.Context, db *models.DB, keep models.Retention, log *slog.Logger) {
	ticker := time.NewTicker(keepHouseEvery)
	defer ticker.Stop()
	for {
		if err := db.PurgeKeys(ctx); err != nil && ctx.Err() == nil {
			log.Warn("old idempotency keys can't be removed", "err", fmt.Sprint(err))
		}
		if err := db.Trim(ctx, keep); err != nil && ctx.Err() == nil {
			log.Warn("old events can't be removed", "err", fmt.Sprint(err))
		}
		if err := db.SweepDecks(ctx); err != nil && ctx.Err() == nil {
			log.Warn("what is left of deleted decks can't be removed", "err", fmt.Sprint(err))
		}
		if err := db.SweepMedia(ctx); err != nil && ctx.Err() == nil {
			log.Warn("files that no card shows can't be removed", "err", fmt.Sprint(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
