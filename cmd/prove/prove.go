package prove

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"
)

// Options say how long and how hard to try. All but Out are required.
type Options struct {
	Program       string        // the binary to be tried
	Length        time.Duration // of the time in which writers write and faults happen
	Seed          uint64        // the same seed gives the same schedule of faults
	Servers       int           // how many, each with its own users and faults
	Rate          int           // changes a second that the writers of one server ask for
	LoseDoorbells float64       // the share of doorbells that each server loses: of 1, the sweep alone delivers
	History       string        // a file for all that was noted; "": only when something was wrong, beside Temp
	Temp          string        // a folder for the servers' data, removed when all was well
	Out           io.Writer     // for progress; nil: none
	Live          bool          // Out is a terminal: one line that changes
}

// ErrViolated is the answer of Run when the promise was broken.
var ErrViolated = errors.New("the promise was broken")

// ErrEarly is the answer of Run when ctx ended before anything was tried.
var ErrEarly = errors.New("stopped before anything was tried")

// Run tries to break the promise. Its error is ErrViolated when it could, and
// another when it could not be tried. When ctx ends, what was done by then counts.
func Run(ctx context.Context, o Options) (*Report, error) {
	worlds := make([]*world, o.Servers)
	defer func() {
		for _, w := range worlds {
			if w != nil {
				w.close()
			}
		}
	}()
	for i := range worlds {
		if err := os.MkdirAll(fmt.Sprintf("%s/w%d", o.Temp, i), 0o700); err != nil {
			return nil, err
		}
		w, err := newWorld(o, i, o.Temp)
		if err != nil {
			return nil, err
		}
		worlds[i] = w
		if err := w.populate(ctx); ctx.Err() != nil {
			return nil, ErrEarly
		} else if err != nil {
			return nil, fmt.Errorf("a server could not be prepared: %w", err)
		}
	}
	begun := time.Now()
	told, stopTelling := context.WithCancel(context.Background())
	var telling sync.WaitGroup
	if o.Out != nil {
		telling.Go(func() { tell(told, ctx, o, worlds, begun) })
	}
	failures := make([]error, len(worlds))
	var running sync.WaitGroup
	for i, w := range worlds {
		running.Go(func() { failures[i] = w.run(ctx, o.Length) })
	}
	running.Wait()
	stopTelling()
	telling.Wait()
	report := newReport(o, worlds, time.Since(begun))
	report.failure = errors.Join(failures...)
	if ctx.Err() != nil && report.Acknowledged == 0 && report.failure == nil {
		return nil, ErrEarly
	}
	if err := report.keep(o, worlds); err != nil {
		return report, err
	}
	if report.failure != nil {
		return report, report.failure
	}
	if len(report.Violations) > 0 {
		return report, ErrViolated
	}
	for _, w := range worlds {
		w.remove()
	}
	return report, nil
}

// tell shows how far things are: on a terminal each second in one line, else a
// line every ten. It ends with ctx; asked is the end of what is shown.
func tell(ctx, asked context.Context, o Options, worlds []*world, begun time.Time) {
	every := 10 * time.Second
	if o.Live {
		every = time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if o.Live {
				fmt.Fprint(o.Out, "\r\x1b[K")
			}
			return
		case <-tick.C:
		}
		line := fmt.Sprintf("%s of %s", clock(time.Since(begun)), clock(o.Length))
		if asked.Err() != nil {
			line += " · asked to stop"
		}
		if asked.Err() != nil || time.Since(begun) > o.Length {
			line += " · waiting for the last devices"
		}
		line += now(worlds)
		if o.Live {
			fmt.Fprintf(o.Out, "\r\x1b[K\x1b[?7l%s\x1b[?7h", line) // a narrow terminal cuts it off: a second row would stay
		} else {
			fmt.Fprintln(o.Out, line)
		}
	}
}

// now is how things are, what matters most first.
func now(worlds []*world) string {
	acked, shown, faults, wrongs, kills, down := 0, 0, 0, 0, 0, 0
	for _, w := range worlds {
		w.mu.Lock()
		acked += w.acked
		for _, n := range w.wrongs {
			wrongs += n
		}
		for _, n := range w.faults {
			faults += n
		}
		kills += w.faults[kill]
		w.mu.Unlock()
		for _, d := range w.devices {
			d.mu.Lock()
			for _, r := range d.records {
				shown += len(r.shown)
			}
			if !d.up && !w.ended.Load() {
				down++
			}
			d.mu.Unlock()
		}
	}
	return fmt.Sprintf(" · %d violations · %d acknowledged · %d faults, of them %d kills · %d devices away · shown %d times", wrongs, acked, faults, kills, down, shown)
}

func clock(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// sorted makes a spread of some delays.
func sorted(list []time.Duration) spread {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}
