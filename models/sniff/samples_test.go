package sniff_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// picture is one with some detail.
func picture(width, height int) *image.Paletted {
	p := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black, color.RGBA{R: 200, A: 255}})
	for i := range p.Pix {
		p.Pix[i] = byte(i * i % 3)
	}
	return p
}

func pngOf(t testing.TB, width, height int) []byte {
	var b bytes.Buffer
	must(t, png.Encode(&b, picture(width, height)))
	return b.Bytes()
}

func jpegOf(t testing.TB, width, height int) []byte {
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, picture(width, height), nil))
	return b.Bytes()
}

func gifOf(t testing.TB, width, height int) []byte {
	var b bytes.Buffer
	frames := []*image.Paletted{picture(width, height), picture(width, height)}
	must(t, gif.EncodeAll(&b, &gif.GIF{Image: frames, Delay: []int{1, 1}}))
	return b.Bytes()
}

// webpOf is 2 × 3, lossless.
func webpOf(t testing.TB) []byte {
	data, err := base64.StdEncoding.DecodeString("UklGRhwAAABXRUJQVlA4TBAAAAAvAYAAAAcQ/Y/+ByKi/wEA")
	must(t, err)
	return data
}

func boxOf(kind string, parts ...[]byte) []byte {
	data := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(data)+8)), kind...), data...)
}

func avifOf(width, height uint32) []byte {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(make([]byte, 4), width), height)
	meta := boxOf("meta", make([]byte, 4), boxOf("hdlr", make([]byte, 24)), boxOf("iprp", boxOf("ipco", boxOf("ispe", size))))
	return bytes.Join([][]byte{boxOf("ftyp", []byte("avif\x00\x00\x00\x00avifmif1")), meta, boxOf("mdat", make([]byte, 50))}, nil)
}

func m4aOf(handlers ...string) []byte {
	var tracks []byte
	for _, h := range handlers {
		tracks = append(tracks, boxOf("trak", boxOf("mdia", boxOf("hdlr", make([]byte, 8), []byte(h), make([]byte, 13))))...)
	}
	return bytes.Join([][]byte{boxOf("ftyp", []byte("M4A \x00\x00\x02\x00isom")), boxOf("mdat", make([]byte, 200)), boxOf("moov", tracks)}, nil)
}

func wavOf(samples int) []byte {
	form := []byte{1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0}
	data := bytes.Join([][]byte{[]byte("WAVEfmt "), {16, 0, 0, 0}, form, []byte("data"), binary.LittleEndian.AppendUint32(nil, uint32(samples*2)), make([]byte, samples*2)}, nil)
	return bytes.Join([][]byte{[]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(data))), data}, nil)
}

// mp3Of is silence at 128 kbit/s, behind a tag.
func mp3Of(tag int) []byte {
	var b []byte
	if tag > 0 {
		b = append(b, "ID3\x04\x00\x00"...)
		b = append(b, byte(tag>>21&0x7f), byte(tag>>14&0x7f), byte(tag>>7&0x7f), byte(tag&0x7f))
		b = append(b, make([]byte, tag)...)
	}
	for range 5 {
		b = append(append(b, 0xff, 0xfb, 0x90, 0x00), make([]byte, 413)...)
	}
	return b
}

func aacOf() (b []byte) {
	for range 4 {
		b = append(append(b, 0xff, 0xf1, 0x50, 0x80, 50>>3, 50&7<<5|0x1f, 0xfc), make([]byte, 43)...)
	}
	return b
}

// oggOf has a stream for each first packet, and a page of data.
func oggOf(packets ...string) (b []byte) {
	page := func(flags byte, packet string) {
		b = append(b, "OggS\x00"...)
		b = append(append(b, flags), make([]byte, 20)...)
		b = append(append(b, 1, byte(len(packet))), packet...)
	}
	for _, p := range packets {
		page(2, p)
	}
	page(0, "data")
	return b
}

func flacOf() []byte {
	return append(append([]byte("fLaC\x00\x00\x00\x22"), make([]byte, 34)...), 0x81, 0, 0, 0)
}

func webmOf(codecs ...string) []byte {
	b := []byte("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x18\x53\x80\x67")
	for _, c := range codecs {
		b = append(append(b, 0x86, byte(0x80+len(c))), c...)
	}
	return append(b, make([]byte, 100)...)
}
