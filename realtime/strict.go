package realtime

import (
	"errors"

	"github.com/gorilla/websocket"
)

// errStrict is a frame that RFC 6455 forbids and gorilla does not refuse.
var errStrict = errors.New("realtime: a frame against RFC 6455")

// maxParts is how many frames may make up a message: twice what the largest one
// needs in pieces of a byte. Empty pieces would otherwise go on for ever, as they
// count neither as bytes nor as messages.
const maxParts = 2 * maxFrame

// strict follows the headers of the frames that a client sends, to find what
// gorilla lets pass: lengths that are not the shortest form or have the top bit
// set, a close frame with half a code, a message of endless pieces. It holds no
// bytes of them, and payloads cost it nothing.
type strict struct {
	left  uint64 // at a header: the length so far; else the bytes up to the next one
	parts uint32 // frames of the message under way
	first byte   // of the header: FIN, RSV and opcode
	state byte
	fault byte
}

// States of strict: which byte comes next. A length of 16 or 64 bits has a state
// for each of its bytes.
const (
	atFirst = iota
	atSecond
	atPayload // or the mask before it
	atLength16
	afterLength16 = atLength16 + 2
	atLength64    = afterLength16 + 1
	afterLength64 = atLength64 + 8
)

const (
	faultHeader = 1 + iota
	faultParts
)

const maskSize = 4

// err is what was found, nil for nothing.
func (s *strict) err() error {
	switch s.fault {
	case 0:
		return nil
	case faultParts:
		return websocket.ErrReadLimit
	default:
		return errStrict
	}
}

// follow looks at the next bytes and gives how many of them come before a frame
// that is at fault. Once there was one, nothing more may be read.
func (s *strict) follow(b []byte) int {
	begin := 0 // of the frame
	for i := 0; i < len(b); {
		switch s.state {
		case atPayload:
			n := min(s.left, uint64(len(b)-i))
			s.left -= n
			i += int(n)
			if s.left == 0 {
				s.state = atFirst
			}
			continue
		case atFirst:
			begin, s.first, s.state = i, b[i], atSecond
		case atSecond:
			s.second(b[i] & 0x7F)
		default:
			s.length(b[i])
		}
		if s.fault != 0 {
			return begin
		}
		i++
	}
	return len(b)
}

// second looks at the length of 7 bits, or at what stands for a longer one.
func (s *strict) second(length byte) {
	s.left = 0
	switch length {
	case 126:
		s.state = atLength16
	case 127:
		s.state = atLength64
	default:
		s.payload(uint64(length))
	}
}

// length adds a byte to a length of 16 or 64 bits.
func (s *strict) length(b byte) {
	s.left = s.left<<8 | uint64(b)
	s.state++
	switch {
	case s.state == afterLength16 && s.left < 126, s.state == afterLength64 && (s.left <= 0xFFFF || s.left>>63 != 0):
		s.fault = faultHeader
	case s.state == afterLength16, s.state == afterLength64:
		s.payload(s.left)
	}
}

// payload is the end of a header. Whether there is a mask is gorilla's to look at:
// without one, it reads nothing more.
func (s *strict) payload(length uint64) {
	s.left, s.state = length+maskSize, atPayload
	switch opcode := s.first & 0xF; {
	case opcode == opClose && length == 1:
		s.fault = faultHeader
	case opcode == 0:
		if s.parts++; s.parts > maxParts {
			s.fault = faultParts
		}
	case opcode < opClose:
		s.parts = 1
	}
}
