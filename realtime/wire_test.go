package realtime

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// wire is a client that speaks frames by hand, right and wrong ones.
type wire struct {
	net.Conn
	br *bufio.Reader
	t  testing.TB
}

// wireFrame is a frame as it came.
type wireFrame struct {
	opcode  byte
	final   bool
	payload []byte
}

// wire opens a socket; receive is the size of its receive buffer, 0 for what the
// system likes.
func (f *fixture) wire(query string, receive int) *wire {
	f.t.Helper()
	dialer := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		if receive > 0 {
			raw.Control(func(fd uintptr) {
				err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, receive)
			})
		}
		return err
	}}
	conn, err := dialer.Dial("tcp", strings.TrimPrefix(f.url, "ws://"))
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { conn.Close() })
	w := &wire{Conn: conn, br: bufio.NewReaderSize(conn, 64), t: f.t}
	fmt.Fprintf(conn, "GET /?%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n", query)
	conn.SetReadDeadline(time.Now().Add(patience))
	resp, err := http.ReadResponse(w.br, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		f.t.Fatal(resp, err)
	}
	return w
}

// masked is a client's frame. first is its first byte: FIN, RSV and opcode.
func masked(first byte, payload []byte) []byte {
	return maskedAs(first, uint64(len(payload)), payload)
}

// maskedAs says another length than it has.
func maskedAs(first byte, length uint64, payload []byte) []byte {
	key := [4]byte{0xA1, 0xB2, 0xC3, 0xD4}
	out := []byte{first}
	switch {
	case length < 126:
		out = append(out, 0x80|byte(length))
	case length <= 0xFFFF:
		out = binary.BigEndian.AppendUint16(append(out, 0x80|126), uint16(length))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 0x80|127), length)
	}
	out = append(out, key[:]...)
	for i, b := range payload {
		out = append(out, b^key[i%4])
	}
	return out
}

const (
	fin      = 0x80
	textFin  = fin | opText
	pingFin  = fin | opPing
	pongFin  = fin | opPong
	closeFin = fin | opClose
)

func (w *wire) put(frames ...[]byte) {
	w.t.Helper()
	w.SetWriteDeadline(time.Now().Add(patience))
	for _, f := range frames {
		if _, err := w.Write(f); err != nil {
			w.t.Fatal(err)
		}
	}
}

// decode reads the JSON in it.
func (f wireFrame) decode(v any) error { return json.Unmarshal(f.payload, v) }

// get reads a frame; io.EOF is the end of the stream between two.
func (w *wire) get() (wireFrame, error) {
	w.SetReadDeadline(time.Now().Add(patience))
	var head [2]byte
	if _, err := io.ReadFull(w.br, head[:]); err != nil {
		return wireFrame{}, err
	}
	f := wireFrame{opcode: head[0] & 0xF, final: head[0]&fin != 0}
	if head[0]&0x70 != 0 || head[1]&0x80 != 0 {
		return f, errors.New("RSV or MASK of a server's frame is set")
	}
	length := uint64(head[1])
	switch length {
	case 126:
		var b [2]byte
		if _, err := io.ReadFull(w.br, b[:]); err != nil {
			return f, io.ErrUnexpectedEOF
		}
		length = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		if _, err := io.ReadFull(w.br, b[:]); err != nil {
			return f, io.ErrUnexpectedEOF
		}
		length = binary.BigEndian.Uint64(b[:])
	}
	if short := map[byte]uint64{126: 126, 127: 1 << 16}[head[1]]; length < short || f.opcode >= opClose && (length > 125 || !f.final) {
		return f, fmt.Errorf("opcode %X with length %d in %d", f.opcode, length, head[1])
	}
	if length > 1<<20 {
		return f, fmt.Errorf("a frame of %d bytes", length)
	}
	f.payload = make([]byte, length)
	if _, err := io.ReadFull(w.br, f.payload); err != nil {
		return f, io.ErrUnexpectedEOF
	}
	return f, nil
}

// next reads a text frame with one JSON object.
func (w *wire) next() frame {
	w.t.Helper()
	raw, err := w.get()
	var f frame
	if err != nil || raw.opcode != opText || !raw.final || json.Unmarshal(raw.payload, &f) != nil {
		w.t.Fatalf("frame %+v %s: %v", raw, raw.payload, err)
	}
	return f
}

func (w *wire) expect(name string) frame {
	w.t.Helper()
	f := w.next()
	if f.Name != name {
		w.t.Fatalf("got %q %s, want %q", f.Name, f.Message, name)
	}
	return f
}

// ready reads what a live socket begins with.
func (w *wire) ready() *wire {
	w.t.Helper()
	w.expect("welcome")
	w.expect("ready")
	return w
}

// ended reads to the end of the stream, checks that a close frame is the last, and
// gives its code (0 for none given), and the bye before it.
func (w *wire) ended() (code int, last *bye) {
	w.t.Helper()
	for {
		f, err := w.get()
		if err != nil {
			w.t.Fatal("no close frame:", err)
		}
		if f.opcode == opClose {
			if len(f.payload) >= 2 {
				code = int(binary.BigEndian.Uint16(f.payload))
			}
			break
		}
		var text frame
		if f.opcode == opText && json.Unmarshal(f.payload, &text) == nil && text.Name == "bye" {
			last = new(bye)
			json.Unmarshal(text.Message, last)
		}
	}
	if f, err := w.get(); err != io.EOF {
		w.t.Errorf("behind the close frame: %+v %v", f, err)
	}
	return code, last
}
