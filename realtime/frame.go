package realtime

import (
	"encoding/binary"
	"encoding/json"
	"strconv"
)

// Opcodes of RFC 6455, section 5.2.
const (
	opText  = 0x1
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xA
)

// appendFrameHeader appends the header of a whole, unmasked frame: what servers
// send.
func appendFrameHeader(dst []byte, opcode byte, length int) []byte {
	dst = append(dst, 0x80|opcode)
	switch {
	case length < 126:
		return append(dst, byte(length))
	case length <= 0xFFFF:
		return binary.BigEndian.AppendUint16(append(dst, 126), uint16(length))
	default:
		return binary.BigEndian.AppendUint64(append(dst, 127), uint64(length))
	}
}

func appendFrame(dst []byte, opcode byte, payload []byte) []byte {
	return append(appendFrameHeader(dst, opcode, len(payload)), payload...)
}

// envelope is a frame that is not in the log, as JSON.
type envelope struct {
	Name    string          `json:"name"`
	ID      json.RawMessage `json:"id,omitempty"`
	Message any             `json:"message"`
}

// appendEnvelope appends a text frame with the envelope. What it is given can
// always be encoded.
func appendEnvelope(dst []byte, e envelope) []byte {
	text, err := json.Marshal(e)
	if err != nil {
		panic("realtime: a frame that is no JSON: " + err.Error())
	}
	return appendFrame(dst, opText, text)
}

// appendText appends a text frame with what fill appends, which is less than 64 KiB.
func appendText(dst []byte, fill func([]byte) []byte) []byte {
	const room = 4 // for the longer of its two headers
	start := len(dst)
	dst = fill(append(dst, make([]byte, room)...))
	text := dst[start+room:]
	head := appendFrameHeader(dst[:start], opText, len(text))
	return append(head, text...)
}

// appendNumber appends a text frame whose message is one number.
func appendNumber(dst []byte, name, field string, n int64) []byte {
	return appendText(dst, func(dst []byte) []byte {
		dst = append(append(append(dst, `{"name":"`...), name...), `","message":{"`...)
		dst = append(append(dst, field...), `":`...)
		return append(strconv.AppendInt(dst, n, 10), `}}`...)
	})
}

// appendString appends a text as JSON.
func appendString(dst []byte, text string) []byte {
	for i := range len(text) {
		if b := text[i]; b < ' ' || b == '"' || b == '\\' || b >= 0x7F || b == '<' || b == '>' || b == '&' {
			quoted, _ := json.Marshal(text)
			return append(dst, quoted...)
		}
	}
	return append(append(append(dst, '"'), text...), '"')
}

// appendClose appends a close frame. RFC 6455 has room for 123 bytes of reason.
func appendClose(dst []byte, code int, reason string) []byte {
	if code == 0 {
		return appendFrameHeader(dst, opClose, 0)
	}
	dst = appendFrameHeader(dst, opClose, 2+len(reason))
	dst = binary.BigEndian.AppendUint16(dst, uint16(code))
	return append(dst, reason...)
}
