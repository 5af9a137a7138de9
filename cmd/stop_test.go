package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// raw sends a request and leaves it at that: its answer is never read.
func (c *client) raw(t *testing.T, head, body string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	text := head + "\r\nHost: aoki\r\nAuthorization: Bearer " + c.access + "\r\n\r\n" + body
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn
}

const upgradeHead = " HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=="

// crowd opens what a server has open on a busy day: a thousand sockets, of which
// some are stuck in the middle of a replay, streams and polls, and requests whose
// bodies never end. It returns when the server knows of the sockets.
func crowd(t *testing.T, p *process, ann, ben *client) {
	t.Helper()
	for i := range 200 { // enough to fill the kernel's buffers
		ann.do(t, http.MethodPost, "/admin/pushes", map[string]any{"to": map[string]any{"users": []string{"benny"}}, "title": fmt.Sprint("old ", i), "body": strings.Repeat("字", 4000)}, nil)
	}
	dialer := websocket.Dialer{ReadBufferSize: 256, WriteBufferSize: 256, WriteBufferPool: &sync.Pool{}}
	header := http.Header{"Authorization": {"Bearer " + ben.access}}
	for i := range 1000 {
		if i%20 == 0 {
			ben.raw(t, "GET /ws?since=0"+upgradeHead, "")
			continue
		}
		ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(p.url, "http")+"/ws", header)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ws.Close() })
	}
	for range 5 {
		ben.raw(t, "GET /api/v1/events?since=0 HTTP/1.1\r\nAccept: text/event-stream", "") // stuck as well
		ben.raw(t, "GET /api/v1/events HTTP/1.1\r\nAccept: text/event-stream", "")
		ann.raw(t, "GET /api/v1/events?since=9&wait=30 HTTP/1.1", "")
		ann.raw(t, "POST /api/v1/decks HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1000", `{"name":`)
		ann.raw(t, "POST /api/v1/auth/login HTTP/1.1\r\nX-Unfinished: ", "")
	}
}

func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	p := spawn(t, t.TempDir(), "--sockets-per-user", "2000", "--keep-events", "1000000", "--log-level", "warn")
	ann, ben := p.setUp(t)
	crowd(t, p, ann, ben)
	var l ledger
	var running sync.WaitGroup
	for range 16 {
		running.Go(func() {
			for l.push(t.Context(), ann) {
			}
		})
	}
	eventually(t, "pushes are acknowledged", func() bool { return l.acknowledged() > 100 })
	p.terminate(t, 3)
	running.Wait()
	if _, err := os.Stat(filepath.Join(p.data, "aoki.db-wal")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the database is not one file: %v", err)
	}
	l.reopened(t, p.data)
}

// Another program has the store locked, and does not give it free.
func TestStopWhileTheStoreIsLocked(t *testing.T) {
	t.Parallel()
	const before, waiting = 20, 300 // more than fits in two batches
	p := spawn(t, t.TempDir())
	ann, ben := p.setUp(t)
	frames, _ := ben.follow(t, nil)
	var l ledger
	for range before {
		if !l.push(t.Context(), ann) {
			t.Fatal(l.refused)
		}
		next(t, frames)
	}
	release := hold(t, outside(t, p.data), "BEGIN EXCLUSIVE")
	defer release()
	var running sync.WaitGroup
	for range waiting {
		running.Go(func() { l.push(t.Context(), ann) })
	}
	eventually(t, "they are on their way", func() bool { return l.attempts() == before+waiting })
	p.terminate(t, 1)
	running.Wait()
	if n := l.acknowledged(); n != before {
		t.Errorf("%d were acknowledged, and %d could be", n, before)
	}
	release()
	l.reopened(t, p.data)
}

// Whoever should read the log does not, or is gone.
func TestStopWithALogThatNobodyReads(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]bool{"it is stuck": false, "it is gone": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			p := newProcess(t, nil, t.TempDir())
			p.command.Stderr = w
			p.start(t)
			ann, _ := p.setUp(t)
			var l ledger
			l.push(t.Context(), ann)
			if gone {
				w.Close()
				r.Close()
				for range 3 {
					if !l.push(t.Context(), ann) {
						t.Error("it no longer serves:", l.refused)
					}
				}
			} else {
				var filling sync.WaitGroup
				filling.Go(func() {
					for err := error(nil); err == nil; { // until r is closed
						_, err = w.Write(make([]byte, 4096))
					}
				})
				defer func() { r.Close(); filling.Wait(); w.Close() }()
				eventually(t, "a request hangs", func() bool {
					ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
					defer cancel()
					return !l.push(ctx, ann)
				})
			}
			p.terminate(t, 1)
			l.reopened(t, p.data)
		})
	}
}

// A server that is asked to stop before it serves has nothing to lose, and ends well.
func TestStopWhileStarting(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	db := outside(t, data)
	if _, err := db.Exec("PRAGMA journal_mode = WAL; CREATE TABLE t (x)"); err != nil {
		t.Fatal(err)
	}
	release := hold(t, db, "BEGIN IMMEDIATE")
	defer release()
	p := newProcess(t, nil, data)
	p.begin(t)
	eventually(t, "it has begun", func() bool {
		_, err := os.Stat(filepath.Join(data, "aoki.lock"))
		return err == nil
	})
	p.terminate(t, 1)
	if p.stdout.String() != "" {
		t.Errorf("it served a store that it can't write: %s", p.stdout)
	}
}

// One folder under two names is one folder, and the lock of a server that was
// killed binds nobody.
func TestFolderInUse(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(data, link); err != nil {
		t.Fatal(err)
	}
	p := spawn(t, data)
	ann, _ := p.setUp(t)
	for _, folder := range []string{data, link} {
		run(t, t.Context(), nil, "", "serve", "--listen", "127.0.0.1:0", "--data", folder).oneSentence(t, exitFailed, "another aoki server", folder)
	}
	var l ledger
	if !l.push(t.Context(), ann) {
		t.Error("it no longer serves:", l.refused)
	}
	p.kill(t)
	again := spawn(t, link)
	run(t, t.Context(), nil, "", "serve", "--listen", "127.0.0.1:0", "--data", data).oneSentence(t, exitFailed, "another aoki server", data)
	l.verify(t, again.as(t, "benny"))
	again.terminate(t, 1)
}
