package routes

import (
	"context"
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
