package cmd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"aoki/cmd/prove"
)

type proveCmd struct {
	Minutes   float64 `name:"minutes" default:"1" placeholder:"N" help:"How long to write and to break things."`
	Seed      *uint64 `name:"seed" placeholder:"N" help:"Which faults, and when: the same seed gives the same schedule. Without it: a new one each time."`
	Servers   int     `name:"servers" default:"4" placeholder:"N" help:"How many servers to try side by side, each with its own users and faults."`
	Rate      int     `name:"rate" default:"20" placeholder:"N" help:"Changes a second on each server."`
	Doorbells float64 `name:"lose-doorbells" placeholder:"SHARE" help:"Share of the doorbells that each server loses, all the time; 1: the sweep alone delivers."`
	History   string  `name:"history" placeholder:"FILE" help:"Write all that was noted to a file. Without it: only when the promise was broken."`
}

// Help is shown under `aoki prove --help`.
func (c *proveCmd) Help() string {
	return "Starts servers of its own with users, writers and devices, breaks what can break (kill -9, SIGTERM, SIGSTOP, dropped and half-open connections, " +
		"an older database brought back, lost doorbells), and holds what every device showed against what was acknowledged. The exit code is 1 when anything was lost, duplicated, reordered or came from nowhere."
}

func (c *proveCmd) Run(ctx context.Context, p *program) error {
	switch {
	case !(c.Minutes > 0 && c.Minutes <= 60*24*7):
		return usagef("--minutes is %v: it must be more than 0 and at most a week", c.Minutes)
	case c.Servers < 1 || c.Servers > 20:
		return usagef("--servers is %d: it must be from 1 to 20", c.Servers)
	case c.Rate < 1 || c.Rate > 10_000:
		return usagef("--rate is %d: it must be from 1 to 10000", c.Rate)
	case !(c.Doorbells >= 0 && c.Doorbells <= 1):
		return usagef("--lose-doorbells is %v: it must be from 0 to 1", c.Doorbells)
	}
	if c.History != "" { // better now than after the trial
		file, err := os.OpenFile(c.History, os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("the history %s can't be written: %w", c.History, cause(err))
		}
		_ = file.Close()
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "aoki-prove-*")
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	seed := rand.Uint64N(1_000_000)
	if c.Seed != nil {
		seed = *c.Seed
	}
	report, err := prove.Run(ctx, prove.Options{
		Program: self, Length: time.Duration(c.Minutes * float64(time.Minute)), Seed: seed, Servers: c.Servers, Rate: c.Rate,
		LoseDoorbells: c.Doorbells, History: c.History, Temp: temp, Out: p.stderr, Live: p.terminal(),
	})
	if report != nil {
		report.Print(p.stdout)
	}
	if err == nil || errors.Is(err, prove.ErrEarly) || errors.Is(err, prove.ErrViolated) && c.History != "" {
		_ = os.RemoveAll(temp)
	}
	return err
}

// terminal reports whether a person is watching.
func (p *program) terminal() bool {
	file, ok := p.stderr.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && p.env["TERM"] != "dumb"
}
