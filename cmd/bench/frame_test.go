package bench

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"
)

func serverFrame(op byte, final bool, payload string) []byte {
	first := op
	if final {
		first |= 0x80
	}
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, payload...)
}

// However frames are cut into pieces, each comes out once, whole.
func TestFramesWhereverTheyAreCut(t *testing.T) {
	payloads := []string{"", "x", strings.Repeat("a", 125), strings.Repeat("b", 126), strings.Repeat("c", 65_535), strings.Repeat("d", 65_536)}
	var stream []byte
	for _, p := range payloads {
		stream = append(stream, serverFrame(opText, true, p)...)
	}
	for _, piece := range []int{1, 2, 3, 7, 130, 4096, len(stream)} {
		var got []string
		var held []byte
		for b := range slices.Chunk(stream, piece) {
			held = append(held, b...)
			for {
				f, size, err := nextFrame(held)
				if err != nil {
					t.Fatal(err)
				}
				if size == 0 {
					break
				}
				if f.op != opText || !f.final {
					t.Fatalf("%+v", f)
				}
				got = append(got, string(f.payload))
				held = held[size:]
			}
		}
		if !slices.Equal(got, payloads) || len(held) > 0 {
			t.Errorf("pieces of %d: %d frames, %d bytes left", piece, len(got), len(held))
		}
	}
}

func TestFramesThatNoServerMaySend(t *testing.T) {
	for name, b := range map[string][]byte{
		"masked":    {0x81, 0x81, 1, 2, 3, 4, 'x'},
		"extension": {0xC1, 1, 'x'},
		"too long":  {0x81, 127, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF},
		"endless":   {0x81, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
	} {
		if _, _, err := nextFrame(b); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestStamps(t *testing.T) {
	due := time.Now().UnixNano()
	payload := string(appendPayload(nil, due, payloadSize))
	if len(payload) != payloadSize {
		t.Errorf("a payload of %d bytes", len(payload))
	}
	if short := appendPayload(nil, due, 1); !bytes.Contains(short, []byte("@")) || len(short) < stampDigits {
		t.Errorf("%q", short)
	}
	for text, want := range map[string]int{
		"":                                  0,
		"@ts":                               0,
		"@ts123":                            0,
		"@ts@ts@ts@ts@ts@ts@ts@ts@ts":       0,
		payload:                             1,
		payload[:len(marker)+stampDigits]:   1,
		payload[:len(marker)+stampDigits-1]: 0,
		payload + "\n" + payload:            2,
		`{"body":"` + payload + `"}`:        1,
		"@ts@" + payload:                    1,
		Event(time.Unix(0, due)):            1,
	} {
		got := 0
		eachStamp([]byte(text), func(at int64) {
			got++
			if at != due {
				t.Errorf("%.30q: %d, want %d", text, at, due)
			}
		})
		if got != want {
			t.Errorf("%.30q: %d stamps, want %d", text, got, want)
		}
	}
}

func TestSeqOf(t *testing.T) {
	for text, want := range map[string]int64{
		`{"seq":1,"time":""}`: 1, `{"seq":1234567,`: 1234567, `{"name":"ready","message":{"seq":5}}`: 0, `{"seq":`: 0, ``: 0, `{"seq":x`: 0,
	} {
		if got := seqOf([]byte(text)); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}
