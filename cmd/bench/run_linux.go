package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

const (
	// atOnce is how many handshakes are under way at a time.
	atOnce = 512
	// settling is how long a server is left alone after a storm of handshakes: their
	// garbage and their tickers are not what the next stage measures.
	settling     = 500 * time.Millisecond
	connectLimit = 2 * time.Minute
	roundLimit   = 30 * time.Second
)

// trial is one server with its sockets, in one round.
type trial struct {
	o       *Options
	scene   scene
	users   int
	target  *target
	crowd   *crowd
	base    float64 // KiB of memory before the sockets came
	held    memory  // in use by then
	stormed figures // of the connecting
}

// Run measures and reports. Whatever ends it, the servers that it started are gone
// when it returns.
func Run(ctx context.Context, o Options) (*Report, error) {
	scenes, most := o.scenes()
	if len(scenes) == 0 {
		return nil, fmt.Errorf("none of these stages can be run on a server that all sockets share one user of")
	}
	if err := raiseFiles(most); err != nil {
		return nil, err
	}
	if o.URL != "" {
		var err error
		if o.User, err = probe(ctx, o.URL, o.Bearer); err != nil {
			return nil, err
		}
	}
	if o.Profile != "" {
		if err := os.MkdirAll(o.Profile, 0o700); err != nil {
			return nil, fmt.Errorf("the folder %s can't be made: %w", o.Profile, err)
		}
	}
	// The loop is one thread's: moving it between threads costs as much as a turn.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer o.told()
	report := newReport(&o)
	for round := range o.Rounds {
		for _, s := range scenes {
			for _, kind := range s.kinds {
				if err := o.try(ctx, report, round, s, kind); err != nil {
					return nil, err
				}
			}
		}
	}
	report.finish()
	return report, nil
}

// try runs one scene's stages on one server.
func (o *Options) try(ctx context.Context, report *Report, round int, s scene, kind Kind) (err error) {
	where := fmt.Sprintf("round %d of %d · %s", round+1, o.Rounds, kind)
	o.tell("%s · %d sockets are opened", where, s.sockets)
	folder := filepath.Join(o.Temp, fmt.Sprintf("%s-%d-%s", s.name, round, kind))
	defer os.RemoveAll(folder)
	t := &trial{o: o, scene: s, users: o.users(s)}
	if t.target, err = o.setup(ctx, kind, s, folder); err != nil {
		return err
	}
	defer t.target.stop()
	if t.target.proc != nil {
		guarded, cancel := t.target.proc.guard(ctx)
		defer cancel(nil)
		ctx = guarded
	}
	end, err := t.profile(ctx, round, s.stages[0].storm, "connect")
	if err == nil {
		err = t.connect(ctx)
	}
	if err != nil {
		return t.because(ctx, err)
	}
	defer t.crowd.close()
	for _, stage := range s.stages {
		o.tell("%s · %s", where, stage.name)
		if !stage.storm {
			if end, err = t.profile(ctx, round, true, stage.name); err != nil {
				return t.because(ctx, err)
			}
		}
		t.crowd.forget()
		t.crowd.forgive = stage.loses
		found, err := stage.run(ctx, t)
		if err == nil {
			err = end()
		}
		if err != nil {
			return fmt.Errorf("%s, stage %s: %w", kind, stage.name, t.because(ctx, err))
		}
		report.add(stage.name, kind, found)
	}
	return nil
}

// profile begins a profile of Aoki's server for a stage, if profiles are wanted: in the
// last round.
func (t *trial) profile(ctx context.Context, round int, now bool, stage string) (end func() error, err error) {
	if !now || t.o.Profile == "" || t.target.kind != Aoki || round != t.o.Rounds-1 || t.target.proc == nil {
		return func() error { return nil }, nil
	}
	return t.target.profile(ctx, t.o.Profile, stage)
}

// because prefers the reason why the server ended to what came of it.
func (t *trial) because(ctx context.Context, err error) error {
	if t.target.proc != nil {
		select {
		case <-t.target.proc.ended:
			return fmt.Errorf("%s ended in the middle: %s", t.target.proc.name, t.target.proc.reason())
		case <-time.After(100 * time.Millisecond): // its end may be on its way
		}
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// connect opens the scene's sockets.
func (t *trial) connect(ctx context.Context) error {
	var err error
	if t.crowd, err = newCrowd(t.target, t.scene.sockets); err != nil {
		return err
	}
	t.crowd.held = t.scene.held
	if t.target.proc != nil {
		if t.held, err = t.target.collect(ctx); err != nil {
			return err
		}
		if t.base, err = t.target.rss(); err != nil {
			return err
		}
	}
	t.stormed, err = t.storm(ctx, int64(t.scene.events))
	if err != nil {
		t.crowd.close()
		return err
	}
	return t.crowd.linger(ctx, t.o.pause(settling))
}

// storm opens all sockets at once, each with everything up to since.
func (t *trial) storm(ctx context.Context, since int64) (figures, error) {
	hellos := make([][]byte, t.scene.sockets)
	for i := range hellos {
		var err error
		if hellos[i], err = t.target.hello(t.userOf(i), since); err != nil {
			return nil, err
		}
		t.crowd.clients[i].seq = since
		if t.target.one != "" {
			t.crowd.clients[i].seq = -1
		}
	}
	before, err := t.target.usage()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := t.crowd.connect(ctx, atOnce, func(i int) []byte { return hellos[i] }, connectLimit); err != nil {
		return nil, err
	}
	took := time.Since(begun)
	after, err := t.target.usage()
	if err != nil {
		return nil, err
	}
	n := float64(len(hellos))
	return figures{"rate": n / took.Seconds(), "seconds": took.Seconds(), "cpu": micros(after.since(before).cpu()) / n,
		"p99": t.crowd.shakes.ms(.99)}, nil
}

// userOf is the user whose socket it is, from 1 on.
func (t *trial) userOf(socket int) int { return 1 + socket%t.users }

// everyUser are all users of the scene.
func (t *trial) everyUser() []int {
	users := make([]int, t.users)
	for i := range users {
		users[i] = 1 + i
	}
	return users
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
