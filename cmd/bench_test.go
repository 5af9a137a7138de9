//go:build linux

package cmd

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"aoki/cmd/bench"
)

// bencher runs `aoki bench` in this process; the servers that it starts are this
// test's binary.
func bencher(t *testing.T, ctx context.Context, env map[string]string, args ...string) result {
	t.Helper()
	t.Setenv(asProgram, "1")
	t.Setenv("TMPDIR", t.TempDir())
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, env: env, now: time.Now}
	code := p.run(ctx, append([]string{"bench"}, args...))
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	return result{code, out.String(), errs.String()}
}

func (r result) lastSentence(t *testing.T, code int, parts ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(r.stderr), "\n")
	r.stderr = lines[len(lines)-1] + "\n"
	r.oneSentence(t, code, parts...)
	if r.stdout != "" {
		t.Errorf("a table all the same:\n%s", r.stdout)
	}
}

// All stages, small: figures are noise here, but everything arrives.
func TestBenchMeasuresEveryStage(t *testing.T) {
	dir := t.TempDir()
	report, profiles := filepath.Join(dir, "report.json"), filepath.Join(dir, "profiles")
	r := bencher(t, t.Context(), nil, "--scale", "0.01", "--rounds", "1", "--json", report, "--pprof", profiles)
	if r.code != exitOK {
		t.Fatalf("exit code %d\n%s\n%s", r.code, r.stdout, r.stderr)
	}
	got, err := bench.Read(report)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range got.Rows {
		seen[row.Stage] = true
		mine := row.Median[bench.Aoki]
		if (row.Figure == "lost" || row.Figure == "missing") != (mine == 0) && row.Figure != "user" && row.Figure != "cpu" && row.Figure != "collected" {
			t.Errorf("%s %s: %v", row.Stage, row.Figure, mine)
		}
		for _, kind := range []bench.Kind{bench.Floor, bench.Chat} {
			alone := row.Stage == "everyone" || row.Stage == "resume" || row.Figure == "missing"
			if _, ok := row.Median[kind]; ok == alone {
				t.Errorf("%s %s of %s: %v", row.Stage, row.Figure, kind, row.Median)
			}
		}
	}
	for _, stage := range bench.Stages() {
		if !seen[stage] {
			t.Errorf("nothing of %s", stage)
		}
		for _, kind := range []string{"cpu", "heap"} {
			if text, err := os.ReadFile(filepath.Join(profiles, stage+"."+kind+".pprof")); err != nil || len(text) == 0 {
				t.Errorf("no profile: %v", err)
			}
		}
	}
	again := bencher(t, t.Context(), nil, "--scale", "0.01", "--rounds", "1", "--stages", "slow", "--compare", report)
	if again.code != exitOK || !strings.Contains(again.stdout, "before") || strings.Contains(again.stdout, "connect") {
		t.Errorf("exit code %d\n%s\n%s", again.code, again.stdout, again.stderr)
	}
}

func TestBenchRefusesNonsense(t *testing.T) {
	token := map[string]string{"AOKI_TOKEN": "t"}
	for _, c := range []struct {
		env  map[string]string
		args []string
		want string
	}{
		{nil, []string{"--rounds", "0"}, "--rounds"},
		{nil, []string{"--scale", "0"}, "--scale"},
		{nil, []string{"--scale", "NaN"}, "--scale"},
		{nil, []string{"--scale", "1000"}, "--scale"},
		{nil, []string{"--stages", "connect,sprint"}, "sprint"},
		{nil, []string{"--compare", "/nowhere.json"}, "/nowhere.json"},
		{nil, []string{"--listen", "0.0.0.0:0"}, "loopback"},
		{nil, []string{"--listen", ":0"}, "this machine"},
		{nil, []string{"--listen", "127.0.0.1"}, "--listen"},
		{nil, []string{"--url", "http://127.0.0.1:1"}, "AOKI_TOKEN"},
		{token, []string{"--url", "http://192.0.2.1:8080"}, "--i-own-this-host"},
		{token, []string{"--url", "http://example.org"}, "--i-own-this-host"},
		{token, []string{"--url", "https://127.0.0.1"}, "TLS"},
	} {
		r := bencher(t, t.Context(), c.env, c.args...)
		r.oneSentence(t, exitUsage, c.want)
	}
}

func TestBenchSaysWhatIsWrong(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	token := map[string]string{"AOKI_TOKEN": "t"}

	bencher(t, t.Context(), nil, "--scale", "0.01", "--rounds", "1", "--stages", "everyone", "--listen", taken.Addr().String()).
		lastSentence(t, exitFailed, taken.Addr().String(), "taken")
	bencher(t, t.Context(), nil, "--scale", "100", "--stages", "everyone").lastSentence(t, exitFailed, "open files", "--scale")
	bencher(t, t.Context(), token, "--url", other.URL).lastSentence(t, exitFailed, other.URL, "no Aoki server")
	other.Close()
	bencher(t, t.Context(), token, "--url", other.URL).lastSentence(t, exitFailed, other.URL, "nobody answers")
	bencher(t, t.Context(), token, "--url", other.URL, "--stages", "connect").lastSentence(t, exitFailed, "one user")
}

// A server that dies in the middle is told of, and none is left.
func TestBenchWhoseServerDies(t *testing.T) {
	killed := make(chan int, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		defer close(killed)
		for ctx.Err() == nil {
			if pid := childThatServes(); pid != 0 {
				// It has begun when it has sockets to lose.
				if openFiles(pid) > 60 {
					_ = syscall.Kill(pid, syscall.SIGKILL)
					killed <- pid
					return
				}
			}
			time.Sleep(time.Millisecond)
		}
	}()
	r := bencher(t, ctx, nil, "--scale", "0.05", "--rounds", "1", "--stages", "everyone")
	cancel()
	if pid, ok := <-killed; !ok || pid == 0 {
		t.Fatalf("no server was found to be killed: %s%s", r.stdout, r.stderr)
	}
	r.lastSentence(t, exitFailed, "Aoki's server ended in the middle", "killed")
	if pid := childThatServes(); pid != 0 {
		t.Errorf("process %d is still there", pid)
	}
}

func openFiles(pid int) int {
	files, _ := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/fd")
	return len(files)
}

var parent = regexp.MustCompile(`\) \S (\d+) `)

// childThatServes is a process that this one has started, as `aoki serve`.
func childThatServes() int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, _ := os.ReadFile(path)
		if of := parent.FindSubmatch(text); of == nil || string(of[1]) != strconv.Itoa(os.Getpid()) {
			continue
		}
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if bytes.Contains(line, []byte("\x00--test-attend=")) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			return pid
		}
	}
	return 0
}

// A server that somebody else started is measured with all sockets as one admin's.
func TestBenchOfAServerThatRuns(t *testing.T) {
	p := spawn(t, t.TempDir(), "--sockets-per-user", "1000")
	ann, _ := p.setUp(t)
	bearer, err := ann.token(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	token := map[string]string{"AOKI_TOKEN": bearer}
	r := bencher(t, t.Context(), token, "--url", p.url, "--scale", "0.02", "--rounds", "1", "--stages", "broadcast,burst,slow")
	if r.code != exitOK {
		t.Fatalf("exit code %d\n%s\n%s", r.code, r.stdout, r.stderr)
	}
	if !strings.Contains(r.stdout, "16 pushes to all") || strings.Contains(r.stdout, "≤ 0 ✗") {
		t.Error(r.stdout)
	}

	// With sockets that the server allows nobody, and one that dies.
	few := spawn(t, t.TempDir())
	ann, _ = few.setUp(t)
	if bearer, err = ann.token(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	bencher(t, t.Context(), map[string]string{"AOKI_TOKEN": bearer}, "--url", few.url, "--scale", "0.02", "--stages", "broadcast").
		lastSentence(t, exitFailed, "too many sockets")
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		for t.Context().Err() == nil && openFiles(p.command.Process.Pid) < 300 {
			time.Sleep(time.Millisecond)
		}
		_ = p.command.Process.Kill()
	}()
	bencher(t, t.Context(), token, "--url", p.url, "--scale", "0.1", "--rounds", "1", "--stages", "broadcast").lastSentence(t, exitFailed, "sockets were")
	<-killed
	bencher(t, t.Context(), map[string]string{"AOKI_TOKEN": "wrong"}, "--url", few.url).lastSentence(t, exitFailed, "refuses the token")
}
