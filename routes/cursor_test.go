package routes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"aoki/models"
	"aoki/realtime"
)

// heard is what a client hears until it is up to date: the reset, if there was one,
// and the events, by their seq.
type heard struct {
	reset realtime.Reset
	seqs  []int64
}

// ways are the three ways to the log. Each gives what a cursor leads to, or the
// answer that refused it, and what comes afterwards for one further event.
var ways = map[string]func(w *world, p *person, query string, oneMore func()) (heard, answer){
	"poll":   byPoll,
	"stream": byStream,
	"socket": bySocket,
}

func (h *heard) frame(text []byte) (name string) {
	var f struct {
		Name    string
		Seq     int64
		Message json.RawMessage
	}
	if json.Unmarshal(text, &f) != nil {
		return ""
	}
	if f.Name == "reset" {
		_ = json.Unmarshal(f.Message, &h.reset)
		h.seqs = append(h.seqs, 0) // so that one out of its place is seen
	}
	if f.Seq > 0 {
		h.seqs = append(h.seqs, f.Seq)
	}
	return f.Name
}

func byPoll(w *world, p *person, query string, oneMore func()) (h heard, got answer) {
	if got = p.get("/api/v1/events?limit=200&" + query); got.status != 200 {
		return h, got
	}
	read := func() (head int64) {
		var page struct {
			Head   int64
			Events []json.RawMessage
			Reset  *realtime.Reset
		}
		if err := json.Unmarshal([]byte(got.body), &page); err != nil {
			w.t.Error(err)
		}
		if page.Reset != nil {
			h.reset = *page.Reset
			h.seqs = append(h.seqs, 0)
		}
		for _, e := range page.Events {
			h.frame(e)
		}
		return page.Head
	}
	head := read()
	oneMore()
	got = p.get(fmt.Sprintf("/api/v1/events?since=%d&epoch=%s", head, w.store.Epoch()))
	read()
	return h, got
}

func byStream(w *world, p *person, query string, oneMore func()) (h heard, got answer) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := p.stream(ctx, "?"+query)
	if got = (answer{status: s.resp.StatusCode, header: s.resp.Header}); got.status != 200 {
		line, _ := s.body.ReadString(0)
		got.body = line
		return h, got
	}
	for more := false; ; {
		line, err := s.body.ReadString('\n')
		if err != nil {
			w.t.Error(err)
			return h, got
		}
		if line == ": ready\n" {
			oneMore()
			more = true
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			h.frame([]byte(data))
			if more {
				return h, got
			}
		}
	}
}

func bySocket(w *world, p *person, query string, oneMore func()) (h heard, got answer) {
	conn, got := w.dial("?"+query, "Authorization: Bearer "+p.token)
	if conn == nil {
		return h, got
	}
	defer conn.Close()
	for more := false; ; {
		switch name := h.frame([]byte(frame(w.t, conn).body)); {
		case more:
			return h, got
		case name == "ready":
			oneMore()
			more = true
		}
	}
}

// The rules of cursors, over all three ways.
func TestCursors(t *testing.T) {
	const tooOld, gone = "the inbox of ann, trimmed", "bob's secret"
	run := func(seqs ...int64) []int64 { return seqs }
	begin := func(t *testing.T) (*world, *person) {
		w := newWorld(t)
		ann, bob := w.user("ann"), w.user("bob")
		for n := range 10 {
			text := "the inbox of ann"
			if n < 4 {
				text = tooOld
			}
			ann.tell("deck.created", fmt.Sprintf(`{"deck":{"id":%d,"name":%q,"description":""}}`, n+1, text))
			bob.tell("deck.created", `{"deck":{"id":99,"name":"`+gone+`","description":""}}`)
		}
		if err := w.store.Trim(t.Context(), models.Retention{Days: 1, Events: 6}); err != nil {
			t.Fatal(err)
		}
		return w, ann
	}
	unmoved, unmovedAnn := begin(t) // for who is refused
	for _, c := range []struct {
		name, query string // {e} is the epoch
		status      int
		reason      string
		want        []int64 // events up to 10 and then the eleventh; 0 is the reset
	}{
		{"from what is still there", "since=4&epoch={e}", 200, "", run(5, 6, 7, 8, 9, 10, 11)},
		{"without an epoch", "since=4", 200, "", run(5, 6, 7, 8, 9, 10, 11)},
		{"with an empty epoch", "since=4&epoch=", 200, "", run(5, 6, 7, 8, 9, 10, 11)},
		{"one before the head", "since=9&epoch={e}", 200, "", run(10, 11)},
		{"the head", "since=10&epoch={e}", 200, "", run(11)},

		{"one too old", "since=3&epoch={e}", 200, "trimmed", run(0, 11)},
		{"from the beginning", "since=0", 200, "trimmed", run(0, 11)},
		{"one ahead", "since=11&epoch={e}", 200, "ahead", run(0, 11)},
		{"far ahead", "since=9223372036854775807", 200, "ahead", run(0, 11)},
		{"another epoch", "since=10&epoch=another", 200, "epoch", run(0, 11)},
		{"another epoch, too old", "since=0&epoch=another", 200, "epoch", run(0, 11)},
		{"another epoch, ahead", "since=99&epoch=another", 200, "epoch", run(0, 11)},
		{"the epoch in capitals", "since=10&epoch={E}", 200, "epoch", run(0, 11)},

		{"empty", "since=", 400, "since", nil},
		{"a space", "since=%20", 400, "since", nil},
		{"negative", "since=-1", 400, "since", nil},
		{"minus nothing", "since=-0", 400, "since", nil},
		{"a plus sign", "since=%2B4", 400, "since", nil},
		{"a plus sign that is a space", "since=+4", 400, "since", nil},
		{"words", "since=head", 400, "since", nil},
		{"a fraction", "since=4.0", 400, "since", nil},
		{"an exponent", "since=1e1", 400, "since", nil},
		{"hexadecimal", "since=0x4", 400, "since", nil},
		{"a leading zero", "since=04", 400, "since", nil},
		{"an underscore", "since=1_0", 400, "since", nil},
		{"other digits", "since=%D9%A4", 400, "since", nil},
		{"a NUL behind", "since=4%00", 400, "since", nil},
		{"something behind", "since=4,5", 400, "since", nil},
		{"a semicolon", "since=4;5", 400, "query", nil},
		{"half an escape", "since=4%", 400, "query", nil},
		{"64 bits and one", "since=9223372036854775808", 400, "since", nil},
		{"unsigned 64 bits", "since=18446744073709551615", 400, "since", nil},
		{"that wraps to 4", "since=18446744073709551620", 400, "since", nil},
		{"a thousand digits", "since=" + strings.Repeat("9", 1000), 400, "since", nil},
		{"given twice", "since=4&since=9", 400, "since", nil},
		{"twice the same", "since=4&since=4", 400, "since", nil},
		{"twice, once empty", "since=4&since=", 400, "since", nil},
		{"two epochs", "since=4&epoch={e}&epoch=another", 400, "epoch", nil},
	} {
		for way, do := range ways {
			t.Run(way+", "+c.name, func(t *testing.T) {
				w, ann := unmoved, unmovedAnn
				if c.status == 200 {
					w, ann = begin(t)
				}
				query := strings.NewReplacer("{e}", w.store.Epoch(), "{E}", strings.ToUpper(w.store.Epoch())).Replace(c.query)
				h, got := do(w, ann, query, func() {
					ann.tell("deck.created", `{"deck":{"id":11,"name":"one more","description":""}}`)
				})
				if got.status != c.status && !(way == "socket" && got.status == 101 && c.status == 200) {
					t.Fatalf("%d %s", got.status, got.body)
				}
				if strings.Contains(got.body, gone) || strings.Contains(got.body, tooOld) {
					t.Errorf("what must not be seen: %s", got.body)
				}
				if c.status != 200 {
					if got.code() != "malformed" || got.json("fields.0.field") != c.reason || got.header.Get("Content-Type") != "application/problem+json" {
						t.Errorf("%s %s", got.header.Get("Content-Type"), got.body)
					}
					return
				}
				if !slices.Equal(h.seqs, c.want) {
					t.Errorf("heard %v, want %v", h.seqs, c.want)
				}
				want := realtime.Reset{}
				if c.reason != "" {
					want = realtime.Reset{Epoch: w.store.Epoch(), Head: 10, Reason: c.reason}
				}
				if h.reset != want {
					t.Errorf("reset %+v, want %+v", h.reset, want)
				}
			})
		}
	}
}

// A stream's own cursor has the same rules.
func TestLastEventID(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	for n := range 10 {
		ann.tell("deck.created", fmt.Sprintf(`{"deck":{"id":%d,"name":"x","description":""}}`, n+1))
	}
	if err := w.store.Trim(t.Context(), models.Retention{Days: 1, Events: 6}); err != nil {
		t.Fatal(err)
	}
	e := w.store.Epoch()
	for last, want := range map[string]string{
		e + ":9": `"seq":10`, e + ":4": `"seq":5`, e + ":3": `"reason":"trimmed"`, e + ":11": `"reason":"ahead"`, "another:10": `"reason":"epoch"`,
		"": `"reason":"trimmed"`, // as if there were none: since=0 counts
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if _, data := ann.stream(ctx, "?since=0", "Last-Event-ID: "+last).next(t); !strings.Contains(data, want) {
			t.Errorf("%q: %s, want %s", last, data, want)
		}
		cancel()
	}
	for _, last := range []string{"9", ":9", e, e + ":", e + ":-1", e + ":+9", e + ":09", e + ":9:9", e + ":9223372036854775808", "x"} {
		got := ann.get("/api/v1/events", "Accept: text/event-stream", "Last-Event-ID: "+last)
		if got.status != 400 || got.code() != "malformed" || got.json("fields.0.field") != "Last-Event-ID" {
			t.Errorf("%q: %d %s", last, got.status, got.body)
		}
	}
	r, _ := http.NewRequest("GET", w.url+"/api/v1/events", nil)
	r.Header = http.Header{"Accept": {"text/event-stream"}, "Authorization": {"Bearer " + ann.token}, "Last-Event-Id": {e + ":9", e + ":8"}}
	resp, err := http.DefaultClient.Do(r)
	if err != nil || resp.StatusCode != 400 {
		t.Error("given twice:", resp, err)
	}
	resp.Body.Close()
}

// A log is trimmed while a client that reads slowly is in the middle of its replay:
// it has all up to some event, is told, and goes on from the head. There is no gap.
func TestTrimmedInTheMiddleOfAReplay(t *testing.T) {
	const total = 400
	large := fmt.Sprintf(`{"deck":{"id":1,"name":%q,"description":""}}`, strings.Repeat("x", 50<<10))
	begin := func(t *testing.T) (*world, *person) {
		w := newWorld(t)
		ann := w.user("ann")
		for range total { // more than the kernel keeps for who does not read
			ann.tell("deck.created", large)
		}
		return w, ann
	}
	trim := func(t *testing.T, w *world) {
		if err := w.store.Trim(t.Context(), models.Retention{Days: 1, Events: 1}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(t *testing.T, w *world, h heard) {
		t.Helper()
		at := slices.Index(h.seqs, 0)
		if at < 1 || at >= total-1 || !slices.Equal(h.seqs[at:], []int64{0, total + 1}) {
			t.Fatalf("%d events before the reset, and then %v", at, h.seqs[max(0, at):])
		}
		for i, seq := range h.seqs[:at] {
			if seq != int64(i)+1 {
				t.Fatalf("%d is where %d should be", seq, i+1)
			}
		}
		if want := (realtime.Reset{Epoch: w.store.Epoch(), Head: total, Reason: "trimmed"}); h.reset != want {
			t.Errorf("%+v, want %+v", h.reset, want)
		}
	}
	more := func(p *person) { p.tell("deck.created", `{"deck":{"id":2,"name":"one more","description":""}}`) }

	t.Run("socket", func(t *testing.T) {
		w, ann := begin(t)
		conn, got := w.dial("?since=0", "Authorization: Bearer "+ann.token)
		if conn == nil {
			t.Fatal(got.body)
		}
		var h heard
		next := func(c *websocket.Conn) string { return h.frame([]byte(frame(t, c).body)) }
		for len(h.seqs) == 0 {
			next(conn)
		}
		trim(t, w)
		for next(conn) != "ready" {
		}
		more(ann)
		next(conn)
		check(t, w, h)
	})
	t.Run("stream", func(t *testing.T) {
		w, ann := begin(t)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		s := ann.stream(ctx, "?since=0")
		var h heard
		next := func() { _, data := s.next(t); h.frame([]byte(data)) }
		next()
		trim(t, w)
		for h.reset.Reason == "" {
			next()
		}
		more(ann)
		next()
		check(t, w, h)
	})
	t.Run("poll", func(t *testing.T) {
		w, ann := begin(t)
		var h heard
		page := func(since int64) (head int64) {
			got := ann.get(fmt.Sprintf("/api/v1/events?since=%d&limit=10", since))
			for i := 0; got.json(fmt.Sprint("events.", i)) != nil && i < 10; i++ {
				text, _ := json.Marshal(got.json(fmt.Sprint("events.", i)))
				h.frame(text)
			}
			if reason := got.json("reset.reason"); reason != nil {
				h.seqs = append(h.seqs, 0)
				h.reset = realtime.Reset{Epoch: got.json("reset.epoch").(string), Head: int64(got.json("reset.head").(float64)), Reason: reason.(string)}
			}
			return int64(got.json("head").(float64))
		}
		page(0)
		trim(t, w)
		head := page(h.seqs[len(h.seqs)-1])
		more(ann)
		page(head)
		check(t, w, h)
	})
}
