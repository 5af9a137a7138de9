package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

const startLimit = 30 * time.Second

// process is a server that we started.
type process struct {
	name  string
	cmd   *exec.Cmd
	lines chan string   // what it says on stdout
	ended chan struct{} // closed when it is gone

	mu   sync.Mutex
	last string // line on stderr
}

// launch starts the program with the arguments. It ends with us, however we end.
func launch(name, program string, env []string, args ...string) (*process, error) {
	p := &process{name: name, cmd: exec.Command(program, args...), lines: make(chan string, 16), ended: make(chan struct{})}
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "AOKI_") {
			p.cmd.Env = append(p.cmd.Env, entry)
		}
	}
	p.cmd.Env = append(p.cmd.Env, env...)
	// An interrupt from the keyboard is for us, who stop our servers ourselves.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s can't be started: %w", name, err)
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		each(stdout, func(line string) {
			select {
			case p.lines <- line:
			default: // nobody listens any more
			}
		})
	})
	reading.Go(func() {
		each(stderr, func(line string) {
			p.mu.Lock()
			p.last = line
			p.mu.Unlock()
		})
	})
	go func() {
		reading.Wait()
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

func each(r io.Reader, fn func(line string)) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			fn(line)
		}
	}
	_, _ = io.Copy(io.Discard, r)
}

// says waits for the line on stdout that begins with head, and gives the rest of it.
func (p *process) says(ctx context.Context, head string) (string, error) {
	late := time.NewTimer(startLimit)
	defer late.Stop()
	for {
		select {
		case line := <-p.lines:
			if rest, ok := strings.CutPrefix(line, head); ok {
				return rest, nil
			}
		case <-p.ended:
			return "", fmt.Errorf("%s did not start: %s", p.name, p.reason())
		case <-late.C:
			return "", fmt.Errorf("%s was not up after %v", p.name, startLimit)
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
}

// reason is why it ended, as far as it said so.
func (p *process) reason() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last != "" {
		return strings.TrimPrefix(p.last, "aoki: ")
	}
	return p.cmd.ProcessState.String()
}

// guard gives a context that ends when the process does.
func (p *process) guard(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-p.ended:
			cancel(fmt.Errorf("%s ended in the middle: %s (%s)", p.name, p.reason(), p.cmd.ProcessState))
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// stop ends it at once: what it stored is thrown away.
func (p *process) stop() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// ask sends a signal that the server answers with a file (see [Attend]), and waits
// for it.
func (p *process) ask(ctx context.Context, sig syscall.Signal, file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := p.cmd.Process.Signal(sig); err != nil {
		return err
	}
	for end := time.Now().Add(startLimit); ; {
		if _, err := os.Stat(file); err == nil {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s did not answer a signal", p.name)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
