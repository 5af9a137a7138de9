package realtime

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The first frame is written by hand: it must be what encoding/json would make of it.
func FuzzWelcome(f *testing.F) {
	f.Add("c1", int64(1), "ann", "admin", "e1", int64(0), int64(25), int64(1_800_000_000), int64(0))
	f.Add("", int64(-1), "名前 \u2028", "<&>", "\\\"\x00\x1f\x7f", int64(1)<<62, int64(0), int64(0), int64(123_456_789))
	f.Add("c", int64(7), "\xff\xfe", "user", "é", int64(3), int64(1), int64(253_402_300_799), int64(999_999_999))
	f.Fuzz(func(t *testing.T, connection string, id int64, name, role, epoch string, head, ping, seconds, nanos int64) {
		expires := time.Unix(seconds%253_402_300_800, nanos%1_000_000_000).UTC()
		w := Welcome{Connection: connection, User: User{ID: id, Username: name, Role: role}, Epoch: epoch, Head: head, PingSeconds: ping, ExpiresAt: expires}
		if expires.Year() < 0 || len(connection)+len(name)+len(role)+len(epoch) > 8<<10 {
			return // no time of a token, and longer than any name
		}
		text, err := json.Marshal(envelope{Name: "welcome", Message: w})
		if err != nil {
			t.Fatal(err)
		}
		before := []byte("before")
		if got, want := appendWelcome(before, w), appendFrame(before, opText, text); string(got) != string(want) {
			t.Errorf("%q\nand not\n%q", got, want)
		}
	})
}

// Numbers too, with the longest header that there is room for.
func TestNumberFrames(t *testing.T) {
	for _, n := range []int64{0, -1, 25, 1 << 62, -1 << 63} {
		for _, field := range []string{"seq", strings.Repeat("s", 200)} {
			text, err := json.Marshal(envelope{Name: "ready", Message: map[string]int64{field: n}})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := appendNumber(nil, "ready", field, n), appendFrame(nil, opText, text); string(got) != string(want) {
				t.Errorf("%q and not %q", got, want)
			}
		}
	}
}

// Who has missed nothing is told all that there is to say in one write, along with the
// answer to the handshake; and who has, everything in the same order.
func TestFirstWords(t *testing.T) {
	f := start(t, Options{})
	for range 3 {
		f.log.add(1, "card.created")
	}
	for query, want := range map[string][]string{
		"user=1":         {"welcome", "ready"},
		"user=1&since=3": {"welcome", "ready"},
		"user=1&since=9": {"welcome", "reset", "ready"},
		"user=1&since=1": {"welcome", "card.created", "card.created", "ready"},
	} {
		t.Run(query, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(f.url, "ws://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "GET /?%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n", query)
			conn.SetReadDeadline(time.Now().Add(patience))
			first := make([]byte, 4096)
			n, err := conn.Read(first)
			if err != nil {
				t.Fatal(err)
			}
			if whole := want[len(want)-2] != "card.created"; whole && !bytes.Contains(first[:n], []byte(`"ready"`)) {
				t.Errorf("the first piece is %q", first[:n])
			}
			w := &wire{Conn: conn, t: t}
			w.br = bufio.NewReader(io.MultiReader(bytes.NewReader(first[:n]), conn))
			if resp, err := http.ReadResponse(w.br, nil); err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
				t.Fatal(resp, err)
			}
			for _, name := range want {
				w.expect(name)
			}
		})
	}
}
