package sniff_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"

	"aoki/models/sniff"
)

func TestCheck(t *testing.T) {
	withTrailer := append(jpegOf(t, 30, 20), "what a camera leaves behind"...)
	for _, tt := range []struct {
		name string
		data []byte
		want sniff.File
	}{
		{"png", pngOf(t, 30, 20), sniff.File{Type: "image/png", Ext: "png", Width: 30, Height: 20}},
		{"jpeg", jpegOf(t, 30, 20), sniff.File{Type: "image/jpeg", Ext: "jpg", Width: 30, Height: 20}},
		{"jpeg with something behind it", withTrailer, sniff.File{Type: "image/jpeg", Ext: "jpg", Width: 30, Height: 20}},
		{"gif", gifOf(t, 30, 20), sniff.File{Type: "image/gif", Ext: "gif", Width: 30, Height: 20}},
		{"webp", webpOf(t), sniff.File{Type: "image/webp", Ext: "webp", Width: 2, Height: 3}},
		{"avif", avifOf(30, 20), sniff.File{Type: "image/avif", Ext: "avif", Width: 30, Height: 20}},
		{"wav", wavOf(100), sniff.File{Type: "audio/wav", Ext: "wav"}},
		{"mp3", mp3Of(0), sniff.File{Type: "audio/mpeg", Ext: "mp3"}},
		{"mp3 with a tag", mp3Of(3000), sniff.File{Type: "audio/mpeg", Ext: "mp3"}},
		{"aac", aacOf(), sniff.File{Type: "audio/aac", Ext: "aac"}},
		{"m4a", m4aOf("soun"), sniff.File{Type: "audio/mp4", Ext: "m4a"}},
		{"opus", oggOf("OpusHead\x01\x02"), sniff.File{Type: "audio/ogg", Ext: "ogg"}},
		{"vorbis", oggOf("\x01vorbis"), sniff.File{Type: "audio/ogg", Ext: "ogg"}},
		{"flac", flacOf(), sniff.File{Type: "audio/flac", Ext: "flac"}},
		{"webm", webmOf("A_OPUS"), sniff.File{Type: "audio/webm", Ext: "webm"}},
	} {
		got, err := sniff.Check(tt.data)
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v %v", tt.name, got, err)
		}
		kind, known := sniff.Kind(tt.data[:min(len(tt.data), sniff.HeadSize)])
		if !known || kind.Type != tt.want.Type || kind.Image() != strings.HasPrefix(tt.want.Type, "image/") {
			t.Errorf("%s: by its head %+v %v", tt.name, kind, known)
		}
	}
}

// Every picture that is cut anywhere is refused, and no cut panics. A GIF may lack its last
// byte, and is whole after each of its pictures.
func TestCutShort(t *testing.T) {
	for name, data := range map[string][]byte{
		"png": pngOf(t, 30, 20), "jpeg": jpegOf(t, 30, 20), "gif": gifOf(t, 30, 20), "webp": webpOf(t), "avif": avifOf(30, 20),
	} {
		for n := range data {
			next := data[n:]
			whole := name == "gif" && n > 100 && (len(next) == 1 || bytes.HasPrefix(next, []byte{0x21, 0xf9}) || next[0] == 0x2c)
			if f, err := sniff.Check(data[:n]); (err == nil) != whole {
				t.Errorf("%s, cut after %d of %d bytes, is %+v", name, n, len(data), f)
			}
		}
	}
	for _, data := range [][]byte{wavOf(100), mp3Of(300), aacOf(), m4aOf("soun"), oggOf("OpusHead"), flacOf(), webmOf("A_OPUS")} {
		for n := range data {
			_, _ = sniff.Check(data[:n])
		}
	}
}

// hugePNG says that it is so large.
func hugePNG(t *testing.T, width, height uint32) []byte {
	data := pngOf(t, 1, 1)
	binary.BigEndian.PutUint32(data[16:], width)
	binary.BigEndian.PutUint32(data[20:], height)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestRefused(t *testing.T) {
	junk := bytes.Repeat([]byte("junk"), 100)
	for _, tt := range []struct {
		name string
		data []byte
		says string
	}{
		{"nothing", nil, "is damaged"},
		{"a text", []byte("hello"), "is damaged"},
		{"a page", []byte("<!doctype html><script>alert(1)</script>"), "is damaged"},
		{"a drawing that may carry scripts", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "is damaged"},
		{"a document", []byte("%PDF-1.7 "), "is damaged"},
		{"a png that is none", append([]byte("\x89PNG\r\n\x1a\n"), junk...), "is cut short"},
		{"a jpeg that is none", append([]byte("\xff\xd8\xff"), junk...), "is"},
		{"a gif that is none", append([]byte("GIF89a"), junk...), "is"},
		{"a webp that is none", append([]byte("RIFF\x10\x00\x00\x00WEBP"), junk...), "is damaged"},
		{"an avif without a size", bytes.Join([][]byte{boxOf("ftyp", []byte("avif\x00\x00\x00\x00")), boxOf("mdat", junk)}, nil), "is damaged"},
		{"a png that is too wide", hugePNG(t, 30_000, 10), "too many pixels"},
		{"a png that would fill the memory", hugePNG(t, 19_000, 19_000), "too many pixels"},
		{"a png of no size", hugePNG(t, 0, 10), "is damaged"},
		{"a jpeg that is too wide", jpegOf(t, 30_000, 1), "too many pixels"},
		{"an avif that is too wide", avifOf(1<<31, 1<<31), "too many pixels"},
		{"an mp4 with a film", m4aOf("vide", "soun"), "is a video"},
		{"an mp4 without a sound", m4aOf(), "is damaged"},
		{"an mp4 whose boxes lie", append(m4aOf("soun"), 0, 0, 1, 0, 'f', 'r', 'e', 'e'), "is cut short"},
		{"an ogg with a film", oggOf("\x80theora", "\x01vorbis"), "is a video"},
		{"an ogg of something", oggOf("whatever"), "is damaged"},
		{"a webm with a film", webmOf("V_VP9", "A_OPUS"), "is a video"},
		{"a matroska of something", webmOf("A_AC3"), "is damaged"},
		{"one frame of mp3", append([]byte{0xff, 0xfb, 0x90, 0}, bytes.Repeat(junk, 3)...), "is damaged"},
		{"a tag and no music", append([]byte("ID3\x04\x00\x00\x00\x00\x00\x05"), junk...), "is damaged"},
		{"a tag that is longer than the file", append([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f"), junk...), "is cut short"},
		{"a wav without data", append(wavOf(0)[:36], junk...), "is cut short"},
		{"a flac without its first block", append([]byte("fLaC\x00\x00\x00\x05"), junk...), "is damaged"},
	} {
		f, err := sniff.Check(tt.data)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %+v %v", tt.name, f, err)
		}
	}
}

// Whatever comes in, it is answered.
func FuzzCheck(f *testing.F) {
	for _, seed := range [][]byte{pngOf(f, 3, 3), jpegOf(f, 3, 3), gifOf(f, 3, 3), webpOf(f), avifOf(3, 3), wavOf(9), mp3Of(9), aacOf(), m4aOf("soun"), oggOf("OpusHead"), flacOf(), webmOf("A_OPUS")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := sniff.Check(data)
		if err != nil {
			return
		}
		if kind, known := sniff.Kind(data[:min(len(data), sniff.HeadSize)]); !known || kind.Type != file.Type {
			t.Errorf("%+v whole, %+v by its head", file, kind)
		}
	})
}
