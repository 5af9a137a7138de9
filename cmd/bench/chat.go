package bench

import (
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// chat is what one would write first, after gorilla's chat example: a hub that is one
// goroutine, two goroutines for each client with a channel between them, a ticker,
// buffers as they come. A map of users is added, so that it can send to one of them.
// It keeps messages in memory only.
type chat struct {
	upgrader websocket.Upgrader
	verify   func(token string) (user int64, err error)
	enter    chan *chatClient
	leave    chan *chatClient
	messages chan chatMessage
}

// Figures of the example.
const (
	chatQueue     = 256
	chatWriteWait = 10 * time.Second
	chatPongWait  = 60 * time.Second
	chatPingEvery = chatPongWait * 9 / 10
	maxBaseline   = 64 << 10 // bytes of a message
)

type chatMessage struct {
	user int64 // 0: everyone
	text []byte
}

type chatClient struct {
	hub   *chat
	user  int64
	conn  *websocket.Conn
	queue chan []byte
}

func newChat(verify func(token string) (int64, error)) *chat {
	return &chat{verify: verify, enter: make(chan *chatClient), leave: make(chan *chatClient), messages: make(chan chatMessage)}
}

func (h *chat) run(ctx context.Context) {
	clients := map[*chatClient]bool{}
	users := map[int64]map[*chatClient]bool{}
	drop := func(c *chatClient) {
		if clients[c] {
			delete(clients, c)
			if delete(users[c.user], c); len(users[c.user]) == 0 {
				delete(users, c.user)
			}
			close(c.queue)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-h.enter:
			clients[c] = true
			if users[c.user] == nil {
				users[c.user] = map[*chatClient]bool{}
			}
			users[c.user][c] = true
		case c := <-h.leave:
			drop(c)
		case m := <-h.messages:
			to := clients
			if m.user != 0 {
				to = users[m.user]
			}
			for c := range to {
				select {
				case c.queue <- m.text:
				default: // too slow
					drop(c)
				}
			}
		}
	}
}

func (c *chatClient) read() {
	defer func() {
		c.hub.leave <- c
		c.conn.Close()
	}()
	c.conn.SetReadLimit(512)
	c.conn.SetReadDeadline(time.Now().Add(chatPongWait))
	c.conn.SetPongHandler(func(string) error { return c.conn.SetReadDeadline(time.Now().Add(chatPongWait)) })
	for {
		if _, _, err := c.conn.ReadMessage(); err != nil {
			return
		}
	}
}

func (c *chatClient) write() {
	ping := time.NewTicker(chatPingEvery)
	defer func() {
		ping.Stop()
		c.conn.Close()
	}()
	for {
		select {
		case text, ok := <-c.queue:
			c.conn.SetWriteDeadline(time.Now().Add(chatWriteWait))
			if !ok {
				_ = c.conn.WriteMessage(websocket.CloseMessage, nil)
				return
			}
			w, err := c.conn.NextWriter(websocket.TextMessage)
			if err != nil {
				return
			}
			_, _ = w.Write(text)
			for range len(c.queue) { // what has queued up goes into the same message
				_, _ = io.WriteString(w, "\n")
				_, _ = w.Write(<-c.queue)
			}
			if w.Close() != nil {
				return
			}
		case <-ping.C:
			c.conn.SetWriteDeadline(time.Now().Add(chatWriteWait))
			if c.conn.WriteMessage(websocket.PingMessage, nil) != nil {
				return
			}
		}
	}
}

func (h *chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/ws":
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		user, err := h.verify(token)
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		conn, err := h.upgrader.Upgrade(w, r, nil)
		if err != nil {
			return // it has answered
		}
		c := &chatClient{hub: h, user: user, conn: conn, queue: make(chan []byte, chatQueue)}
		h.enter <- c
		go c.write()
		go c.read()
	case "/push":
		message, ok := pushed(w, r)
		if !ok {
			return
		}
		h.messages <- message
		w.WriteHeader(http.StatusNoContent)
	default:
		http.NotFound(w, r)
	}
}

// pushed reads a push as both baselines take it: the payload is the body, and ?u= the
// user, if it is for one.
func pushed(w http.ResponseWriter, r *http.Request) (m chatMessage, ok bool) {
	var err error
	if m.text, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBaseline)); err != nil {
		http.Error(w, "that is too much", http.StatusRequestEntityTooLarge)
		return m, false
	}
	if word := r.URL.Query().Get("u"); word != "" {
		if m.user, err = strconv.ParseInt(word, 10, 64); err != nil {
			http.Error(w, "that is no user", http.StatusBadRequest)
			return m, false
		}
	}
	return m, true
}

// serveHTTP serves on a free port of loopback until ctx ends; said is given the address.
func serveHTTP(ctx context.Context, handler http.Handler, said func(net.Addr) error) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if err := said(listener.Addr()); err != nil {
		_ = server.Close()
		return err
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}
