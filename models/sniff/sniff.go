// Package sniff says what a picture or a sound is: by its bytes, whatever its name
// and its sender claim. It keeps to the formats that browsers show and play, and that
// can't carry scripts (so no SVG).
package sniff

import (
	"bytes"
	"errors"
)

const (
	// HeadSize is how many bytes from the beginning [Kind] needs, of a file that has them.
	HeadSize = 64
	// maxSide and maxPixels bound what a picture makes of a viewer's memory. The largest
	// that phones take have 50 million pixels.
	maxSide   = 20_000
	maxPixels = 64_000_000
)

// File is what a file is.
type File struct {
	Type          string // such as image/png
	Ext           string // such as png
	Width, Height int    // in pixels; of a picture
}

// Image reports whether the file is a picture; else it is a sound.
func (f File) Image() bool { return f.Type[:6] == "image/" }

// What is wrong with a file, each as the end of a sentence that begins with its name.
var (
	errBroken = errors.New("is damaged, and can't be read")
	errCut    = errors.New("is cut short")
	errLarge  = errors.New("has too many pixels: at most 20000 on a side, and 64 million")
	errVideo  = errors.New("is a video: only pictures and sounds can be kept")
)

// format is a kind of file: how it begins, and what is to be looked at in the whole.
type format struct {
	File
	begins func(head []byte) bool
	// check reads the whole file; of a picture it gives the size.
	check func(data []byte) (width, height int, err error)
}

func formats() []format {
	return []format{
		{File{Type: "image/png", Ext: "png"}, at(0, "\x89PNG\r\n\x1a\n"), checkPNG},
		{File{Type: "image/jpeg", Ext: "jpg"}, at(0, "\xff\xd8\xff"), checkJPEG},
		{File{Type: "image/gif", Ext: "gif"}, at(0, "GIF87a", "GIF89a"), checkGIF},
		{File{Type: "image/webp", Ext: "webp"}, riff("WEBP"), checkWebP},
		{File{Type: "image/avif", Ext: "avif"}, at(4, "ftypavif", "ftypavis"), checkAVIF},
		{File{Type: "audio/wav", Ext: "wav"}, riff("WAVE"), checkWAV},
		{File{Type: "audio/ogg", Ext: "ogg"}, at(0, "OggS\x00"), checkOgg},
		{File{Type: "audio/flac", Ext: "flac"}, at(0, "fLaC\x00"), checkFLAC},
		{File{Type: "audio/webm", Ext: "webm"}, at(0, "\x1a\x45\xdf\xa3"), checkWebM},
		{File{Type: "audio/mp4", Ext: "m4a"}, at(4, "ftypM4A ", "ftypM4B ", "ftypmp4", "ftypiso", "ftypdash", "ftyp3gp"), checkM4A},
		{File{Type: "audio/aac", Ext: "aac"}, func(head []byte) bool { return adtsFrame(head) > 0 }, checkAAC},
		{File{Type: "audio/mpeg", Ext: "mp3"}, func(head []byte) bool { return bytes.HasPrefix(head, []byte("ID3")) || mp3Frame(head) > 0 }, checkMP3},
	}
}

// Kind is what a file seems to be by its beginning; false is none that is known.
func Kind(head []byte) (File, bool) {
	for _, f := range formats() {
		if f.begins(head) {
			return f.File, true
		}
	}
	return File{}, false
}

// Check is what a whole file is. Its error is the end of a sentence that begins with
// the file's name.
func Check(data []byte) (File, error) {
	for _, f := range formats() {
		if !f.begins(data) {
			continue
		}
		width, height, err := f.check(data)
		if err != nil {
			return File{}, err
		}
		if f.Image() {
			switch {
			case width < 1 || height < 1:
				return File{}, errBroken
			case width > maxSide || height > maxSide || width*height > maxPixels:
				return File{}, errLarge
			}
		}
		f.Width, f.Height = width, height
		return f.File, nil
	}
	return File{}, errBroken
}

// at reports whether a head has one of the words at a place.
func at(place int, words ...string) func([]byte) bool {
	return func(head []byte) bool {
		for _, word := range words {
			if len(head) >= place && bytes.HasPrefix(head[place:], []byte(word)) {
				return true
			}
		}
		return false
	}
}

func riff(kind string) func([]byte) bool {
	is, of := at(0, "RIFF"), at(8, kind)
	return func(head []byte) bool { return is(head) && of(head) }
}
