package realtime

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func sized(seqs []int64, size func(i int) int) []Event {
	var events []Event
	for i, seq := range seqs {
		events = append(events, Event{User: 1, Seq: seq, Time: time.Unix(1_700_000_000, 0), Name: "x", Message: json.RawMessage(`"` + strings.Repeat("x", size(i)) + `"`)})
	}
	return events
}

func TestDeliveryAfterACursor(t *testing.T) {
	for _, c := range []struct {
		seqs   []int64
		cursor int64
		want   int
	}{
		{[]int64{1}, 0, 0}, {[]int64{1}, 1, -1}, {[]int64{2}, 0, -1}, {[]int64{5, 6, 7}, 4, 0}, {[]int64{5, 6, 7}, 5, 1},
		{[]int64{5, 6, 7}, 6, 2}, {[]int64{5, 6, 7}, 7, -1}, {[]int64{5, 6, 7}, 3, -1}, {[]int64{5, 6, 7}, 9, -1},
		{[]int64{5, 7}, 4, -1}, {[]int64{5, 7}, 6, 1}, {[]int64{5, 7, 8}, 6, 1}, {[]int64{5, 5, 6}, 4, 1}, {[]int64{5, 6, 6}, 4, -1},
	} {
		var d delivery
		d.set(sized(c.seqs, func(int) int { return 1 }))
		if got := d.after(c.cursor); got != c.want {
			t.Errorf("%v after %d: %d, want %d", c.seqs, c.cursor, got, c.want)
		}
	}
}

// Seqs in any order: what is written from a cursor on is cursor+1, cursor+2, … or
// nothing.
func TestDeliveryAfterAnyCursor(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		seqs := make([]int64, 1+r.IntN(6))
		for i := range seqs {
			seqs[i] = 1 + r.Int64N(8)
		}
		var d delivery
		d.set(sized(seqs, func(int) int { return 0 }))
		cursor := r.Int64N(9)
		from := d.after(cursor)
		if from < 0 {
			continue
		}
		for i, seq := range seqs[from:] {
			if seq != cursor+1+int64(i) {
				t.Fatalf("%v after %d: from %d", seqs, cursor, from)
			}
		}
	}
}

func TestDeliveryCutAnywhere(t *testing.T) {
	sizes := []int{0, 1, 50, 100, 300, 66_000, 3}
	events := sized([]int64{11, 12, 13, 14, 15, 16, 17}, func(i int) int { return sizes[i] })
	var d delivery
	d.set(events)
	for from := range events {
		whole := d.frames(from)
		step := 1
		for n := 0; n < len(whole); n += step {
			rest, seq := d.cut(from, n)
			var want []byte // the frames up to seq
			for i := from; i < len(events) && events[i].Seq <= seq; i++ {
				want = events[i].appendFrame(want)
			}
			if got := append(bytes.Clone(whole[:n]), rest...); !bytes.Equal(got, want) {
				t.Fatalf("from %d, %d bytes written: %d bytes of rest up to seq %d", from, n, len(rest), seq)
			}
			if len(want) > n && len(want)-len(events[seq-11].appendFrame(nil)) >= n {
				t.Fatalf("from %d, %d bytes written: more than one frame of rest", from, n)
			}
			if step = 1; n > 1500 && n < len(whole)-20 {
				step = 4001
			}
		}
	}
	for i := range events {
		if !bytes.Equal(d.frame(i), events[i].appendFrame(nil)) {
			t.Errorf("frame %d", i)
		}
	}
}

func TestDeliveryIsUsedAgain(t *testing.T) {
	var d delivery
	for _, n := range []int{5, 1, 3} {
		events := sized(make([]int64, n), func(i int) int { return i })
		d.set(events)
		if len(d.seqs) != n || len(d.offs) != n {
			t.Fatalf("%d events: %v %v", n, d.seqs, d.offs)
		}
		var want []byte
		for i := range events {
			want = events[i].appendFrame(want)
		}
		if !bytes.Equal(d.frames(0), want) {
			t.Errorf("%d events: other frames", n)
		}
	}
}

func TestEventsAsJSON(t *testing.T) {
	at := time.Date(2026, 5, 13, 12, 0, 0, 120_000_000, time.UTC)
	for want, e := range map[string]Event{
		`{"seq":1,"time":"2026-05-13T12:00:00.12Z","name":"card.created","message":{"n":1}}`:                                    {User: 9, Seq: 1, Time: at, Name: "card.created", Message: json.RawMessage(`{"n":1}`)},
		`{"seq":2,"time":"2026-05-13T12:00:00.12Z","name":"notification.created","counts":{"unread":3,"unseen":0},"message":1}`: {Seq: 2, Time: at, Name: "notification.created", Counts: &Counts{Unread: 3}, Message: json.RawMessage(`1`)},
	} {
		if got := string(e.AppendJSON(nil)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got := e.appendFrame([]byte("before")); !bytes.Equal(got, appendFrame([]byte("before"), opText, []byte(want))) {
			t.Errorf("frame %q", got)
		}
	}
}

func TestFrameHeaders(t *testing.T) {
	for length, want := range map[int]string{
		0: "8100", 125: "817d", 126: "817e007e", 65535: "817effff", 65536: "817f0000000000010000",
	} {
		if got := fmt.Sprintf("%x", appendFrameHeader(nil, opText, length)); got != want {
			t.Errorf("%d: %s, want %s", length, got, want)
		}
	}
	for code, want := range map[int]string{0: "8800", 1000: "880603e8676f6e65"} {
		if got := fmt.Sprintf("%x", appendClose(nil, code, "gone")); got != want {
			t.Errorf("close %d: %s, want %s", code, got, want)
		}
	}
	for code, reason := range closeReasons {
		if len(reason) > 123 || reason == "" {
			t.Errorf("the reason of %d has %d bytes", code, len(reason))
		}
	}
}
