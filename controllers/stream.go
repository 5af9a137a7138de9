package controllers

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/realtime"
)

const (
	// beat is how often a silent stream says that it is there.
	beat = 25 * time.Second
	// writeLimit is how long one write may take before the stream is given up.
	writeLimit = 10 * time.Second
	streamPage = 100
	// maxWaiting is how many streams and held polls one user may have.
	maxWaiting = 20
)

// streamEvents is the caller's log as server-sent events: the same frames as on
// the socket, each with its `id:`, so that the browser resumes by itself. It ends
// with the token, the session or the server.
func (a *API) streamEvents(c *gin.Context) {
	cursor, ok := cursorOf(c)
	if !ok {
		return
	}
	if last := c.Request.Header.Values("Last-Event-ID"); len(last) > 1 || len(last) == 1 && last[0] != "" {
		epoch, seq, _ := strings.Cut(last[0], ":")
		since, ok := parseSeq(seq)
		if !ok || epoch == "" || len(last) > 1 {
			fail(c, malformed("Last-Event-ID", "must be the id of an event of this stream"))
			return
		}
		cursor = realtime.Cursor{Epoch: epoch, Since: since}
	}
	user := who(c).UserID
	leave, ok := a.enterStream(c, user)
	if !ok {
		return
	}
	defer leave()
	grown, forget := a.Hub.Watch(user) // before the head is read, so that nothing falls between
	defer forget()
	if cursor.Live {
		head, err := a.DB.Head(c.Request.Context(), user)
		if err != nil {
			fail(c, err)
			return
		}
		cursor = realtime.Cursor{Since: head.Head}
	}
	outlast(c)
	defer outlast(c) // the connection's next request must not inherit the last write's limit
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold the events back
	s := &stream{api: a, caller: who(c), w: c.Writer, rc: http.NewResponseController(c.Writer), cursor: cursor}
	s.run(c.Request.Context(), grown)
}

// stream is one SSE connection.
type stream struct {
	api    *API
	caller Caller
	w      http.ResponseWriter
	rc     *http.ResponseController
	cursor realtime.Cursor
	buf    []byte
}

func (s *stream) run(ctx context.Context, grown <-chan struct{}) {
	if !s.begin(ctx) {
		return
	}
	expired := time.NewTimer(s.caller.Expires.Sub(s.api.Now()))
	defer expired.Stop()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-grown:
		case <-tick.C:
			s.buf = append(s.buf, ": here\n\n"...)
		case <-expired.C:
			s.bye(realtime.CloseExpired, "the token has expired")
			return
		case <-s.api.Stopping:
			s.bye(realtime.CloseStopping, "the server is stopping")
			return
		case <-ctx.Done():
			return
		}
		// Whoever signed out must not hear another word.
		if !s.api.stillSignedIn(ctx, s.caller) {
			s.bye(realtime.CloseSession, "the session has ended")
			return
		}
		if !s.catchUp(ctx) || !s.flush() {
			return
		}
	}
}

// begin writes what the client missed. One that missed nothing gets an id without an
// event: EventSource keeps it, and so has a cursor to come back with. The stream is
// the log: what says that it is live now is a comment, for people.
func (s *stream) begin(ctx context.Context) bool {
	from := s.cursor
	if !s.catchUp(ctx) {
		return false
	}
	if s.cursor == from {
		s.id()
		s.buf = append(s.buf, '\n')
	}
	s.buf = append(s.buf, ": ready\n\n"...)
	return s.flush()
}

// catchUp writes the log from the cursor to the head. It reports whether the
// stream can go on.
func (s *stream) catchUp(ctx context.Context) bool {
	for {
		page, err := s.api.readEvents(ctx, s.caller.UserID, s.cursor, streamPage)
		if err != nil {
			return false // the client comes back with its cursor
		}
		if page.Reset != nil {
			s.cursor = realtime.Cursor{Epoch: page.Epoch, Since: page.Head}
			s.id() // it is a new cursor
			if !s.say("reset", page.Reset) {
				return false
			}
			continue
		}
		if len(page.Events) == 0 {
			return true
		}
		for _, event := range page.Events {
			s.cursor.Since++
			s.id()
			s.data(event)
		}
		if !s.flush() {
			return false
		}
	}
}

// id appends the cursor, as the id of the event that comes next.
func (s *stream) id() {
	s.buf = append(s.buf, "id: "...)
	s.buf = append(s.buf, s.api.DB.Epoch()...)
	s.buf = append(s.buf, ':')
	s.buf = strconv.AppendInt(s.buf, s.cursor.Since, 10)
	s.buf = append(s.buf, '\n')
}

// data appends one event. There is no `event:` line, so that onmessage hears all
// of them; the name is inside.
func (s *stream) data(event []byte) {
	s.buf = append(s.buf, "data: "...)
	s.buf = append(s.buf, event...)
	s.buf = append(s.buf, "\n\n"...)
}

// say sends what is not in the log; it has no seq, and no id of its own.
func (s *stream) say(name string, message any) bool {
	data, err := json.Marshal(struct {
		Name    string `json:"name"`
		Message any    `json:"message"`
	}{name, message})
	if err != nil {
		return false
	}
	s.data(data)
	return s.flush()
}

func (s *stream) bye(code int, reason string) {
	s.say("bye", map[string]any{"code": code, "reason": reason, "reconnect": code < 4500, "after_ms": 0})
}

func (s *stream) flush() bool {
	_ = s.rc.SetWriteDeadline(time.Now().Add(writeLimit))
	_, err := s.w.Write(s.buf)
	s.buf = s.buf[:0]
	return err == nil && s.rc.Flush() == nil
}

// waiting counts the streams and held polls of each user. Its zero value is ready.
type waiting struct {
	mu    sync.Mutex
	users map[int64]int
}

func (w *waiting) enter(user int64) (leave func(), ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.users[user] >= maxWaiting {
		return nil, false
	}
	if w.users == nil {
		w.users = map[int64]int{}
	}
	w.users[user]++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.users[user]--; w.users[user] == 0 {
			delete(w.users, user)
		}
	}, true
}
