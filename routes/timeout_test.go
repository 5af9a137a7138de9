package routes

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// The server's time limits are for requests and answers that end by themselves:
// streams and held polls outlive them.
func TestStreamsOutliveTimeouts(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	handler, err := New(w.api, builtApp())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 100*time.Millisecond, 100*time.Millisecond
	srv.Start()
	w.url = srv.URL
	defer func() {
		srv.CloseClientConnections()
		srv.Close()
	}()

	s := ann.stream(context.Background(), "")
	s.begun(t, "id: "+w.store.Epoch()+":0")
	if got := ann.get("/api/v1/events?wait=1"); got.status != 200 { // the only way to let real time pass
		t.Errorf("a held poll: %d", got.status)
	}
	ann.tell("deck.created", `{}`)
	if _, data := s.next(t); data == "" {
		t.Error("the stream broke off")
	}
	if got := ann.get("/api/v1/me"); got.status != 200 {
		t.Errorf("the next request: %d", got.status)
	}
}

// A file may take longer than a request may, as long as it keeps coming.
func TestUploadsOutliveTimeouts(t *testing.T) {
	w := mediaWorld(t)
	ann := w.user("ann")
	handler, err := New(w.api, builtApp())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 100*time.Millisecond, 100*time.Millisecond
	srv.Start()
	w.url = srv.URL
	defer func() {
		srv.CloseClientConnections()
		srv.Close()
	}()

	file := wavFile(1, 1000)
	conn, r := w.begin(t, ann, "audio/wav", "Content-Length: 1000")
	fmt.Fprint(conn, file[:500])
	if got := ann.get("/api/v1/events?wait=1"); got.status != 200 { // the only way to let real time pass
		t.Errorf("a held poll: %d", got.status)
	}
	fmt.Fprint(conn, file[500:])
	resp, err := http.ReadResponse(r, nil)
	if err != nil || resp.StatusCode != 201 {
		t.Error(resp, err)
	}
}

// limited notes until when the answer may be written.
type limited struct {
	*httptest.ResponseRecorder
	until, wrote time.Time
}

func (l *limited) SetReadDeadline(time.Time) error { return nil }

func (l *limited) SetWriteDeadline(until time.Time) error {
	l.until = until
	return nil
}

func (l *limited) Write(b []byte) (int, error) {
	l.wrote = l.until
	return l.ResponseRecorder.Write(b)
}

// A poll may be held, but its answer does not wait without end for one who reads nothing.
func TestTheAnswerToAPollHasALimit(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	handler, err := New(w.api, builtApp())
	if err != nil {
		t.Fatal(err)
	}
	ann.tell("deck.created", `{}`)
	for since, held := range []bool{false, true} {
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/api/v1/events?since=%d&wait=30", since), nil)
		r.Header.Set("Authorization", "Bearer "+ann.token)
		l := &limited{ResponseRecorder: httptest.NewRecorder(), until: time.Now().Add(time.Minute)} // the server's
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			handler.ServeHTTP(l, r)
		}()
		w.untilWaiting(ann.id)
		if held {
			ann.tell("deck.updated", `{}`)
		}
		<-answered
		if l.Code != http.StatusOK || l.wrote.Before(time.Now()) {
			t.Errorf("held: %v: %d, to be written until %v", held, l.Code, l.wrote)
		}
	}
}
