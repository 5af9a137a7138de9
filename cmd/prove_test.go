package cmd

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
}
