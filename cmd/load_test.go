package cmd

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"aoki/controllers"
	"aoki/models"
	"aoki/models/modelstest"
)

// load is a server in a process of its own, so that the devices' memory is not the
// server's, with users 1 to n, and what a benchmark does to it.
type load struct {
	b      *testing.B
	url    string
	pid    int // of the server
	tokens *controllers.Tokens
	client *http.Client
}

func newLoad(b *testing.B, users int) *load {
	b.Helper()
	data, secret := b.TempDir(), strings.Repeat("k", 32)
	db, err := models.Open(models.Options{Path: filepath.Join(data, "aoki.db")})
	if err != nil {
		b.Fatal(err)
	}
	modelstest.Populate(b, db, users)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	url, pid := serveFor(b, data, secret)
	l := &load{b: b, url: url, pid: pid, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	if l.tokens, err = controllers.NewTokens(time.Now, []byte(secret)); err != nil {
		b.Fatal(err)
	}
	return l
}

func (l *load) token(user int) string {
	word, _, err := l.tokens.Issue(int64(user), int64(user))
	if err != nil {
		l.b.Fatal(err)
	}
	return word
}

// connect opens a socket for each of the users and returns when all are ready.
// heard is called with the title of each push that comes, from many goroutines.
// The devices do little, and their buffers are small, or they would be what is
// measured.
func (l *load) connect(users []int, heard func(title string, at time.Time)) {
	dialer := websocket.Dialer{ReadBufferSize: 512, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{}}
	var ready sync.WaitGroup
	slots := make(chan struct{}, 64)
	for _, user := range users {
		slots <- struct{}{}
		ready.Add(1)
		go func() {
			header := http.Header{"Authorization": {"Bearer " + l.token(user)}}
			ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(l.url, "http")+"/ws", header)
			<-slots
			if err != nil {
				l.b.Error(err)
				ready.Done()
				return
			}
			l.b.Cleanup(func() { ws.Close() })
			var text bytes.Buffer
			for {
				text.Reset()
				_, r, err := ws.NextReader()
				if err == nil {
					_, err = text.ReadFrom(r)
				}
				if err != nil {
					return
				}
				now := time.Now()
				switch {
				case bytes.Contains(text.Bytes(), []byte(`"name":"ready"`)):
					ready.Done()
				case bytes.Contains(text.Bytes(), []byte(`"name":"notification.created"`)):
					_, title, _ := bytes.Cut(text.Bytes(), []byte(`"title":"`))
					title, _, _ = bytes.Cut(title, []byte(`"`))
					heard(string(title), now)
				}
			}
		}()
	}
	ready.Wait()
}

// push sends a push of 200 bytes as user 1 and waits until it is acknowledged. More
// fields begin with a comma.
func (l *load) push(admin, to, title string, more ...string) {
	body := fmt.Sprintf(`{"to":%s,"title":%q,"body":"%s"%s}`, to, title, strings.Repeat("x", 200), strings.Join(more, ""))
	req, _ := http.NewRequest(http.MethodPost, l.url+"/api/v1/admin/pushes", strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+admin)
	req.Header.Set("Content-Type", "application/json")
	resp, err := l.client.Do(req)
	if err != nil {
		l.b.Error(err)
		return
	}
	defer resp.Body.Close()
	if answer, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusCreated {
		l.b.Errorf("%s: %s", resp.Status, answer)
	}
}

// delays are gathered from many goroutines.
type delays struct {
	mu   sync.Mutex
	list []time.Duration
}

func (d *delays) add(one time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list = append(d.list, one)
}

func (d *delays) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.list)
}

// ms is a quantile in milliseconds.
func (d *delays) ms(q float64) float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.list) == 0 {
		return 0
	}
	slices.Sort(d.list)
	return d.list[int(q*float64(len(d.list)-1))].Seconds() * 1000
}

// serveFor runs the server on a data folder, in a process of its own so that the
// devices' memory is not the server's, until the benchmark ends; it gives the
// server's address and its process.
func serveFor(b *testing.B, data, secret string) (address string, pid int) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	server := exec.Command(self, "serve", "--listen", "127.0.0.1:0", "--data", data, "--log-level", "warn")
	server.Env = append(os.Environ(), asProgram+"=1", "AOKI_SECRET="+secret)
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	url, found := strings.CutPrefix(strings.TrimSpace(line), "Aoki is at ")
	if err != nil || !found {
		b.Fatalf("the server said %q: %v", line, err)
	}
	return url, server.Process.Pid
}
