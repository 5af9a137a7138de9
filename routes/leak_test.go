package routes

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// visitor is a client that comes and goes, well behaved or not.
type visitor struct {
	*net.TCPConn
	t  *testing.T
	br *bufio.Reader
}

// visit connects, and sends the request of a handshake.
func visit(t *testing.T, site, query, token string) visitor {
	conn, err := net.Dial("tcp", site)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(conn, "GET /ws%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer %s\r\n\r\n", query, site, token)
	return visitor{conn.(*net.TCPConn), t, bufio.NewReaderSize(conn, 512)}
}

func (v visitor) answered(status int) visitor {
	resp, err := http.ReadResponse(v.br, nil)
	if err != nil || resp.StatusCode != status {
		v.t.Error(resp, err)
		return v
	}
	if status != http.StatusSwitchingProtocols {
		io.Copy(io.Discard, resp.Body)
	}
	return v
}

// ended reads what comes until the server ends the stream.
func (v visitor) ended() {
	if _, err := io.Copy(io.Discard, v.br); err != nil {
		v.t.Error("the server does not hang up:", err)
	}
	v.Close()
}

// reset ends the connection with an RST.
func (v visitor) reset() {
	v.SetLinger(0)
	v.Close()
}

const (
	goodbye  = "\x88\x82\x00\x00\x00\x00\x03\xe8"
	question = "\x81\x94\x00\x00\x00\x00{\"name\":\"x\",\"id\": 1}"
)

// visits are the kinds of coming and going.
func visits(t *testing.T, site, token string) []func() {
	open := func(query string) visitor { return visit(t, site, query, token).answered(101) }
	say := func(text string) func() {
		return func() {
			v := open("")
			io.WriteString(v, text)
			v.ended()
		}
	}
	return []func(){
		say(goodbye),                                 // in order
		say(question + goodbye),                      // having asked
		say("\x82\x80\x00\x00\x00\x00"),              // binary
		say("\xf1\x80\x00\x00\x00\x00"),              // no frame at all
		say("\x88\x81\x00\x00\x00\x00\x03"),          // half a code
		say("\x81\x81\x00\x00\x00\x00\xff"),          // no UTF-8
		func() { open("").reset() },                  // RST
		func() { open("").Close() },                  // FIN without a word
		func() { visit(t, site, "", token).reset() }, // before the answer
		func() { visit(t, site, "", "bad").answered(401).Close() },
		func() { visit(t, site, "?since=x", token).answered(400).reset() },
		func() { // in the middle of the handshake
			conn, err := net.Dial("tcp", site)
			if err != nil {
				t.Error(err)
				return
			}
			io.WriteString(conn, "GET /ws HTTP/1.1\r\nHost: "+site+"\r\nUpgra")
			conn.Close()
		},
		func() { // in the middle of a frame
			v := open("")
			io.WriteString(v, question[:9])
			v.Close()
		},
		func() { // in the middle of a message
			v := open("")
			io.WriteString(v, "\x01\x81\x00\x00\x00\x00{")
			v.reset()
		},
	}
}

// Ten thousand who come and go leave nothing behind.
func TestNothingLeaks(t *testing.T) {
	const total, workers = 10_000, 16
	w := newWorld(t)
	site := strings.TrimPrefix(w.url, "http://")
	var people []*person
	for i := range workers {
		people = append(people, w.user(fmt.Sprint("user", i)))
	}
	for range 40 {
		people[0].tell("card.created", `{"text":"`+strings.Repeat("x", 60_000)+`"}`)
	}
	stuck := func() { // reads nothing of a long log
		v := visit(t, site, "?since=0", people[0].token)
		v.SetReadBuffer(4096)
		v.answered(101).reset()
	}
	round := func(n int) {
		var all sync.WaitGroup
		for worker, p := range people {
			all.Go(func() {
				kinds := visits(t, site, p.token)
				for turn := range n / workers {
					if worker == 0 && turn%10 == 0 {
						stuck()
						continue
					}
					kinds[(turn+worker)%len(kinds)]()
				}
			})
		}
		all.Wait()
	}
	count := func() (goroutines, files int) {
		names, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("descriptors can't be counted here: /proc is absent")
		}
		return runtime.NumGoroutine(), len(names)
	}
	settled := func() bool { return w.hub.Sockets() == 0 }
	round(workers * 20) // what is made once is made now
	wait(t, settled)
	goroutines, files := count()
	round(total)
	wait(t, func() bool {
		g, f := count()
		return settled() && g <= goroutines+10 && f <= files+10
	})
	g, f := count()
	t.Logf("goroutines %d before, %d after; descriptors %d before, %d after", goroutines, g, files, f)
}

// wait is for what nothing announces.
func wait(t *testing.T, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(20 * time.Second)
	for !is() {
		select {
		case <-tick.C:
		case <-late:
			buf := make([]byte, 1<<20)
			t.Fatalf("something is left:\n%s", buf[:runtime.Stack(buf, true)])
		}
	}
}
