package sniff

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// sizeOf is a picture's size, as its decoder reads it.
func sizeOf(data []byte, decode func(io.Reader) (image.Config, error)) (int, int, error) {
	c, err := decode(bytes.NewReader(data))
	if err != nil {
		return 0, 0, errBroken
	}
	return c.Width, c.Height, nil
}

// checkPNG goes along the chunks to the last.
func checkPNG(data []byte) (int, int, error) {
	for rest := data[8:]; ; {
		if len(rest) < 12 {
			return 0, 0, errCut
		}
		size := uint64(binary.BigEndian.Uint32(rest)) + 12
		if string(rest[4:8]) == "IEND" {
			return sizeOf(data, png.DecodeConfig)
		}
		if size > uint64(len(rest)) {
			return 0, 0, errCut
		}
		rest = rest[size:]
	}
}

// checkJPEG goes along the segments to the end of the image; what cameras put behind
// it is theirs.
func checkJPEG(data []byte) (int, int, error) {
	for rest := data[2:]; ; {
		if len(rest) < 2 {
			return 0, 0, errCut
		}
		marker := rest[1]
		switch {
		case rest[0] != 0xff:
			return 0, 0, errBroken
		case marker == 0xff: // filling
			rest = rest[1:]
			continue
		case marker == 0xd9:
			return sizeOf(data, jpeg.DecodeConfig)
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd7: // without a length
			rest = rest[2:]
			continue
		}
		if len(rest) < 4 {
			return 0, 0, errCut
		}
		size := int(binary.BigEndian.Uint16(rest[2:])) + 2
		if size > len(rest) {
			return 0, 0, errCut
		}
		if rest = rest[size:]; marker == 0xda {
			rest = rest[scan(rest):]
		}
	}
}

// scan is how long a JPEG's coded data is: up to a marker that is none of its own.
func scan(data []byte) int {
	for i := 0; ; i += 2 {
		next := bytes.IndexByte(data[i:], 0xff)
		if next < 0 || i+next+1 >= len(data) {
			return len(data)
		}
		i += next
		if second := data[i+1]; second == 0xff {
			i-- // filling: the second may begin the marker
		} else if second != 0 && (second < 0xd0 || second > 0xd7) {
			return i
		}
	}
}

// checkGIF goes along the blocks to the trailer, which some programs leave out.
func checkGIF(data []byte) (int, int, error) {
	const header, picture, extension, trailer = 13, 0x2c, 0x21, 0x3b
	if len(data) < header {
		return 0, 0, errCut
	}
	rest := data[header:]
	// skip passes n bytes, the table of colours that flags speak of, and more, then
	// blocks up to an empty one.
	skip := func(n int, flags byte, more int) bool {
		if n += more; flags&0x80 != 0 {
			n += 3 << (flags&7 + 1)
		}
		for {
			if n >= len(rest) {
				return false
			}
			rest = rest[n:]
			if rest[0] == 0 {
				rest = rest[1:]
				return true
			}
			n = int(rest[0]) + 1
		}
	}
	if flags := data[10]; flags&0x80 != 0 {
		if table := 3 << (flags&7 + 1); table <= len(rest) {
			rest = rest[table:]
		} else {
			return 0, 0, errCut
		}
	}
	for pictures := 0; ; {
		switch {
		case len(rest) == 0 && pictures == 0:
			return 0, 0, errCut
		case len(rest) == 0, rest[0] == trailer:
			return sizeOf(data, gif.DecodeConfig)
		case rest[0] == extension:
			if !skip(2, 0, 0) {
				return 0, 0, errCut
			}
		case rest[0] == picture:
			if len(rest) < 10 || !skip(10, rest[9], 1) {
				return 0, 0, errCut
			}
			pictures++
		default:
			return 0, 0, errBroken
		}
	}
}

func checkWebP(data []byte) (int, int, error) {
	if uint64(binary.LittleEndian.Uint32(data[4:]))+8 > uint64(len(data)) {
		return 0, 0, errCut
	}
	return sizeOf(data, webp.DecodeConfig)
}

// checkAVIF finds the size among the properties. A picture that is made of tiles has
// theirs there too: the largest is the whole.
func checkAVIF(data []byte) (width, height int, err error) {
	top, err := boxes(data)
	if err != nil {
		return 0, 0, err
	}
	whole := false
	for _, meta := range top {
		whole = whole || meta.kind == "mdat"
		if meta.kind != "meta" || len(meta.data) < 4 {
			continue
		}
		for _, size := range within(meta.data[4:], "iprp", "ipco", "ispe") {
			if len(size) >= 12 {
				w, h := binary.BigEndian.Uint32(size[4:]), binary.BigEndian.Uint32(size[8:])
				width, height = max(width, int(min(w, maxSide+1))), max(height, int(min(h, maxSide+1)))
			}
		}
	}
	if !whole {
		return 0, 0, errCut
	}
	return width, height, nil
}
