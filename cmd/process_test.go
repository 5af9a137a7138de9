package cmd

import (
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"syscall"
	"testing"
	"time"
)

// process is the program as a process of its own.
type process struct {
	server
	command *exec.Cmd
	exited  chan error
}

// spawn starts the program's server on a free port and waits until it serves.
func spawn(t *testing.T, data string, args ...string) *process {
	t.Helper()
	p := newProcess(t, nil, data, args...)
	p.start(t)
	return p
}

// newProcess is a server that is not started yet; wrapper, such as strace, starts it.
func newProcess(t *testing.T, wrapper []string, data string, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	line := slices.Concat(wrapper, []string{self, "serve", "--listen", "127.0.0.1:0", "--data", data}, args)
	p := &process{command: exec.Command(line[0], line[1:]...), exited: make(chan error, 1)}
	p.data, p.stdout, p.stderr = data, &buffer{}, &buffer{}
	// The race detector would sleep for a second before it lets a program end.
	p.command.Env = []string{asProgram + "=1", "PATH=" + os.Getenv("PATH"), "GORACE=atexit_sleep_ms=0"}
	p.command.Stdout, p.command.Stderr = p.stdout, p.stderr
	return p
}

var servesAt = regexp.MustCompile(`Aoki is at (http://\S+)`)

// begin starts the process.
func (p *process) begin(t *testing.T) {
	t.Helper()
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.exited <- p.command.Wait() }()
	t.Cleanup(func() { _ = p.command.Process.Kill() })
}

// start starts the process and waits until it serves.
func (p *process) start(t *testing.T) {
	t.Helper()
	p.begin(t)
	eventually(t, "it serves", func() bool {
		select {
		case err := <-p.exited:
			t.Fatalf("it ended with %v: %s%s", err, p.stdout, p.stderr)
		default:
		}
		// Served is more than listened: another process, nothing to wait on but its output.
		at := servesAt.FindStringSubmatch(p.stdout.String())
		if at == nil {
			return false
		}
		p.url = at[1]
		nobody := &client{base: p.url, http: &http.Client{Timeout: 20 * time.Second}}
		defer nobody.http.CloseIdleConnections()
		return nobody.call(t.Context(), "GET", "/readyz", "", "", nil, nil) == nil
	})
}

// setUp makes ann the first admin and ben a user.
func (p *process) setUp(t *testing.T) (ann, ben *client) {
	t.Helper()
	eventually(t, "there is a link", func() bool { return setupLink.MatchString(p.stdout.String()) })
	return p.server.setUp(t)
}

// eventually looks again and again, for what happens in another process.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came that " + what)
		}
	}
}

// stopsWithin is the promise of how long a server takes to stop, whatever happens.
const stopsWithin = 10 * time.Second

// terminate asks the server to stop, so many times, and holds it to its promise.
func (p *process) terminate(t *testing.T, signals int) {
	t.Helper()
	began := time.Now()
	for range signals {
		if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	p.endsWell(t, began)
}

func (p *process) endsWell(t *testing.T, began time.Time) {
	t.Helper()
	select {
	case err := <-p.exited:
		took := time.Since(began)
		if err != nil {
			t.Errorf("it ended with %v: %s", err, p.stderr)
		}
		if took > stopsWithin {
			t.Errorf("it took %v to stop: %s", took, p.stderr)
		}
		t.Logf("stopped in %v", took)
	case <-time.After(2 * stopsWithin):
		t.Fatalf("it does not stop: %s", p.stderr)
	}
}

// kill ends the server as a power cut would.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.exited
}
