package routes

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A client that sends a large body to its end, and reads then, finds the answer.
func TestLargeBodyIsAnswered(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	site, _ := url.Parse(w.url)
	const size = 20 << 20
	for _, tt := range []struct {
		name, path, auth string
		status           int
	}{
		{"too large", "/api/v1/decks", "Authorization: Bearer " + ann.token + "\r\n", 413},
		{"too large, by nobody", "/api/v1/auth/login", "", 413},
		{"nobody", "/api/v1/decks", "", 401},
		{"no such path", "/api/v1/nothing", "", 404},
		{"no such method", "/api/v1/me", "", 405},
	} {
		conn, err := net.Dial("tcp", site.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(30 * time.Second))
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n", tt.path, site.Host, size, tt.auth)
		if _, err := io.Copy(conn, strings.NewReader(strings.Repeat("x", size))); err != nil {
			t.Errorf("%s: broken off: %v", tt.name, err)
			continue
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != tt.status {
			t.Errorf("%s: %v %v", tt.name, resp, err)
		}
	}
}
