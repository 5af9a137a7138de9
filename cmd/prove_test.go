package cmd

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aoki/cmd/prove"
)

// prover runs `aoki prove` in this process; the servers that it starts are this
// test's binary, and so watched by the race detector when the test is.
func prover(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv(asProgram, "1")
	t.Setenv("TMPDIR", t.TempDir())
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, env: map[string]string{}, now: time.Now}
	code = p.run(context.Background(), append([]string{"prove"}, args...))
	return code, out.String(), errs.String()
}

func TestProveTriesARealServer(t *testing.T) {
	history := filepath.Join(t.TempDir(), "history.jsonl")
	code, out, errs := prover(t, "--minutes", "0.3", "--servers", "1", "--seed", "1", "--history", history)
	if code != exitOK || !strings.HasSuffix(out, "lost 0 · duplicated 0 · reordered 0 · alien 0\n") {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errs)
	}
	for _, want := range []string{"kill -9 ", "SIGTERM ", "older database restored 1"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for _, not := range []string{"\n0 changes", "other faults", "broke off"} {
		if strings.Contains(out, not) {
			t.Errorf("%q in\n%s", not, out)
		}
	}
	text, err := os.ReadFile(history)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"change":"w0-000001"`, `"shown":"w0-`, `"fault":"kill -9"`} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("the history has no %s", want)
		}
	}
	if bytes.Contains(text, []byte(`"violation"`)) || bytes.Contains(text, []byte("-prove")) { // a password
		t.Error("the history tells of a violation, or a secret")
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Ctrl-C under load: what was acknowledged by then is waited for and held against the
// promise, whether a fault is under way or not, and no server is left behind.
func TestProveAskedToStop(t *testing.T) {
	t.Setenv(asProgram, "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, when := range map[string]string{"while it writes": " 0 faults", "in the middle of a kill": " 1 kills"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			temp := t.TempDir()
			report, err := prove.Run(ctx, prove.Options{
				Program: self, Length: time.Hour, Seed: 3, Servers: 1, Rate: 300, Temp: temp, Live: true,
				Out: writer(func(line []byte) (int, error) {
					if bytes.Contains(line, []byte(when)) && !bytes.Contains(line, []byte(" 0 acknowledged")) {
						cancel()
					}
					return len(line), nil
				}),
			})
			if err != nil {
				t.Fatal(err, report)
			}
			var out strings.Builder
			report.Print(&out)
			if report.Acknowledged == 0 || report.Took > time.Minute || strings.Contains(out.String(), "broke off") ||
				!strings.HasSuffix(out.String(), "lost 0 · duplicated 0 · reordered 0 · alien 0\n") {
				t.Errorf("after %s:\n%s", report.Took, &out)
			}
			if left, _ := filepath.Glob(filepath.Join(temp, "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	t.Run("before it began", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		report, err := prove.Run(ctx, prove.Options{Program: self, Length: time.Hour, Servers: 1, Rate: 1, Temp: t.TempDir()})
		if !errors.Is(err, prove.ErrEarly) || report != nil {
			t.Error(report, err)
		}
	})
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestProveRefusesNonsense(t *testing.T) {
	for _, args := range [][]string{
		{"--minutes", "0"}, {"--minutes", "-1"}, {"--minutes", "NaN"}, {"--minutes", "1e9"}, {"--minutes", "soon"},
		{"--servers", "0"}, {"--servers", "21"}, {"--rate", "0"}, {"--rate", "10001"}, {"--seed", "-1"}, {"--seed", "x"},
		{"--lose-doorbells", "1.1"}, {"--lose-doorbells", "-0.1"}, {"--lose-doorbells", "NaN"}, {"extra"},
	} {
		if code, out, errs := prover(t, args...); code != exitUsage || out != "" || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: exit code %d, said %q and %q", args, code, out, errs)
		}
	}
	code, out, errs := prover(t, "--history", filepath.Join(t.TempDir(), "none", "h"))
	if code != exitFailed || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "can't be written") {
		t.Errorf("a history in no folder: exit code %d, said %q and %q", code, out, errs)
	}
}
