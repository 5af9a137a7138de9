//go:build linux

package bench

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"
)

func TestStatIsReadBehindTheName(t *testing.T) {
	u, err := parseStat([]byte("4711 (a ) 1 2 3 (b) S 1 2 3 4 5 6 7 8 9 10 250 75 0 0 20 0 9 0"))
	if err != nil || u.user != 2500*time.Millisecond || u.system != 750*time.Millisecond || u.cpu() != 3250*time.Millisecond {
		t.Errorf("%+v %v", u, err)
	}
	for _, bad := range []string{"", "1 (x) S 1", "1 (x) S 1 2 3 4 5 6 7 8 9 10 x 75 0"} {
		if _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	if _, err := usageOf(os.Getpid()); err != nil {
		t.Error(err)
	}
	if rss, err := rssOf(os.Getpid()); err != nil || rss < 1000 {
		t.Errorf("%v KiB %v", rss, err)
	}
}

func TestTooManySocketsForTheMachine(t *testing.T) {
	err := raiseFiles(1 << 40)
	if err == nil || !strings.Contains(err.Error(), "--scale") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
	if err := raiseFiles(1); err != nil {
		t.Error(err)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name, text string
		status     int
		body       string
		bad        bool
	}{
		{name: "with a body", text: "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok", status: 201, body: "ok"},
		{name: "without", text: "HTTP/1.1 204 No Content\r\n\r\n", status: 204},
		{name: "long", text: "HTTP/1.1 500 No\r\nContent-Length: 1000\r\n\r\n" + strings.Repeat("x", 1000), status: 500, body: strings.Repeat("x", 300)},
		{name: "no length", text: "HTTP/1.1 200 OK\r\n\r\n", bad: true},
		{name: "no HTTP", text: "SSH-2.0-OpenSSH\r\n\r\n", bad: true},
		{name: "cut off", text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", bad: true},
		{name: "a length below nothing", text: "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", bad: true},
		{name: "nothing", bad: true},
	} {
		in := bufio.NewReader(strings.NewReader(c.text + "next"))
		if c.text == "" || c.bad {
			in = bufio.NewReader(strings.NewReader(c.text))
		}
		status, body, err := readAnswer(in)
		if (err != nil) != c.bad {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.bad {
			continue
		}
		if rest, _ := in.Peek(4); status != c.status || string(body) != c.body || string(rest) != "next" {
			t.Errorf("%s: %d %q, and then %q", c.name, status, body, rest)
		}
	}
}
