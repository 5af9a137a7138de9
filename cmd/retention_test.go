package cmd

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"aoki/realtime"
)

// The chore of a server that starts with a shorter retention: old cursors are told,
// those that can be served are, and the inbox stays.
func TestRetention(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	ann, ben := s.setUp(t)
	for n := range 12 {
		ann.do(t, http.MethodPost, "/admin/pushes", map[string]any{"to": map[string]any{"users": []string{"benny"}}, "title": fmt.Sprint("push ", n+1), "body": ""}, nil)
	}
	s.stop()
	s = serve(t, s.data, "--keep-events", "5")
	ben.base = s.url
	var page struct {
		Epoch  string
		Events []struct{ Seq int64 }
		Reset  *realtime.Reset
	}
	for late := time.Now().Add(20 * time.Second); page.Reset == nil; {
		if time.Now().After(late) {
			t.Fatalf("nothing was trimmed: %s", s.stderr)
		}
		ben.do(t, http.MethodGet, "/events?since=6", nil, &page)
	}
	if want := (realtime.Reset{Epoch: page.Epoch, Head: 12, Reason: "trimmed"}); *page.Reset != want || len(page.Events) != 0 {
		t.Errorf("%+v, want %+v", page, want)
	}
	if got := firstReset(t, ben, &realtime.Position{Seq: 6, Epoch: page.Epoch}); got != *page.Reset {
		t.Errorf("socket: %+v", got)
	}
	if got := firstOfStream(t, ben, "since=6"); got != *page.Reset {
		t.Errorf("stream: %+v", got)
	}
	page.Reset = nil
	ben.do(t, http.MethodGet, "/events?since=7", nil, &page)
	if page.Reset != nil || len(page.Events) != 5 || page.Events[0].Seq != 8 || page.Events[4].Seq != 12 {
		t.Errorf("from what is still there: %+v", page)
	}
	var box struct{ Items []struct{ Title string } }
	ben.do(t, http.MethodGet, "/notifications", nil, &box)
	if len(box.Items) != 12 {
		t.Errorf("%d notifications", len(box.Items))
	}
}
