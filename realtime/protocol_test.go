package realtime

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

func status(code int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(code)) }

func TestFramesThatEndASocket(t *testing.T) {
	const kib64 = 64 << 10
	large := []byte(`{"name":"x"}` + strings.Repeat(" ", kib64))
	for _, c := range []struct {
		name string
		put  [][]byte
		code int
	}{
		{"binary", [][]byte{masked(fin|0x2, []byte(`{}`))}, 1003},
		{"fragmented binary", [][]byte{masked(0x2, []byte(`{`))}, 1003},
		{"no UTF-8", [][]byte{masked(textFin, []byte("{\"name\":\"\xff\"}"))}, 1007},
		{"half a letter", [][]byte{masked(textFin, []byte("{\"name\":\"\xc3"))}, 1007},
		{"no UTF-8, split", [][]byte{masked(opText, []byte("{\"name\":\"\xc3")), masked(fin, []byte("\xc3\"}"))}, 1007},
		{"a surrogate", [][]byte{masked(textFin, []byte("\"\xed\xa0\x80\""))}, 1007},
		{"64 KiB and a byte", [][]byte{masked(textFin, large[:kib64+1])}, 1009},
		{"the header is enough", [][]byte{maskedAs(textFin, kib64+1, nil)}, 1009},
		{"a huge length", [][]byte{maskedAs(textFin, 1<<62, nil)}, 1009},
		{"a negative length", [][]byte{maskedAs(textFin, 1<<63, nil)}, 1009},
		{"large by fragments", [][]byte{masked(opText, large[:40_000]), masked(0, large[:25_000]), masked(0, large[:537])}, 1009},
		{"unmasked", [][]byte{appendFrame(nil, opText, []byte(`{}`))}, 1002},
		{"unmasked ping", [][]byte{appendFrame(nil, opPing, nil)}, 1002},
		{"RSV1", [][]byte{masked(textFin|0x40, []byte(`{}`))}, 1002},
		{"RSV2", [][]byte{masked(textFin|0x20, []byte(`{}`))}, 1002},
		{"RSV3", [][]byte{masked(textFin|0x10, []byte(`{}`))}, 1002},
		{"unknown opcode", [][]byte{masked(fin|0x3, nil)}, 1002},
		{"unknown control opcode", [][]byte{masked(fin|0xB, nil)}, 1002},
		{"nothing to continue", [][]byte{masked(fin, []byte(`{}`))}, 1002},
		{"text within text", [][]byte{masked(opText, []byte(`{`)), masked(textFin, []byte(`}`))}, 1002},
		{"a fragment of a ping", [][]byte{masked(opPing, nil)}, 1002},
		{"a large ping", [][]byte{masked(pingFin, make([]byte, 126))}, 1002},
		{"a large close", [][]byte{masked(closeFin, append(status(1000), make([]byte, 124)...))}, 1002},
		{"close with a code that is none", [][]byte{masked(closeFin, status(999))}, 1002},
		{"close with a code that is not sent", [][]byte{masked(closeFin, status(1005))}, 1002},
		{"close with a reason that is not UTF-8", [][]byte{masked(closeFin, append(status(1000), 0xff))}, 1002},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := start(t, Options{})
			other := f.live("")
			w := f.wire("", 0).ready()
			w.put(c.put...)
			code, last := w.ended()
			if code != c.code {
				t.Errorf("closed with %d, want %d", code, c.code)
			}
			if last == nil || last.Code != c.code || last.Reconnect || last.AfterMS != 0 || last.Reason == "" {
				t.Errorf("bye %+v", last)
			}
			w.Close()
			eventually(t, "the socket is forgotten", func() bool { return len(f.conns(1)) == 1 && f.Sockets() == 1 })
			other.settle()
		})
	}
}

func TestFramesThatAreFine(t *testing.T) {
	const kib64 = 64 << 10
	exactly := []byte(`{"name":"echo","message":1,"id":1` + strings.Repeat(" ", kib64))[:kib64-1]
	exactly = append(exactly, '}')
	utf8 := []byte(`{"name":"echo","id":1,"message":"é漢😀"}`)
	for _, c := range []struct {
		name string
		put  [][]byte
		want string // message of the reply
	}{
		{"exactly 64 KiB", [][]byte{masked(textFin, exactly)}, "1"},
		{"64 KiB in fragments", [][]byte{masked(opText, exactly[:1]), masked(0, exactly[1:60_000]), masked(0, nil), masked(fin, exactly[60_000:])}, "1"},
		{"UTF-8", [][]byte{masked(textFin, utf8)}, `"é漢😀"`},
		{"a letter over two fragments", [][]byte{masked(opText, utf8[:34]), masked(0, utf8[34:36]), masked(fin, utf8[36:])}, `"é漢😀"`},
		{"byte by byte", split(utf8), `"é漢😀"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := start(t, Options{})
			w := f.wire("", 0).ready()
			w.put(c.put...)
			if got := w.expect("reply"); string(got.Message) != c.want {
				t.Errorf("reply %s", got.Message)
			}
		})
	}
}

// split is a message with each byte in a fragment of its own.
func split(text []byte) (frames [][]byte) {
	for i := range text {
		first := byte(0)
		if i == 0 {
			first = opText
		}
		if i == len(text)-1 {
			first |= fin
		}
		frames = append(frames, masked(first, text[i:i+1]))
	}
	return frames
}

func TestPingsAreAnsweredWithinFragments(t *testing.T) {
	f := start(t, Options{})
	w := f.wire("", 0).ready()
	long := bytes.Repeat([]byte("p"), 125)
	w.put(masked(opText, []byte(`{"name":"echo","id":7,`)), masked(pingFin, long), masked(pongFin, []byte("unasked")), masked(0, []byte(`"message":`)),
		masked(pingFin, nil), masked(fin, []byte(`[1]}`)))
	for _, want := range [][]byte{long, {}} {
		if got, err := w.get(); err != nil || got.opcode != opPong || !bytes.Equal(got.payload, want) {
			t.Fatalf("%+v %v", got, err)
		}
	}
	if got := w.expect("reply"); string(got.Message) != "[1]" || string(got.ID) != "7" {
		t.Errorf("%+v", got)
	}
}

func TestCloseIsAnsweredWithItsCode(t *testing.T) {
	for _, c := range []struct {
		name    string
		payload []byte
		code    int
	}{
		{"1000", append(status(1000), "thanks"...), 1000}, {"1001", status(1001), 1001}, {"3000", status(3000), 3000}, {"4999", status(4999), 4999}, {"none", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := start(t, Options{})
			w := f.wire("", 0).ready()
			w.put(masked(closeFin, c.payload))
			code, last := w.ended()
			if code != c.code || last != nil {
				t.Errorf("answered with %d, bye %+v", code, last)
			}
			w.Close()
			eventually(t, "the socket is forgotten", func() bool { return f.Sockets() == 0 })
		})
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
