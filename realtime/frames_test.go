package realtime

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// row is what a client sends, and all that the server says to it besides the
// welcome.
type row struct {
	name string
	put  []byte
	want []string // see transcript; a socket that is not closed by it must go on
	cut  bool     // it ends within a frame or a message: nothing can follow but the end of the stream
}

// ends is what the server says when it closes.
func ends(code int) []string { return []string{fmt.Sprint("bye ", code), fmt.Sprint("close ", code)} }

// maskedWide is a frame whose length is written in so many bits.
func maskedWide(first byte, bits int, length uint64, payload []byte) []byte {
	out := []byte{first}
	if bits == 16 {
		out = binary.BigEndian.AppendUint16(append(out, 0x80|126), uint16(length))
	} else {
		out = binary.BigEndian.AppendUint64(append(out, 0x80|127), length)
	}
	return append(out, masked(first, payload)[len(masked(first, payload))-4-len(payload):]...)
}

func status(code int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(code)) }

// split is a message with each byte in a fragment of its own.
func split(text []byte) []byte {
	var out []byte
	for i := range text {
		first := byte(0)
		if i == 0 {
			first = opText
		}
		if i == len(text)-1 {
			first |= fin
		}
		out = append(out, masked(first, text[i:i+1])...)
	}
	return out
}

func cat(frames ...[]byte) []byte { return bytes.Join(frames, nil) }

// padded is an echo of 1 with so many bytes.
func padded(size int) []byte {
	text := bytes.Repeat([]byte(" "), size)
	copy(text, `{"name":"echo","id":1,"message":1`)
	text[size-1] = '}'
	return text
}

// rows are all that a peer may try.
func rows() []row {
	return slices.Concat(headerRows(), lengthRows(), fragmentRows(), textRows(), controlRows(), closeRows())
}

const echo1 = `{"name":"echo","id":1,"message":1}`

// reply1 is the answer to it. Its capacity is its length: who appends gets a copy.
var reply1 = []string{`reply 1 1`}

// headerRows are about the first two bytes.
func headerRows() (all []row) {
	kinds := []struct {
		name  string
		first byte
		put   string
	}{{"text", textFin, echo1}, {"binary", fin | 2, "x"}, {"continuation", fin, "x"}, {"close", closeFin, ""}, {"ping", pingFin, "x"}, {"pong", pongFin, "x"}}
	for _, k := range kinds {
		for i, rsv := range []byte{0x40, 0x20, 0x10} {
			all = append(all, row{name: fmt.Sprintf("RSV%d on %s", i+1, k.name), put: masked(k.first|rsv, []byte(k.put)), want: ends(1002)})
		}
		all = append(all, row{name: "unmasked " + k.name, put: appendFrame(nil, k.first&0xF, []byte(k.put)), want: ends(1002)})
	}
	for _, opcode := range []byte{3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF} {
		all = append(all, row{name: fmt.Sprintf("opcode %X", opcode), put: masked(fin|opcode, []byte("x")), want: ends(1002)},
			row{name: fmt.Sprintf("opcode %X in fragments", opcode), put: masked(opcode, nil), want: ends(1002)})
	}
	plain := []byte{textFin, 0x80 | byte(len(echo1)), 0, 0, 0, 0}
	return append(all,
		row{name: "RSV1, 2 and 3", put: masked(textFin|0x70, []byte(echo1)), want: ends(1002)},
		row{name: "RSV1 on a later fragment", put: cat(masked(opText, []byte("{")), masked(fin|0x40, []byte("}"))), want: ends(1002)},
		row{name: "RSV1 behind a good frame", put: cat(masked(textFin, []byte(echo1)), masked(textFin|0x40, nil)), want: append(reply1, ends(1002)...)},
		row{name: "a mask of zeros", put: append(plain, echo1...), want: reply1},
		row{name: "one byte of a header", put: []byte{textFin}, cut: true},
		row{name: "a header without its mask", put: masked(textFin, []byte("xyz"))[:4], cut: true},
	)
}

// lengthRows are about how long a payload is, and how that is written.
func lengthRows() []row {
	echoOf := func(size int) []byte { return masked(textFin, padded(size)) }
	return []row{
		{name: "length 0", put: masked(textFin, nil), want: []string{"error malformed"}},
		{name: "length 125", put: echoOf(125), want: reply1},
		{name: "length 126", put: echoOf(126), want: reply1},
		{name: "length 127", put: echoOf(127), want: reply1},
		{name: "length 65535", put: echoOf(65535), want: reply1},
		{name: "length 65536", put: echoOf(65536), want: reply1},
		{name: "length 65537", put: echoOf(65537), want: ends(1009)},
		{name: "the header is enough", put: maskedAs(textFin, 65537, nil), want: ends(1009)},
		{name: "length 2^32", put: maskedAs(textFin, 1<<32, []byte("x")), want: ends(1009)},
		{name: "length 2^62", put: maskedAs(textFin, 1<<62, nil), want: ends(1009)},
		{name: "length 2^63-1", put: maskedAs(textFin, 1<<63-1, nil), want: ends(1009)},
		{name: "length 2^63", put: maskedAs(textFin, 1<<63, nil), want: ends(1002)},
		{name: "length 2^64-1", put: maskedAs(textFin, 1<<64-1, nil), want: ends(1002)},
		{name: "length 2^63 on a continuation", put: cat(masked(opText, nil), maskedAs(0, 1<<63, nil)), want: ends(1002)},
		{name: "0 in 16 bits", put: maskedWide(textFin, 16, 0, nil), want: ends(1002)},
		{name: "34 in 16 bits", put: maskedWide(textFin, 16, uint64(len(echo1)), []byte(echo1)), want: ends(1002)},
		{name: "125 in 16 bits", put: maskedWide(textFin, 16, 125, padded(125)), want: ends(1002)},
		{name: "126 in 16 bits", put: maskedWide(textFin, 16, 126, padded(126)), want: reply1},
		{name: "0 in 64 bits", put: maskedWide(textFin, 64, 0, nil), want: ends(1002)},
		{name: "125 in 64 bits", put: maskedWide(textFin, 64, 125, padded(125)), want: ends(1002)},
		{name: "126 in 64 bits", put: maskedWide(textFin, 64, 126, padded(126)), want: ends(1002)},
		{name: "65535 in 64 bits", put: maskedWide(textFin, 64, 65535, padded(65535)), want: ends(1002)},
		{name: "65536 in 64 bits", put: maskedWide(textFin, 64, 65536, padded(65536)), want: reply1},
		{name: "5 in 16 bits on a continuation", put: cat(masked(opText, nil), maskedWide(fin, 16, 5, []byte("hello"))), want: ends(1002)},
		{name: "5 in 16 bits on a ping", put: maskedWide(pingFin, 16, 5, []byte("hello")), want: ends(1002)},
		{name: "2 in 64 bits on a close", put: maskedWide(closeFin, 64, 2, status(1000)), want: ends(1002)},
		{name: "126 in 16 bits on a ping", put: masked(pingFin, make([]byte, 126)), want: ends(1002)},
		{name: "a longer form behind good frames", put: cat(masked(textFin, []byte(echo1)), masked(pingFin, []byte("p")), maskedWide(textFin, 16, 0, nil), masked(pingFin, []byte("never"))),
			want: append([]string{"reply 1 1", `pong "p"`}, ends(1002)...)},
		{name: "a longer form behind binary", put: cat(masked(fin|2, []byte("x")), maskedWide(textFin, 16, 0, nil)), want: ends(1003)},
		{name: "more said than comes", put: maskedAs(textFin, 200, []byte(echo1)), cut: true},
		{name: "64 KiB said, a byte comes", put: maskedAs(textFin, 65536, []byte("{")), cut: true},
		{name: "half a length", put: maskedAs(textFin, 65536, nil)[:6], cut: true},
	}
}

// fragmentRows are about messages of several frames.
func fragmentRows() []row {
	text := []byte(echo1)
	whole := padded(maxFrame)
	var even, over []byte // 64 KiB, and a byte more, in frames of 1 KiB
	for i := range 64 {
		first := byte(0)
		if i == 0 {
			first = opText
		}
		over = append(over, masked(first, whole[i<<10:(i+1)<<10])...)
		if i == 63 {
			first = fin
		}
		even = append(even, masked(first, whole[i<<10:(i+1)<<10])...)
	}
	over = append(over, masked(fin, []byte(" "))...)
	none := bytes.Repeat(masked(0, nil), 2000)
	return []row{
		{name: "nothing to continue", put: masked(fin, text), want: ends(1002)},
		{name: "nothing to continue, and more", put: masked(0, text), want: ends(1002)},
		{name: "a continuation behind a whole message", put: cat(masked(textFin, text), masked(fin, text)), want: append(reply1, ends(1002)...)},
		{name: "text within text", put: cat(masked(opText, []byte(`{`)), masked(textFin, []byte(`}`))), want: ends(1002)},
		{name: "a beginning within text", put: cat(masked(opText, []byte(`{`)), masked(opText, []byte(`}`))), want: ends(1002)},
		{name: "binary within text", put: cat(masked(opText, []byte(`{`)), masked(fin|2, []byte(`}`))), want: ends(1002)},
		{name: "two fragments", put: cat(masked(opText, text[:9]), masked(fin, text[9:])), want: reply1},
		{name: "a byte each", put: split(text), want: reply1},
		{name: "empty fragments around", put: cat(masked(opText, nil), masked(0, nil), masked(0, text), masked(0, nil), masked(fin, nil)), want: reply1},
		{name: "only empty fragments", put: cat(masked(opText, nil), masked(0, nil), masked(fin, nil)), want: []string{"error malformed"}},
		{name: "2000 empty fragments", put: cat(masked(opText, text), none, masked(fin, nil)), want: reply1},
		{name: "64 KiB by the KiB", put: even, want: reply1},
		{name: "64 KiB and a byte by the KiB", put: over, want: ends(1009)},
		{name: "over 64 KiB by the last header", put: cat(masked(opText, whole), maskedAs(0, 1, nil)), want: ends(1009)},
		{name: "two messages by fragments", put: cat(masked(opText, text[:9]), masked(fin, text[9:]), masked(opText, text[:5]), masked(fin, text[5:])), want: []string{"reply 1 1", "reply 1 1"}},
		{name: "a message that never ends", put: cat(masked(opText, text), masked(0, nil)), cut: true},
		{name: "binary", put: masked(fin|2, []byte(`{}`)), want: ends(1003)},
		{name: "empty binary", put: masked(fin|2, nil), want: ends(1003)},
		{name: "fragmented binary", put: cat(masked(2, []byte(`{`)), masked(fin, []byte(`}`))), want: ends(1003)},
		{name: "many in one segment", put: bytes.Repeat(masked(textFin, text), 20), want: slices.Repeat(reply1, 20)},
	}
}

// textRows are about UTF-8.
func textRows() (all []row) {
	letters := []byte(`{"name":"echo","id":1,"message":"é漢😀"}`)
	for i := 1; i < len(letters); i++ {
		if i >= 33 && i <= 42 { // within the letters and at their ends
			all = append(all, row{name: fmt.Sprint("letters split at ", i), put: cat(masked(opText, letters[:i]), masked(fin, letters[i:])), want: []string{`reply 1 "é漢😀"`}})
		}
	}
	for name, bad := range map[string]string{
		"a byte that never is": "\xff", "a lone continuation": "\x80", "overlong in 2 bytes": "\xc0\xaf", "overlong in 3 bytes": "\xe0\x80\xaf", "overlong in 4 bytes": "\xf0\x80\x80\xaf",
		"the lowest surrogate": "\xed\xa0\x80", "the highest surrogate": "\xed\xbf\xbf", "beyond the last letter": "\xf4\x90\x80\x80", "five bytes": "\xf8\x88\x80\x80\x80",
		"cut in 2 bytes": "\xc3", "cut in 3 bytes": "\xe6\xbc", "cut in 4 bytes": "\xf0\x9f\x98",
	} {
		text := []byte(`{"name":"echo","id":1,"message":"` + bad + `"}`)
		all = append(all, row{name: "UTF-8: " + name, put: masked(textFin, text), want: ends(1007)},
			row{name: "UTF-8 at the end: " + name, put: masked(textFin, []byte("{}"+bad)), want: ends(1007)},
			row{name: "UTF-8 by the byte: " + name, put: split(text), want: ends(1007)})
	}
	slices.SortFunc(all, func(a, b row) int { return strings.Compare(a.name, b.name) })
	return append(all,
		row{name: "all letters", put: masked(textFin, letters), want: []string{`reply 1 "é漢😀"`}},
		row{name: "letters by the byte", put: split(letters), want: []string{`reply 1 "é漢😀"`}},
		row{name: "the last letter, and none that is one", put: masked(textFin, []byte("{\"name\":\"echo\",\"id\":1,\"message\":\"\U0010FFFF\uFFFE\uFEFF\"}")), want: []string{"reply 1 \"\U0010FFFF\uFFFE\uFEFF\""}},
		row{name: "UTF-8 that fails in a message that goes on", put: cat(masked(opText, []byte("\xff")), masked(0, []byte("x"))), cut: true},
		row{name: "zero bytes", put: masked(textFin, make([]byte, 3)), want: []string{"error malformed"}},
	)
}

// controlRows are pings and pongs.
func controlRows() []row {
	long := bytes.Repeat([]byte("p"), 125)
	text := []byte(echo1)
	pong := func(payload []byte) string { return fmt.Sprintf("pong %q", payload) }
	return []row{
		{name: "ping", put: masked(pingFin, nil), want: []string{`pong ""`}},
		{name: "ping with 125 bytes", put: masked(pingFin, long), want: []string{pong(long)}},
		{name: "ping that is no UTF-8", put: masked(pingFin, []byte("\xff\x00")), want: []string{pong([]byte("\xff\x00"))}},
		{name: "pings in a row", put: cat(masked(pingFin, []byte("1")), masked(pingFin, []byte("2")), masked(pingFin, []byte("3"))), want: []string{`pong "1"`, `pong "2"`, `pong "3"`}},
		{name: "pong that nobody asked for", put: masked(pongFin, []byte("x"))},
		{name: "pong with 125 bytes", put: masked(pongFin, long)},
		{name: "ping over 125 bytes", put: masked(pingFin, append(long, 'p')), want: ends(1002)},
		{name: "pong over 125 bytes", put: masked(pongFin, append(long, 'p')), want: ends(1002)},
		{name: "ping of 64 KiB", put: masked(pingFin, make([]byte, 65536)), want: ends(1002)},
		{name: "a fragment of a ping", put: masked(opPing, nil), want: ends(1002)},
		{name: "a fragment of a pong", put: masked(0xA, nil), want: ends(1002)},
		{name: "a ping in two", put: cat(masked(opPing, []byte("1")), masked(fin, []byte("2"))), want: ends(1002)},
		{name: "a ping within a message", put: cat(masked(opText, text[:9]), masked(pingFin, []byte("p")), masked(fin, text[9:])), want: []string{`pong "p"`, "reply 1 1"}},
		{name: "a pong within a message", put: cat(masked(opText, text[:9]), masked(pongFin, []byte("p")), masked(fin, text[9:])), want: reply1},
		{name: "pings between all fragments", put: cat(masked(opText, text[:9]), masked(pingFin, long), masked(0, text[9:20]), masked(pingFin, nil), masked(pongFin, nil), masked(fin, text[20:])),
			want: []string{pong(long), `pong ""`, "reply 1 1"}},
		{name: "a bad ping within a message", put: cat(masked(opText, text[:9]), masked(opPing, nil), masked(fin, text[9:])), want: ends(1002)},
		{name: "half a ping", put: masked(pingFin, long)[:60], cut: true},
	}
}

// closeRows are about the end: it is answered once, with the same code, and nothing
// that comes behind it is.
func closeRows() (all []row) {
	add := func(name string, payload []byte, want ...string) {
		all = append(all, row{name: name, put: masked(closeFin, payload), want: want})
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4001, 4500, 4999} {
		add(fmt.Sprint("close ", code), status(code), fmt.Sprint("close ", code))
	}
	for _, code := range []int{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		add(fmt.Sprint("close ", code), status(code), ends(1002)...)
	}
	reason := func(s string) []byte { return append(status(1000), s...) }
	add("close without a code", nil, "close")
	add("close with half a code", []byte{3}, ends(1002)...)
	add("close with a reason", reason("thanks"), "close 1000")
	add("close with letters", reason("é漢😀"), "close 1000")
	add("close with 123 bytes of reason", reason(strings.Repeat("x", 123)), "close 1000")
	add("close with 124 bytes of reason", reason(strings.Repeat("x", 124)), ends(1002)...)
	for name, bad := range map[string]string{"a bad byte": "\xff", "a surrogate": "\xed\xa0\x80", "an overlong form": "\xc0\xaf", "half a letter": "ok \xe6\xbc"} {
		add("close with a reason that has "+name, reason(bad), ends(1007)...)
	}
	slices.SortFunc(all, func(a, b row) int { return strings.Compare(a.name, b.name) })
	bye, text, ping := masked(closeFin, status(1000)), masked(textFin, []byte(echo1)), masked(pingFin, []byte("never"))
	closed := []string{"close 1000"}
	return append(all,
		row{name: "a fragment of a close", put: masked(opClose, status(1000)), want: ends(1002)},
		row{name: "a close within a message", put: cat(masked(opText, []byte("{")), bye), want: closed},
		row{name: "a close with half a code within a message", put: cat(masked(opText, []byte("{")), masked(closeFin, []byte{3})), want: ends(1002)},
		row{name: "text behind a close", put: cat(bye, text), want: closed},
		row{name: "a ping behind a close", put: cat(bye, ping), want: closed},
		row{name: "a close behind a close", put: cat(bye, masked(closeFin, status(1001))), want: closed},
		row{name: "nonsense behind a close", put: append(bye, "\xff\xff\xff\xff"...), want: closed},
		row{name: "half a code behind a close", put: cat(bye, masked(closeFin, []byte{3})), want: closed},
		row{name: "text behind a refusal", put: cat(masked(fin|2, nil), text, bye), want: ends(1003)},
		row{name: "text, then a close", put: cat(text, ping, bye), want: append(reply1, `pong "never"`, "close 1000")},
		row{name: "half a close", put: masked(closeFin, reason("thanks"))[:9], cut: true},
	)
}
