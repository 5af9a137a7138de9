package prove

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startLimit = 20 * time.Second
	// stopLimit is the server's own promise for a SIGTERM.
	stopLimit = 10 * time.Second
)

// server is a real server process, on one port and one data folder for good.
type server struct {
	program string // the binary
	data    string
	address string
	stderr  *os.File // what all its lives said
	lose    float64  // the least share of doorbells that is lost

	mu      sync.Mutex
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the process is gone
	out     <-chan string // what it says on stdout
	started time.Time
}

func newServer(program, folder string) (*server, error) {
	s := &server{program: program, data: filepath.Join(folder, "data")}
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		return nil, err
	}
	var err error
	if s.address, err = freeAddress(); err != nil {
		return nil, err
	}
	s.stderr, err = os.OpenFile(filepath.Join(folder, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	return s, err
}

// freeAddress takes a port below those that outgoing connections are given: one of
// the devices' would sit on the server's port as soon as the server is down.
func freeAddress() (string, error) {
	for port := 20000; port < 32000; port++ {
		address := fmt.Sprintf("127.0.0.1:%d", port+os.Getpid()%700)
		if l, err := net.Listen("tcp", address); err == nil {
			return address, l.Close()
		}
	}
	return "", errors.New("no port is free from 20000 on")
}

func (s *server) url() string { return "http://" + s.address }

// start runs the server and waits until it says where it is. It loses a share of
// its doorbells: what they would have delivered at once is left to the sweep.
func (s *server) start(lose float64) error {
	args := []string{"serve", "--listen", s.address, "--data", s.data, "--log-level", "warn", "--keep-events", "1000000"}
	if lose = max(lose, s.lose); lose > 0 {
		args = append(args, fmt.Sprintf("--test-lose-doorbells=%g", lose))
	}
	cmd := s.command(args...)
	cmd.Stderr = s.stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	out, ended := make(chan string, 64), make(chan struct{})
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			select {
			case out <- lines.Text():
			default: // nobody listens any more
			}
		}
		_, _ = io.Copy(io.Discard, stdout)
		_ = cmd.Wait()
		close(ended)
	}()
	s.mu.Lock()
	s.cmd, s.ended, s.out, s.started = cmd, ended, out, time.Now()
	s.mu.Unlock()
	late := time.NewTimer(startLimit)
	defer late.Stop()
	for {
		select {
		case line := <-out:
			if strings.HasPrefix(line, "Aoki is at ") {
				return nil
			}
		case <-ended:
			return fmt.Errorf("the server ended at its start: %s (see %s)", cmd.ProcessState, s.stderr.Name())
		case <-late.C:
			return fmt.Errorf("the server was not up after %s", startLimit)
		}
	}
}

// command is this program, with nothing of our own settings.
func (s *server) command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.program, args...)
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "AOKI_") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	cmd.SysProcAttr = child()
	return cmd
}

var setupLink = regexp.MustCompile(`/setup#token=([A-Z0-9]+)`)

// setupToken is the one-time word that the first start prints.
func (s *server) setupToken() (string, error) {
	late := time.NewTimer(startLimit)
	defer late.Stop()
	for {
		select {
		case line := <-s.out:
			if found := setupLink.FindStringSubmatch(line); found != nil {
				return found[1], nil
			}
		case <-late.C:
			return "", errors.New("the first start printed no setup link")
		}
	}
}

func (s *server) signal(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		_ = s.cmd.Process.Signal(sig)
	}
}

// kill ends the server as a power cut would, as far as a process can see.
func (s *server) kill() {
	s.signal(syscall.SIGKILL)
	<-s.ended
}

// term asks the server to stop. An error is a promise broken: it took too long, or
// did not end well.
func (s *server) term() (time.Duration, error) {
	begun := time.Now()
	s.signal(syscall.SIGTERM)
	late := time.NewTimer(stopLimit)
	defer late.Stop()
	select {
	case <-s.ended:
	case <-late.C:
		s.kill()
		return time.Since(begun), fmt.Errorf("the server had not stopped %s after SIGTERM", stopLimit)
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		return time.Since(begun), fmt.Errorf("the server's exit code after SIGTERM was %d", code)
	}
	return time.Since(begun), nil
}

// run runs one of the program's other commands on the data folder.
func (s *server) run(args ...string) error {
	out, err := s.command(append(args, "--data", s.data)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("aoki %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}

func (s *server) close() {
	s.signal(syscall.SIGCONT)
	if s.ended != nil {
		s.kill()
	}
	_ = s.stderr.Close()
}
