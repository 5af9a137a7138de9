package realtime

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
)

// line is a frame of the server's in a few words: "reply ID MESSAGE", "error CODE",
// "bye CODE", "pong PAYLOAD", "close CODE".
func (f wireFrame) line() string {
	switch {
	case !f.final:
		return "a fragment"
	case f.opcode == opClose && len(f.payload) == 0:
		return "close"
	case f.opcode == opClose && len(f.payload) > 1:
		return fmt.Sprint("close ", int(f.payload[0])<<8|int(f.payload[1]))
	case f.opcode == opPong:
		return fmt.Sprintf("pong %q", f.payload)
	}
	var text struct {
		frame
		Message struct{ Code any }
	}
	if f.opcode != opText || json.Unmarshal(f.payload, &text.frame) != nil {
		return fmt.Sprintf("opcode %X", f.opcode)
	}
	switch text.Name {
	case "reply":
		return fmt.Sprintf("reply %s %s", text.ID, text.frame.Message)
	case "error", "bye":
		json.Unmarshal(text.frame.Message, &text.Message)
		return strings.TrimSpace(fmt.Sprintf("%s %v %s", text.Name, text.Message.Code, text.ID))
	}
	return text.Name
}

// transcript reads to the end of the stream, or to a line.
func (w *wire) transcript(until string) (lines []string) {
	w.t.Helper()
	for {
		f, err := w.get()
		if err == io.EOF {
			return lines
		}
		if err != nil {
			w.t.Fatalf("behind %.300q: %v", lines, err)
		}
		if lines = append(lines, f.line()); lines[len(lines)-1] == until {
			return lines
		}
	}
}

// drip is a listener whose connections are read a byte at a time.
type drip struct{ net.Listener }

func (l drip) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		conn = dripping{conn.(*net.TCPConn)}
	}
	return conn, err
}

type dripping struct{ *net.TCPConn }

func (c dripping) Read(b []byte) (int, error) { return c.TCPConn.Read(b[:min(1, len(b))]) }

// Every frame that may come gets its answer, and no other: in one segment, and a
// byte at a time.
func TestFrames(t *testing.T) {
	for mode, listen := range map[string]func(net.Listener) net.Listener{
		"at once": nil, "by the byte": func(l net.Listener) net.Listener { return drip{l} },
	} {
		t.Run(mode, func(t *testing.T) {
			f := startOn(t, Options{}, listen)
			other := f.live("")
			for _, r := range rows() {
				t.Run(r.name, func(t *testing.T) {
					w := f.wire("", 0)
					w.t = t
					w.ready()
					w.put(r.put)
					want := slices.Clone(r.want)
					switch {
					case r.cut:
						w.Conn.(*net.TCPConn).CloseWrite()
					case len(want) == 0 || !strings.HasPrefix(want[len(want)-1], "close"):
						w.put(masked(textFin, []byte(`{"name":"ping","id":"end"}`)), masked(closeFin, status(1000)))
						want = append(want, `reply "end" {}`, "close 1000")
					}
					if got := w.transcript(""); !slices.Equal(got, want) {
						t.Errorf("the server said\n%.300q, want\n%.300q", got, want)
					}
					w.Close()
				})
			}
			eventually(t, "the sockets are forgotten", func() bool { return len(f.conns(1)) == 1 && f.Sockets() == 1 })
			other.settle()
		})
	}
}

// A message in endless pieces of nothing is neither bytes nor messages to count.
func TestEndlessFragments(t *testing.T) {
	f := start(t, Options{})
	w := f.wire("", 0).ready()
	w.put(masked(opText, []byte("{")))
	for range 32 {
		w.put(bytes.Repeat(masked(0, nil), maxParts/32))
	}
	if code, last := w.ended(); code != 1009 || last == nil || last.Reconnect || last.AfterMS != 0 || last.Reason != closeReasons[1009] {
		t.Errorf("closed with %d, bye %+v", code, last)
	}
}

func TestByeOfAFault(t *testing.T) {
	for code, put := range map[int][]byte{1002: masked(closeFin, []byte{3}), 1003: masked(fin|2, nil), 1007: masked(textFin, []byte{0xff}), 1009: maskedAs(textFin, 1<<20, nil)} {
		w := start(t, Options{}).wire("", 0).ready()
		w.put(put)
		if got, last := w.ended(); got != code || last == nil || last.Code != code || last.Reconnect || last.AfterMS != 0 || last.Reason == "" {
			t.Errorf("closed with %d, bye %+v, want %d", got, last, code)
		}
	}
}

// The answer to a ping must not land inside another frame, also when those are
// taken by the kernel piece by piece.
func TestPingsDuringAReplay(t *testing.T) {
	f := startOn(t, Options{}, small)
	const events = 600
	for i := range events {
		f.log.addSized(1, "card.created", 1000+i*37%9000)
	}
	w := f.wire("since=0", 4096)
	w.expect("welcome")
	pings := 0
	for seq, pongs := int64(0), 0; seq < events || pongs < pings; {
		if pings < 150 && (pings < 10 || seq%4 == 0) {
			w.put(masked(pingFin, fmt.Appendf(nil, "ping %d", pings)))
			pings++
		}
		raw, err := w.get()
		switch {
		case err != nil:
			t.Fatal(err)
		case raw.opcode == opPong:
			if string(raw.payload) != fmt.Sprintf("ping %d", pongs) {
				t.Fatalf("pong %q, want number %d", raw.payload, pongs)
			}
			pongs++
		case bytes.Contains(raw.payload, []byte(`"name":"ready"`)):
		default:
			if seq++; !bytes.HasPrefix(raw.payload, fmt.Appendf(nil, `{"seq":%d,`, seq)) {
				t.Fatalf("%.100s, want seq %d", raw.payload, seq)
			}
		}
	}
}
