package realtime

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// nowhere is a connection that takes everything and says nothing.
type nowhere struct {
	net.Conn
	writes *atomic.Int64
}

func (n nowhere) Write(b []byte) (int, error)    { n.writes.Add(1); return len(b), nil }
func (nowhere) Read([]byte) (int, error)         { return 0, io.EOF }
func (nowhere) Close() error                     { return nil }
func (nowhere) SetDeadline(time.Time) error      { return nil }
func (nowhere) SetWriteDeadline(time.Time) error { return nil }
func (n nowhere) LocalAddr() net.Addr            { return nil }
func (n nowhere) upgrade(b testing.TB) *websocket.Conn {
	b.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
		r.Header.Set(name, value)
	}
	up := websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}
	ws, err := up.Upgrade(hijackable{httptest.NewRecorder(), n}, r, nil)
	if err != nil {
		b.Fatal(err)
	}
	return ws
}

// hijackable is a response whose connection is a given one.
type hijackable struct {
	*httptest.ResponseRecorder
	conn net.Conn
}

func (t hijackable) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return t.conn, bufio.NewReadWriter(bufio.NewReader(t.conn), bufio.NewWriter(t.conn)), nil
}

// chatHub is the hub that one would write first: a goroutine and a channel for each
// socket, as in gorilla's chat example. Here its sockets lead nowhere.
type chatHub struct {
	queues []chan []byte
	done   sync.WaitGroup // deliveries
	ended  sync.WaitGroup // goroutines
}

func newChatHub(b testing.TB, sockets int) *chatHub {
	h := &chatHub{}
	var writes atomic.Int64
	for range sockets {
		ws, queue := nowhere{writes: &writes}.upgrade(b), make(chan []byte, 256)
		h.queues = append(h.queues, queue)
		h.ended.Go(func() {
			for text := range queue {
				ws.SetWriteDeadline(time.Now().Add(10 * time.Second))
				w, err := ws.NextWriter(websocket.TextMessage)
				if err == nil {
					_, err = w.Write(text)
				}
				if err == nil {
					err = w.Close()
				}
				if err != nil {
					b.Error(err)
				}
				h.done.Done()
			}
		})
	}
	b.Cleanup(func() {
		for _, queue := range h.queues {
			close(queue)
		}
		h.ended.Wait()
	})
	return h
}

// broadcast returns when all have it.
func (h *chatHub) broadcast(text []byte) {
	h.done.Add(len(h.queues))
	for _, queue := range h.queues {
		queue <- text
	}
	h.done.Wait()
}
