package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"aoki/cmd/bench"
	"aoki/controllers"
	"aoki/frontend"
	"aoki/models"
	"aoki/realtime"
	"aoki/routes"
)

// Limits of the HTTP server. Polls and streams take theirs off, and a socket is
// no longer the server's.
const (
	headerTimeout  = 10 * time.Second
	readTimeout    = time.Minute     // for a whole request
	writeTimeout   = 2 * time.Minute // for a whole answer
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 64 << 10
)

type serveCmd struct {
	Config
	Demo bool `name:"demo" help:"Serve a throw-away database with two users and a shared deck, for a first look; it is gone when the server stops."`
	// TestLoseDoorbells is the share of the rings between the store and the sockets
	// that are lost, for proving that the sweep delivers all the same.
	TestLoseDoorbells float64 `name:"test-lose-doorbells" hidden:""`
	// TestAttend is a folder where signals are answered, for measuring: what memory is
	// in use, and profiles.
	TestAttend string `name:"test-attend" hidden:""`
	// ClockOffset is how far the server's clock is ahead of the machine's, for tests from
	// outside: what is due in ten minutes is due now.
	ClockOffset time.Duration `name:"clock-offset" hidden:""`
}

func (c *serveCmd) Run(ctx context.Context, p *program) error {
	if err := p.checked(&c.Config); err != nil {
		return err
	}
	// Signals stay caught to the end: supervisors may send one twice, and stopping
	// is bounded in time anyway.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	p = p.ahead(c.ClockOffset)
	// Who reads our log may be gone before us, and a file may not grow for ever: both
	// are errors of a write, and no reason to die on the spot.
	signal.Ignore(syscall.SIGPIPE, syscall.SIGXFSZ)
	if c.Demo {
		folder, err := os.MkdirTemp("", "aoki-demo-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		c.Data = folder
	}
	return p.untilStopped(ctx, logger(p.stderr, c.LogFormat, c.level()), func(log *slog.Logger) error { return p.serve(ctx, c, log) })
}

// serve wires the program, top to bottom, serves until ctx ends, and closes
// everything in reverse.
func (p *program) serve(ctx context.Context, o *serveCmd, log *slog.Logger) (err error) {
	c := &o.Config
	stop := newStop(ctx)
	defer stop.end()
	for _, name := range p.unknownSettings() {
		log.Warn("this variable is no setting of aoki: is it misspelt?", "name", name)
	}

	if o.TestAttend != "" {
		stopAttending, err := bench.Attend(o.TestAttend)
		if err != nil {
			return err
		}
		defer stopAttending()
	}

	// The data folder is ours alone before anything in it is touched.
	if err := c.prepare(); err != nil {
		return err
	}
	unlock, err := c.lock()
	if err != nil {
		return err
	}
	defer unlock()
	keys, err := c.secrets()
	if err != nil {
		return err
	}

	// The store, the wire, and the bell between them.
	db, err := models.Open(models.Options{Path: c.database(), Now: p.now, Logger: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Shutdown(stop.within(storeTime))) }()
	api := &controllers.API{
		DB: db, Now: p.now, Log: log, Open: c.Registration == "open", MediaPerUser: int64(number(c.MediaPerUser)) << 20,
		Site:     controllers.Site{Origin: c.publicURL(), Allowed: c.origins(), Proxies: c.proxies()},
		Attempts: controllers.NewAttempts(p.now, number(c.PasswordsPerMinute)), Handshakes: controllers.NewHandshakes(p.now, number(c.SocketsPerMinute)),
	}
	hub := realtime.New(realtime.Options{
		Log: userLog{db}, Logger: log, Now: p.now, MaxSockets: number(c.SocketsPerUser),
		Authenticate: func(ctx context.Context, token string) (realtime.Identity, error) {
			who, err := api.Identify(ctx, token)
			return realtime.Identity{User: realtime.User{ID: who.UserID, Username: who.Username, Role: who.Role}, Session: who.SessionID, Expires: who.Expires}, err
		},
	})
	goodbye := sync.OnceFunc(func() { hub.Shutdown(stop.within(drainTime)) })
	defer goodbye()
	db.SetBell(o.bell(hub, log))
	accounts, err := models.NewAccounts(db, models.AccountOptions{Key: keys[0], Sockets: hub})
	if err != nil {
		return err
	}
	tokens, err := controllers.NewTokens(p.now, keys...)
	if err != nil {
		return err
	}
	told := ""
	if o.Demo {
		if told, err = seedDemo(ctx, db, accounts); err != nil {
			return err
		}
	}
	stopping := make(chan struct{})
	api.Hub, api.Accounts, api.Tokens, api.Stopping = hub, accounts, tokens, stopping

	// The API and the web app, as one handler.
	dist, err := fs.Sub(frontend.Dist, "dist")
	if err != nil {
		return err
	}
	handler, err := routes.New(api, dist)
	if err != nil {
		return err
	}

	// Whoever is gone without a word is noticed by our own clocks, and sooner: TCP's would
	// be four system calls for each connection.
	listener, err := (&net.ListenConfig{KeepAlive: -1}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("%s can't be listened on: %w", c.Listen, busy(err))
	}
	server := &http.Server{
		Handler: roomy{handler}, MaxHeaderBytes: maxHeaderBytes,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	// Chores end before the store is closed.
	chores, endChores := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	defer func() {
		endChores()
		running.Wait()
		if err := accounts.StoreSeen(stop.within(choreTime)); err != nil {
			log.Warn("when sessions were last seen could not be stored", "err", err)
		}
	}()
	running.Go(func() { accounts.Run(chores) })
	running.Go(func() { housekeep(chores, db, c.retention(), log) })
	running.Go(func() { ringDue(chores, db, log) })
	if p.env["GOGC"] == "" && os.Getenv("GOGC") == "" { // else it is as whoever set it wants it
		running.Go(func() { keepHeap(chores) })
	}

	if err := p.greet(ctx, c, accounts, listener.Addr(), told); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}

	// Stop: not ready any more, sockets told to come back, requests answered.
	log.Info("stopping")
	close(stopping)
	goodbye()
	if server.Shutdown(stop.within(requestTime)) != nil {
		_ = server.Close() // who is still being answered has had its time
	}
	<-failed
	return nil
}
