package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Kind is what is measured.
type Kind string

// The server and its baselines, in the order in which they take turns.
const (
	Floor Kind = "floor"
	Chat  Kind = "chat"
	Aoki  Kind = "aoki"
)

// Options say what to measure. All are required but those that say otherwise.
type Options struct {
	Program string   // the binary that is all the servers
	Version string   // of it, for the report
	Stages  []string // names out of [Stages]; none: all
	Rounds  int
	Scale   float64 // of the numbers of sockets and repetitions; 1 is what the goals are for
	Listen  string  // where Aoki's server listens; its port may be 0
	Secret  string  // that signs its tokens
	Profile string  // a folder for CPU and heap profiles of it; "": none
	Temp    string  // a folder for data, which the caller removes

	// URL is a server that runs already; "": one is started for each stage. Bearer and
	// User are then who all the sockets belong to, and an admin.
	URL, Bearer, User string

	// Populate makes a store with users u1, u2, … of whom the first is an admin, each
	// with a session that has the user's number, and so many events in their logs.
	Populate func(ctx context.Context, folder string, users, events int) error
	// Token signs a user in.
	Token func(user int) (string, error)

	Out  io.Writer // for progress; nil: none
	Live bool      // Out is a terminal: one line that changes
}

// ErrStage is a stage's name that there is none of.
var ErrStage = errors.New("there is no such stage")

// CheckStages finds a name that is no stage's.
func CheckStages(names []string) error {
	for _, name := range names {
		if !slices.Contains(Stages(), name) {
			return fmt.Errorf("%q: %w (there are %s)", name, ErrStage, strings.Join(Stages(), ", "))
		}
	}
	return nil
}

// CheckURL says whether url is one of a server that may be measured: of this machine,
// unless the host is the caller's own.
func CheckURL(text string, own bool) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return fmt.Errorf("%q is no address like http://127.0.0.1:8080 (TLS is not measured: it ends in front of Aoki)", text)
	}
	return checkHost(u.Hostname(), own)
}

// CheckListen says whether a server may be started on the address, to be measured.
func CheckListen(host string) error { return checkHost(host, false) }

func checkHost(host string, own bool) error {
	if host == "localhost" {
		return nil
	}
	ip, err := netip.ParseAddr(host)
	if err != nil && !own {
		return fmt.Errorf("%q is not this machine: thousands of sockets are opened on it, so say --i-own-this-host if it is yours", host)
	}
	if err == nil && !ip.IsLoopback() && !own {
		return fmt.Errorf("%s is no loopback address: thousands of sockets are opened on it, so say --i-own-this-host if it is yours", host)
	}
	return nil
}

// tell shows what is done at the moment.
func (o *Options) tell(format string, args ...any) {
	if o.Out == nil {
		return
	}
	line := fmt.Sprintf(format, args...)
	if o.Live {
		fmt.Fprintf(o.Out, "\r\x1b[K%s", line)
	} else {
		fmt.Fprintln(o.Out, line)
	}
}

// told takes the line away.
func (o *Options) told() {
	if o.Out != nil && o.Live {
		fmt.Fprint(o.Out, "\r\x1b[K")
	}
}

// scaled is a share of n, at least least.
func (o *Options) scaled(n, least int) int { return max(int(float64(n)*o.Scale), min(n, least)) }

// pause is a wait of a full run, shorter in a quick look.
func (o *Options) pause(d time.Duration) time.Duration {
	return time.Duration(float64(d) * min(1, max(o.Scale, .1)))
}

// Stages are the names of all stages, in the order in which they are run.
func Stages() []string {
	return []string{"connect", "idle", "paced", "saturated", "broadcast", "burst", "wide", "everyone", "resume", "slow"}
}

// wanted tells whether a stage was asked for.
func (o *Options) wanted(stage string) bool {
	return len(o.Stages) == 0 || slices.Contains(o.Stages, stage)
}
