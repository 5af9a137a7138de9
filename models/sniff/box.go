package sniff

import "encoding/binary"

// box is what MP4 and AVIF are made of: a kind and its contents.
type box struct {
	kind string
	data []byte
}

// boxes are those that data consists of. One that is longer than what is there is an error.
func boxes(data []byte) (list []box, err error) {
	for len(data) > 0 {
		if len(data) < 8 {
			return list, errCut
		}
		head, size := uint64(8), uint64(binary.BigEndian.Uint32(data))
		switch size {
		case 0: // up to the end
			size = uint64(len(data))
		case 1:
			if len(data) < 16 {
				return list, errCut
			}
			head, size = 16, binary.BigEndian.Uint64(data[8:])
		}
		if size < head {
			return list, errBroken
		}
		if size > uint64(len(data)) {
			return list, errCut
		}
		list = append(list, box{string(data[4:8]), data[head:size]})
		data = data[size:]
	}
	return list, nil
}

// within are the contents of all boxes at the end of a path. What can't be read is left out.
func within(data []byte, path ...string) (found [][]byte) {
	list, _ := boxes(data)
	for _, b := range list {
		switch {
		case b.kind != path[0]:
		case len(path) == 1:
			found = append(found, b.data)
		default:
			found = append(found, within(b.data, path[1:]...)...)
		}
	}
	return found
}
