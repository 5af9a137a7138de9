package routes

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// Clients that others wrote, in other languages, speak with a whole server: what
// the tests' own client and the server have wrong in common, they find.
func TestForeignClients(t *testing.T) {
	for _, c := range []struct{ name, program, script, absent string }{
		{"ws for Node", "node", "testdata/clients/node.mjs", "Node or its package ws is not installed: `make test` brings it"},
		{"websockets for Python", "/usr/bin/python3", "testdata/clients/python.py", "Python or its package websockets is not installed: `make test` brings it on Debian"},
	} {
		t.Run(c.name, func(t *testing.T) {
			program, err := exec.LookPath(c.program)
			if err != nil {
				t.Skip(c.absent)
			}
			w := newWorld(t)
			ann := w.user("ann")
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			said := bytes.Buffer{}
			client := exec.CommandContext(ctx, program, c.script, w.url, ann.token)
			client.Stderr = &said
			in, err := client.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := client.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := client.Start(); err != nil {
				t.Fatal(err)
			}
			var steps []string
			for lines := bufio.NewScanner(out); lines.Scan(); {
				step, ok := strings.CutPrefix(lines.Text(), "ok ")
				switch {
				case ok:
					steps = append(steps, step)
				case lines.Text() == "tick":
					w.store.Clock.Add(25 * time.Second)
					io.WriteString(in, "\n")
				default:
					t.Errorf("the client said %q", lines.Text())
				}
			}
			err = client.Wait()
			if client.ProcessState.ExitCode() == 2 && len(steps) == 0 && said.Len() == 0 {
				t.Skip(c.absent)
			}
			want := []string{"refused", "bearer", "protocol list", "cookie", "event", "echo", "fragments", "ping", "pong", "resume", "reset", "close"}
			if err != nil || !slices.Equal(steps, want) {
				t.Errorf("%v after %q:\n%s", err, steps, said.String())
			}
		})
	}
}
