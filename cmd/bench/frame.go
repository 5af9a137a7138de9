package bench

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"
	"time"
)

const (
	opContinued = 0x0
	opText      = 0x1
	opClose     = 0x8
	opPing      = 0x9
	opPong      = 0xA

	maxPayload = 1 << 20
)

var errFrame = errors.New("a frame that no server may send")

// frame is one frame as it lies in what was read.
type frame struct {
	op      byte
	final   bool
	payload []byte
}

// nextFrame reads the frame that b begins with, and how long it is: 0 when there is
// more to come.
func nextFrame(b []byte) (f frame, size int, err error) {
	if len(b) < 2 {
		return f, 0, nil
	}
	if b[0]&0x70 != 0 || b[1]&0x80 != 0 { // extensions, a mask
		return f, 0, errFrame
	}
	head, length := 2, uint64(b[1])
	switch {
	case length == 126 && len(b) >= 4:
		head, length = 4, uint64(binary.BigEndian.Uint16(b[2:]))
	case length == 127 && len(b) >= 10:
		head, length = 10, binary.BigEndian.Uint64(b[2:])
	case length >= 126:
		return f, 0, nil
	}
	if length > maxPayload {
		return f, 0, errFrame
	}
	size = head + int(length)
	if len(b) < size {
		return f, 0, nil
	}
	return frame{op: b[0] & 0x0F, final: b[0]&0x80 != 0, payload: b[head:size]}, size, nil
}

// appendMasked appends a control frame as clients send it. The mask is zero: the
// payload stays as it is.
func appendMasked(dst []byte, op byte, payload []byte) []byte {
	dst = append(dst, 0x80|op, 0x80|byte(len(payload)), 0, 0, 0, 0)
	return append(dst, payload...)
}

// A payload begins with when it was due, so that a delivery is counted and timed
// however a server wraps or joins payloads.
var marker = []byte("@ts")

const (
	stampDigits = 19 // of nanoseconds since 1970
	payloadSize = 256
)

var filling = bytes.Repeat([]byte("abcdefghijklmnopqrstuvwxyz0123456789"), 128)

func appendPayload(dst []byte, due int64, size int) []byte {
	begin := len(dst)
	dst = append(dst, marker...)
	dst = strconv.AppendInt(dst, due, 10)
	dst = append(dst, '@')
	if have := len(dst) - begin; have < size {
		dst = append(dst, filling[:size-have]...)
	}
	return dst
}

// Event is the message of an event that a log holds beforehand, of the size of a card
// with a stamp in it.
func Event(at time.Time) string {
	return `{"deck":{"id":1,"name":"Spanish"},"text":"` + string(appendPayload(nil, at.UnixNano(), payloadSize)) + `"}`
}

// eachStamp calls fn with the stamp of each payload in text.
func eachStamp(text []byte, fn func(due int64)) {
	for {
		i := bytes.Index(text, marker)
		if i < 0 || len(text) < i+len(marker)+stampDigits {
			return
		}
		digits := text[i+len(marker) : i+len(marker)+stampDigits]
		text = text[i+len(marker):]
		var due int64
		for _, d := range digits {
			if d < '0' || d > '9' {
				due = -1
				break
			}
			due = due*10 + int64(d-'0')
		}
		if due >= 0 {
			fn(due)
		}
	}
}

var seqHead = []byte(`{"seq":`)

// seqOf is the number that an event of a log begins with, 0 of what is not in a log.
func seqOf(text []byte) int64 {
	if !bytes.HasPrefix(text, seqHead) {
		return 0
	}
	var seq int64
	for _, d := range text[len(seqHead):] {
		if d < '0' || d > '9' {
			break
		}
		seq = seq*10 + int64(d-'0')
	}
	return seq
}
