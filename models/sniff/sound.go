package sniff

import (
	"bytes"
	"encoding/binary"
)

// sound turns a finding into what a check of a sound answers.
func sound(ok bool) (int, int, error) {
	if !ok {
		return 0, 0, errBroken
	}
	return 0, 0, nil
}

// checkWAV finds the form and the data. Lengths of recordings that were never closed
// are wrong, and browsers play them all the same.
func checkWAV(data []byte) (int, int, error) {
	form := false
	for rest := data[12:]; len(rest) >= 8; {
		size := uint64(binary.LittleEndian.Uint32(rest[4:]))
		switch string(rest[:4]) {
		case "fmt ":
			form = size >= 16
		case "data":
			return sound(form)
		}
		if size += 8 + size&1; size > uint64(len(rest)) {
			break
		}
		rest = rest[size:]
	}
	return 0, 0, errCut
}

// checkOgg looks at the first packet of each stream: they all come before any data.
func checkOgg(data []byte) (int, int, error) {
	heard := false
	for len(data) >= 27 && bytes.HasPrefix(data, []byte("OggS")) && data[5]&2 != 0 {
		table := 27 + int(data[26])
		if table > len(data) {
			return 0, 0, errCut
		}
		size := table
		for _, n := range data[27:table] {
			size += int(n)
		}
		if size > len(data) {
			return 0, 0, errCut
		}
		packet := data[table:size]
		switch {
		case at(0, "OpusHead", "\x01vorbis", "\x7fFLAC", "Speex   ")(packet):
			heard = true
		case at(0, "\x80theora", "BBCD")(packet):
			return 0, 0, errVideo
		}
		data = data[size:]
	}
	return sound(heard)
}

// checkFLAC wants the block that says what the stream is, which comes first.
func checkFLAC(data []byte) (int, int, error) {
	const first = 4 + 4 + 34
	return sound(len(data) > first && data[4]&0x7f == 0 && data[7] == 34)
}

// checkWebM looks for the codecs' names, which stand near the beginning.
func checkWebM(data []byte) (int, int, error) {
	head := data[:min(len(data), 64<<10)]
	for _, codec := range []string{"V_VP8", "V_VP9", "V_AV1", "V_MPEG"} {
		if bytes.Contains(head, []byte(codec)) {
			return 0, 0, errVideo
		}
	}
	webm := bytes.Contains(head[:min(len(head), HeadSize)], []byte("webm"))
	return sound(webm && (bytes.Contains(head, []byte("A_OPUS")) || bytes.Contains(head, []byte("A_VORBIS"))))
}

// checkM4A wants a track to hear, and none to see.
func checkM4A(data []byte) (int, int, error) {
	if _, err := boxes(data); err != nil {
		return 0, 0, err
	}
	heard := false
	for _, handler := range within(data, "moov", "trak", "mdia", "hdlr") {
		switch {
		case at(8, "soun")(handler):
			heard = true
		case at(8, "vide")(handler):
			return 0, 0, errVideo
		}
	}
	return sound(heard)
}

// adtsFrame is the length of the frame of AAC that begins here; 0 when none does.
func adtsFrame(head []byte) int {
	if len(head) < 7 || head[0] != 0xff || head[1]&0xf6 != 0xf0 || head[2]>>2&0xf > 12 {
		return 0
	}
	if size := int(head[3]&3)<<11 | int(head[4])<<3 | int(head[5])>>5; size > 7 {
		return size
	}
	return 0
}

func checkAAC(data []byte) (int, int, error) { return sound(framed(data, adtsFrame)) }

// mp3Frame is the length of the frame of MP3 that begins here; 0 when none does.
func mp3Frame(head []byte) int {
	if len(head) < 4 || head[0] != 0xff || head[1]&0xe6 != 0xe2 { // MPEG's sign, layer III
		return 0
	}
	version, rate, kbit := head[1]>>3&3, head[2]>>2&3, int(head[2]>>4)
	if version == 1 || rate == 3 || kbit == 0 || kbit == 15 {
		return 0
	}
	hertz := []int{44100, 48000, 32000}[rate]
	bits, samples := []int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}[kbit], 144
	if version != 3 { // MPEG 2, and 2.5 at half its rate
		bits, samples = []int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}[kbit], 72
		if hertz /= 2; version == 0 {
			hertz /= 2
		}
	}
	return samples*bits*1000/hertz + int(head[2]>>1&1)
}

// checkMP3 finds the first frames: behind the tag, and what some programs leave there.
func checkMP3(data []byte) (int, int, error) {
	for len(data) >= 10 && bytes.HasPrefix(data, []byte("ID3")) {
		size := 10
		for i, n := range data[6:10] {
			size += int(n&0x7f) << (7 * (3 - i))
		}
		if data[5]&0x10 != 0 { // a footer
			size += 10
		}
		if size > len(data) {
			return 0, 0, errCut
		}
		data = data[size:]
	}
	const astray = 64 << 10
	for i := 0; i < min(len(data), astray); i++ {
		if data[i] == 0xff && framed(data[i:], mp3Frame) {
			return 0, 0, nil
		}
	}
	return 0, 0, errBroken
}

// framed reports whether data begins with a frame, and goes on with further ones.
func framed(data []byte, frame func([]byte) int) bool {
	for n := range 3 {
		size := frame(data)
		if size == 0 {
			return false
		}
		if size >= len(data) {
			return n > 0 || size == len(data) // the last may be cut short
		}
		data = data[size:]
	}
	return true
}
