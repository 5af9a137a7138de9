package cmd

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"aoki/realtime"
)

func TestDemo(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	s := serve(t, "", "--demo")
	told := s.stdout.String()
	if setupLink.MatchString(told) {
		t.Error("a demo needs no setup")
	}
	logins := regexp.MustCompile(`(?m)^  (\w+)  password (\S+)`).FindAllStringSubmatch(told, -1)
	if len(logins) != 2 || logins[0][2] == logins[1][2] {
		t.Fatalf("it printed %q", told)
	}
	for _, login := range logins {
		c := &client{base: s.url, user: login[1], password: login[2], http: &http.Client{}}
		t.Cleanup(c.http.CloseIdleConnections)
		frames, _ := c.follow(t, &realtime.Position{})
		for seq := int64(1); ; seq++ {
			f := next(t, frames)
			if f.Seq != seq {
				t.Fatalf("%s got %d in place of %d", login[1], f.Seq, seq)
			}
			if strings.Contains(string(f.Message), "Welcome to Aoki") {
				break
			}
		}
		var decks struct {
			Items []struct {
				Name   string
				Role   string
				Counts struct{ Total, Due int }
			}
		}
		c.do(t, http.MethodGet, "/decks", nil, &decks)
		if want := map[string]int{"ann": 2, "ben": 1}[login[1]]; len(decks.Items) != want || decks.Items[0].Counts.Total < 6 {
			t.Errorf("%s sees %+v", login[1], decks)
		}
		if login[1] == "ann" && decks.Items[1].Counts.Due == 0 {
			t.Errorf("nothing that ann has studied is due: %+v", decks.Items[1])
		}
	}
	if code := s.stop(); code != exitOK {
		t.Errorf("exit code %d: %s", code, s.stderr)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
		t.Errorf("the demo left %v behind, %v", left, err)
	}
}
