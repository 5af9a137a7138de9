package cmd

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"aoki/controllers"
	"aoki/models"
)

// BenchmarkPushAmong5000 measures a push from the moment it falls due at the API,
// 500 of them a second, to its arrival at a socket of the one user it is for,
// while 5,000 users are connected. Every push is in the store, synced, before it
// is answered. One operation is one push; the figures to read are p50-ms, p99-ms
// and lost.
func BenchmarkPushAmong5000(b *testing.B) {
	const users, perSecond, publishers = 5000, 500, 16
	secret := strings.Repeat("k", 32)
	data := b.TempDir()
	populate(b, filepath.Join(data, "aoki.db"), users)
	url := serveFor(b, data, secret)
	tokens, err := controllers.NewTokens(time.Now, []byte(secret))
	if err != nil {
		b.Fatal(err)
	}
	token := func(user int64) string {
		word, _, err := tokens.Issue(user, user)
		if err != nil {
			b.Fatal(err)
		}
		return word
	}

	// The devices. Their buffers are small, or their collector would be what is
	// measured.
	dialer := websocket.Dialer{ReadBufferSize: 512, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{}}
	var mu sync.Mutex
	var delays []time.Duration
	var arrived sync.WaitGroup
	arrived.Add(b.N)
	var ready sync.WaitGroup
	slots := make(chan struct{}, 64)
	for user := int64(1); user <= users; user++ {
		slots <- struct{}{}
		ready.Add(1)
		go func() {
			header := http.Header{"Authorization": {"Bearer " + token(user)}}
			ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(url, "http")+"/ws", header)
			<-slots
			if err != nil {
				b.Error(err)
				ready.Done()
				return
			}
			b.Cleanup(func() { ws.Close() })
			for {
				_, text, err := ws.ReadMessage()
				if err != nil {
					return
				}
				now := time.Now()
				var f struct {
					Name    string
					Message struct{ Notification struct{ Title string } }
				}
				if json.Unmarshal(text, &f) != nil {
					b.Errorf("no JSON: %s", text)
				}
				switch f.Name {
				case "ready":
					ready.Done()
				case "notification.created":
					due, _ := strconv.ParseInt(f.Message.Notification.Title, 10, 64)
					mu.Lock()
					delays = append(delays, now.Sub(time.Unix(0, due)))
					mu.Unlock()
					arrived.Done()
				}
			}
		}()
	}
	ready.Wait()

	// The publishers, open loop: a push that has to wait counts from when it fell due.
	admin := token(1)
	type push struct {
		due  time.Time
		user int
	}
	due := make(chan push, b.N)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: publishers}}
	var done sync.WaitGroup
	for range publishers {
		done.Go(func() {
			for p := range due {
				body := fmt.Sprintf(`{"to":{"users":["u%d"]},"title":"%d","body":"%s"}`, p.user, p.due.UnixNano(), strings.Repeat("x", 200))
				req, _ := http.NewRequest(http.MethodPost, url+"/api/v1/admin/pushes", strings.NewReader(body))
				req.Header.Set("Authorization", "Bearer "+admin)
				req.Header.Set("Content-Type", "application/json")
				resp, err := client.Do(req)
				if err != nil {
					b.Error(err)
					continue
				}
				if answer, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusCreated {
					b.Errorf("%s: %s", resp.Status, answer)
				}
				resp.Body.Close()
			}
		})
	}
	b.ResetTimer()
	begin := time.Now()
	for i := range b.N {
		at := begin.Add(time.Duration(i) * time.Second / perSecond)
		time.Sleep(time.Until(at))
		due <- push{at, 1 + (i*7919)%users}
	}
	close(due)
	done.Wait()
	all := make(chan struct{})
	go func() { arrived.Wait(); close(all) }()
	select {
	case <-all:
	case <-time.After(5 * time.Second):
	}
	b.StopTimer()

	mu.Lock()
	defer mu.Unlock()
	slices.Sort(delays)
	if len(delays) == 0 {
		b.Fatal("nothing arrived")
	}
	ms := func(q float64) float64 { return delays[int(q*float64(len(delays)-1))].Seconds() * 1000 }
	b.ReportMetric(ms(.5), "p50-ms")
	b.ReportMetric(ms(.99), "p99-ms")
	b.ReportMetric(ms(1), "max-ms")
	b.ReportMetric(float64(b.N-len(delays)), "lost")
}

// populate writes a database with users u1, u2, … of whom the first is an admin,
// each with a session of the same number.
func populate(b *testing.B, path string, users int) {
	b.Helper()
	db, err := models.Open(models.Options{Path: path})
	if err != nil {
		b.Fatal(err)
	}
	err = db.Write(context.Background(), func(tx *models.Tx) error {
		for i := 1; i <= users; i++ {
			name, role := fmt.Sprintf("u%d", i), models.RoleUser
			if i == 1 {
				role = models.RoleAdmin
			}
			if err := tx.Exec(`INSERT INTO users (id, username, username_key, password_hash, role, created_at) VALUES (?, ?, ?, '!', ?, ?)`,
				i, name, name, role, tx.Now()).Error; err != nil {
				return err
			}
			if err := tx.OpenLog(int64(i)); err != nil {
				return err
			}
			if err := tx.Exec(`INSERT INTO sessions (id, user_id, rotated_at, created_at, last_seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
				i, i, tx.Now(), tx.Now(), tx.Now(), tx.Now().Add(24*time.Hour)).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

// serveFor runs the server on a data folder, in a process of its own so that the
// devices' memory is not the server's, until the benchmark ends; it gives the
// server's address.
func serveFor(b *testing.B, data, secret string) string {
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
	return url
}
