package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"aoki/realtime"
)

// asProgram makes the test binary be the program itself: what needs a process of
// its own (signals, locks) is tested without building another one.
const asProgram = "TEST_AS_AOKI"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// buffer is a bytes.Buffer that a server writes while a test reads.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// server is a whole program that serves in this process, on a free port.
type server struct {
	url, data      string
	stdout, stderr *buffer
	stop           func() int // ends it as a signal would, and gives the exit code
}

func serve(t *testing.T, data string, args ...string) *server {
	t.Helper()
	s := &server{data: data, stdout: &buffer{}, stderr: &buffer{}}
	ctx, cancel := context.WithCancel(context.Background())
	urls, codes := make(chan string, 1), make(chan int, 1)
	p := &program{
		stdin: strings.NewReader(""), stdout: s.stdout, stderr: s.stderr,
		env: map[string]string{"AOKI_LISTEN": "127.0.0.1:0", "AOKI_DATA": data},
		now: time.Now, listening: func(url string) { urls <- url },
	}
	go func() { codes <- p.run(ctx, append([]string{"serve"}, args...)) }()
	var once sync.Once
	code := -1
	s.stop = func() int {
		once.Do(func() { cancel(); code = <-codes })
		return code
	}
	t.Cleanup(func() { s.stop() })
	select {
	case s.url = <-urls:
	case code := <-codes:
		codes <- code
		t.Fatalf("the server ended with %d: %s", code, s.stderr)
	}
	return s
}

// as signs somebody in. Their password is their name, twice.
func (s *server) as(t *testing.T, name string) *client {
	t.Helper()
	c := &client{base: s.url, user: name, password: name + name, http: &http.Client{Timeout: 20 * time.Second}}
	t.Cleanup(c.http.CloseIdleConnections)
	if _, err := c.token(t.Context(), false); err != nil {
		t.Fatalf("%s can't sign in: %v", name, err)
	}
	return c
}

// do is a request that must succeed.
func (c *client) do(t *testing.T, method, path string, body, result any) {
	t.Helper()
	if err := c.call(t.Context(), method, path, c.access, "", body, result); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
}

var setupLink = regexp.MustCompile(`/setup#token=([A-Z0-9]+)`)

// setUp makes ann the first admin and ben a user.
func (s *server) setUp(t *testing.T) (ann, ben *client) {
	t.Helper()
	link := setupLink.FindStringSubmatch(s.stdout.String())
	if link == nil {
		t.Fatalf("no setup link in %q", s.stdout)
	}
	nobody := &client{base: s.url, http: &http.Client{Timeout: 20 * time.Second}}
	defer nobody.http.CloseIdleConnections()
	nobody.do(t, http.MethodPost, "/setup", map[string]string{"token": link[1], "username": "annie", "password": "annieannie"}, nil)
	ann = s.as(t, "annie")
	ann.do(t, http.MethodPost, "/admin/users", map[string]string{"username": "benny", "password": "bennybenny"}, nil)
	return ann, s.as(t, "benny")
}

// follow listens to a user's log from its head on; what comes is sent to the channel.
func (c *client) follow(t *testing.T, since *realtime.Position) (frames <-chan realtime.Frame, ended <-chan error) {
	t.Helper()
	out, done, ready := make(chan realtime.Frame, 2000), make(chan error, 1), make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(context.Background())
	connection := realtime.NewClient(realtime.ClientOptions{URL: c.base, Since: since, Token: c.token, Handle: func(f realtime.Frame) error {
		if f.Name == "ready" {
			ready <- struct{}{}
		}
		if f.Seq > 0 {
			out <- f
		}
		return nil
	}})
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		done <- connection.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-finished })
	select {
	case <-ready:
	case err := <-done:
		t.Fatalf("%s can't follow: %v", c.user, err)
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: no ready", c.user)
	}
	return out, done
}

func next(t *testing.T, frames <-chan realtime.Frame) realtime.Frame {
	t.Helper()
	select {
	case f := <-frames:
		return f
	case <-time.After(20 * time.Second):
		t.Fatal("no event came")
		return realtime.Frame{}
	}
}

// TestNothingIsLeftRunning is not parallel: other tests' goroutines would be seen.
func TestNothingIsLeftRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	s := serve(t, t.TempDir())
	ann, ben := s.setUp(t)
	ctx, cancel := context.WithCancel(t.Context())
	ready := make(chan struct{})
	connection := realtime.NewClient(realtime.ClientOptions{URL: s.url, Token: ann.token, Ack: true, Handle: func(f realtime.Frame) error {
		if f.Name == "ready" {
			close(ready)
		}
		return nil
	}})
	ended := make(chan error, 1)
	go func() { ended <- connection.Run(ctx) }()
	<-ready
	if code := s.stop(); code != exitOK {
		t.Errorf("exit code %d: %s", code, s.stderr)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	ann.http.CloseIdleConnections()
	ben.http.CloseIdleConnections()
	// GORM's cache of prepared statements has a goroutine that nothing can end.
	goleak.VerifyNone(t, before, goleak.IgnoreTopFunction("gorm.io/gorm/internal/lru.NewLRU[...].func1"))
}

func TestSecondServerOnTheSameFolder(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	serve(t, data)
	run(t, t.Context(), nil, "", "serve", "--listen", "127.0.0.1:0", "--data", data).oneSentence(t, exitFailed, "another aoki server", data)
}

func TestWhatTheWorldRefuses(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("not a database, and not a folder, but long enough to be looked at"), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := t.TempDir()
	serve(t, newer).stop()
	makeNewer(t, filepath.Join(newer, "aoki.db"))
	broken := t.TempDir()
	if err := os.Rename(file, filepath.Join(broken, "aoki.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		want []string
	}{
		"a busy port":          {[]string{"--listen", taken.Addr().String(), "--data", t.TempDir()}, []string{taken.Addr().String(), "taken", "--listen"}},
		"an address of others": {[]string{"--listen", "192.0.2.1:0", "--data", t.TempDir()}, []string{"192.0.2.1:0"}},
		"a file as folder":     {[]string{"--data", file}, []string{file}},
		"a folder in a file":   {[]string{"--data", filepath.Join(file, "data")}, []string{file}},
		"a newer database":     {[]string{"--data", newer}, []string{"newer Aoki"}},
		"no database at all":   {[]string{"--data", broken}, []string{"database"}},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, t.Context(), nil, "", append([]string{"serve", "--listen", "127.0.0.1:0"}, test.args...)...).oneSentence(t, exitFailed, test.want...)
		})
	}
}

func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	serve(t, data).stop()
	if err := os.Chmod(data, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(data, 0o700) })
	for _, name := range []string{"aoki.db", "aoki.lock"} {
		if err := os.Chmod(filepath.Join(data, name), 0o400); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(os.Args[0], "serve", "--listen", "127.0.0.1:0", "--data", data)
	if os.Getuid() == 0 { // whom modes don't stop: somebody else runs a copy of the program
		c.Path = filepath.Join(filepath.Dir(data), "program")
		copyFile(t, os.Args[0], c.Path)
		for _, path := range []string{filepath.Dir(data), data} {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Skip("this root may not give files away")
			}
		}
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	var stderr bytes.Buffer
	c.Env, c.Stderr, c.Dir = []string{asProgram + "=1"}, &stderr, "/"
	if err := c.Run(); errors.Is(err, fs.ErrPermission) {
		t.Skip("the folder for temporary files is closed to others")
	}
	result{c.ProcessState.ExitCode(), "", stderr.String()}.oneSentence(t, exitFailed, data, "permission denied")
}

const nobody = 65534

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestTerm ends the program as an init system would.
func TestTerm(t *testing.T) {
	t.Parallel()
	s := spawn(t, t.TempDir())
	ann, _ := s.setUp(t)
	_, ended := ann.follow(t, nil)
	// On a connection of its own: an idle one may be closed with the request on its way.
	own := &http.Transport{}
	defer own.CloseIdleConnections()
	poller := &client{base: s.url, http: &http.Client{Transport: own}}
	poll, written := make(chan error, 1), make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(written) }})
	go func() {
		poll <- poller.call(ctx, http.MethodGet, "/events?since=0&wait=30", ann.access, "", nil, &json.RawMessage{})
	}()

	// Connections are accepted in turn: when this one is answered, the poll's is with the server.
	<-written
	ann.do(t, http.MethodGet, "/livez", nil, nil)

	s.terminate(t, 2) // a terminal's signal comes from the terminal and from make
	if err := <-poll; err != nil {
		t.Errorf("the poll under way was cut off: %v", err)
	}
	select {
	case err := <-ended:
		t.Errorf("the client gave up: %v", err)
	default: // it waits to come back
	}
}
