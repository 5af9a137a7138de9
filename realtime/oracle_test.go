package realtime

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"unicode/utf8"
)

// oracle says what a server must answer to a stream of bytes, if its clock stands
// and its log has so many events: the frames of RFC 6455 read once more, in the
// plainest way there is, from a whole stream instead of piece by piece.
type oracle struct {
	events int64
	lines  []string
	closed bool
	loose  bool // an ack came whose answer depends on when it was read
	taken  int
	bad    int
	within bool // a message
	text   []byte
	parts  int
}

// hear gives the lines for a stream.
func (o *oracle) hear(stream []byte) {
	for !o.closed {
		rest, ok := o.frame(stream)
		if !ok {
			return // the rest has not come
		}
		stream = rest
	}
}

func (o *oracle) end(lines ...string) { o.lines, o.closed = append(o.lines, lines...), true }

// frame reads one, and gives what is behind it; ok is false when it isn't whole
// and nothing is wrong so far.
func (o *oracle) frame(b []byte) (rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, false
	}
	opcode, final, length := b[0]&0xF, b[0]&fin != 0, uint64(b[1]&0x7F)
	control := opcode >= 8
	switch {
	case b[0]&0x70 != 0, b[1]&0x80 == 0, opcode > 2 && opcode < 8, opcode > 10,
		control && (!final || length > 125), opcode == opClose && length == 1,
		opcode == 0 && !o.within, !control && opcode != 0 && o.within:
		o.end(ends(1002)...)
		return nil, true
	}
	b = b[2:]
	wide := map[uint64]int{126: 2, 127: 8}[length]
	if len(b) < wide {
		return nil, false
	}
	if wide > 0 {
		length = 0
		for _, x := range b[:wide] {
			length = length<<8 | uint64(x)
		}
		if wide == 2 && length < 126 || wide == 8 && (length < 65536 || length >= 1<<63) {
			o.end(ends(1002)...)
			return nil, true
		}
	}
	b = b[wide:]
	if o.parts++; !control && opcode != 0 {
		o.parts = 1
	} else if control {
		o.parts--
	}
	if o.parts > maxParts {
		o.end(ends(1009)...)
		return nil, true
	}
	if len(b) < 4 {
		return nil, false
	}
	if !control && uint64(len(o.text))+length > maxFrame {
		o.end(ends(1009)...)
		return nil, true
	}
	if opcode == 2 {
		o.end(ends(1003)...)
		return nil, true
	}
	key, payload := b[:4], b[4:]
	if uint64(len(payload)) < length {
		return nil, false
	}
	payload, rest = slices.Clone(payload[:length]), payload[length:]
	for i := range payload {
		payload[i] ^= key[i%4]
	}
	switch opcode {
	case opClose:
		o.close(payload)
	case opPing:
		if o.take() {
			o.lines = append(o.lines, fmt.Sprintf("pong %q", payload))
		}
	case opPong:
		o.take()
	default:
		o.text = append(o.text, payload...)
		if o.within = !final; final {
			o.message(o.text)
			o.text = nil
		}
	}
	return rest, true
}

func (o *oracle) close(payload []byte) {
	if len(payload) == 0 {
		o.end("close")
		return
	}
	code := binary.BigEndian.Uint16(payload)
	known := code >= 1000 && code <= 1003 || code >= 1007 && code <= 1013 || code >= 3000 && code <= 4999
	if !known {
		o.end(ends(1002)...)
		return
	}
	if !utf8.Valid(payload[2:]) {
		o.end(ends(1007)...)
		return
	}
	o.end(fmt.Sprint("close ", code))
}

func (o *oracle) take() bool {
	switch o.taken++; o.taken {
	case inboundBurst:
		o.lines = append(o.lines, "error rate_limited")
	case 2 * inboundBurst:
		o.end(ends(CloseTooMany)...)
		return false
	}
	return true
}

func (o *oracle) message(text []byte) {
	if !utf8.Valid(text) {
		o.end(ends(1007)...)
		return
	}
	if !o.take() {
		return
	}
	var cmd command
	if !parse(text, &cmd) {
		if o.bad++; o.bad > maxMalformed {
			o.end(ends(CloseProtocol)...)
			return
		}
		o.lines = append(o.lines, "error malformed")
		return
	}
	fail := func(code string) {
		line := "error " + code
		if cmd.ID != nil {
			line += " " + string(cmd.ID)
		}
		o.lines = append(o.lines, line)
	}
	switch cmd.Name {
	case "ping":
		if cmd.ID != nil {
			o.lines = append(o.lines, fmt.Sprintf("reply %s {}", cmd.ID))
		}
	case "echo":
		if cmd.Message == nil {
			cmd.Message = []byte("null")
		}
		o.lines = append(o.lines, fmt.Sprintf("reply %s %s", cmd.ID, cmd.Message))
	case "ack":
		var m struct{ Seq *int64 }
		err := json.Unmarshal(cmd.Message, &m)
		switch {
		case err != nil || m.Seq == nil || *m.Seq < 0 || *m.Seq > o.events:
			fail("validation_failed")
		case *m.Seq > 0:
			o.loose = true
		}
	case "refresh":
		fail("validation_failed")
	default:
		fail("unknown_command")
	}
}

// The oracle and the table were written apart, and agree.
func TestOracle(t *testing.T) {
	for _, r := range rows() {
		o := oracle{events: 100}
		o.hear(r.put)
		if !slices.Equal(o.lines, r.want) {
			t.Errorf("%s: %.200q, want %.200q", r.name, o.lines, r.want)
		}
	}
}
