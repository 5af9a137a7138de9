package realtime

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// maxFuzz keeps the answers to a stream below what a socket may have waiting.
const maxFuzz = 3 * maxFrame

// FuzzInbound sends bytes that need not be frames.
//
//	go test -run - -fuzz FuzzInbound -fuzzminimizetime 10x -parallel 1 ./realtime
func FuzzInbound(f *testing.F) {
	for i, r := range rows() {
		if len(r.put) <= 4096 { // TestFramesInPieces has the others: long seeds are slow
			f.Add(r.put, uint64(i%3))
		}
	}
	m := newMouth(f, memoryPair)
	f.Fuzz(func(t *testing.T, stream []byte, seed uint64) {
		if len(stream) > maxFuzz {
			t.Skip("longer than a stream needs to be")
		}
		m.speak(t, stream, seed)
	})
}

// TestFramesInPieces has every frame of the table come in pieces as chance has it.
func TestFramesInPieces(t *testing.T) {
	memory, unix := newMouth(t, memoryPair), newMouth(t, unixPair)
	for _, r := range rows() {
		t.Run(r.name, func(t *testing.T) {
			for seed := range uint64(4) {
				memory.speak(t, r.put, seed)
				unix.speak(t, r.put, seed)
			}
		})
	}
}

// FuzzCommand sends text that need not be a command, as one good frame.
func FuzzCommand(f *testing.F) {
	for _, text := range []string{
		`{"name":"ping","id":"a"}`, `{"name":"ping"}`, `{"name":"echo","id":-1.5e3,"message":{"a":[1.0,"é漢😀",null]}}`, `{"name":"echo"}`,
		`{"name":"ack","id":1,"message":{"seq":3}}`, `{"name":"ack","message":{"seq":-1}}`, `{"name":"ack","message":{"seq":9223372036854775808}}`, `{"name":"ack","id":1,"message":{"seq":"3"}}`,
		`{"name":"refresh","id":1,"message":{"token":"x"}}`, `{"name":"jump","id":""}`, `{"id":{}}`, `null`, ``, `{`, `[]`, `{} {}`, "{\"name\":\"\\ud800\"}", `{"NAME":"ping","Id":1}`, `{"name":"ping","name":"echo","id":1,"id":2}`,
	} {
		f.Add([]byte(text))
	}
	m := newMouth(f, memoryPair)
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > maxFrame {
			t.Skip("longer than a frame")
		}
		m.speak(t, masked(textFin, text), 0)
		var cmd command
		if !utf8.Valid(text) || !parse(text, &cmd) {
			return
		}
		if !json.Valid(text) {
			t.Errorf("%q was taken for a command", text)
		}
		if id := cmd.ID; id != nil && !json.Valid(id) {
			t.Errorf("the id %q of %q is not JSON", id, text)
		}
	})
}

// FuzzSplit sends messages that are whole, in frames, with pings between them, and
// in pieces that a seed chooses: all must be answered.
func FuzzSplit(f *testing.F) {
	for seed, text := range []string{"", "x", "é漢😀", "\U0010FFFF\x00\"\\", "a\nb\n\nc"} {
		for i := range uint64(4) {
			f.Add(text, i<<8|uint64(seed))
		}
	}
	m := newMouth(f, memoryPair)
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		if len(text) > maxFrame/16 || !utf8.ValidString(text) {
			t.Skip("no text of a message")
		}
		message, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(seed, 2))
		var stream []byte
		for range 1 + r.IntN(4) {
			stream = append(stream, fragments(r, append(append([]byte(`{"name":"echo","id":1,"message":`), message...), '}'))...)
		}
		var o oracle
		if o.hear(stream); o.closed {
			t.Fatalf("the stream was to be a good one, and ends with %q", o.lines)
		}
		m.speak(t, stream, seed)
	})
}

// fragments is a message in frames as chance has it.
func fragments(r *rand.Rand, text []byte) (stream []byte) {
	first := byte(opText)
	for pings := 0; ; first = 0 {
		n := min(len(text), r.IntN(len(text)/3+2))
		if n == len(text) {
			return append(stream, masked(first|fin, text)...)
		}
		stream, text = append(stream, masked(first, text[:n])...), text[n:]
		if r.IntN(3) == 0 && pings < 10 {
			pings++
			stream = append(stream, masked(pingFin, text[:min(len(text), 125)])...)
		}
	}
}
