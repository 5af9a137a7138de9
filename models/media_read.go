package models

import (
	"context"
	"errors"
	"io"
	"strings"
)

// MediaReader reads a file's contents, piece by piece as they are asked for. It holds
// nothing that has to be closed.
type MediaReader struct {
	Media
	ctx   context.Context
	db    *DB
	id    int64
	at    int64
	n     int64 // of the piece, -1 before the first
	piece []byte
}

// OpenMedia opens a file that the user may read, by its name: the hash with the ending
// that it was given.
func (db *DB) OpenMedia(ctx context.Context, user int64, name string) (*MediaReader, error) {
	hash, ext, _ := strings.Cut(name, ".")
	if !isHash(hash) {
		return nil, noMedia()
	}
	row, err := mediaOf(db.Read(ctx), user, hash)
	if err != nil {
		return nil, err
	}
	if ext != row.Ext {
		return nil, noMedia()
	}
	return &MediaReader{Media: row.media(), ctx: ctx, db: db, id: row.ID, n: -1}, nil
}

// Read reads up to the end of a piece. That the user may was found out when it was opened.
func (r *MediaReader) Read(into []byte) (int, error) {
	if r.at >= r.Size {
		return 0, io.EOF
	}
	if n := r.at / mediaChunk; n != r.n {
		r.n = -1
		err := r.db.Read(r.ctx).Raw(`SELECT data FROM media_chunks WHERE media_id = ? AND n = ?`, r.id, n).Row().Scan(&r.piece)
		if err != nil {
			return 0, err // errNoRows: it has gone meanwhile
		}
		r.n = n
	}
	from := r.at % mediaChunk
	if from >= int64(len(r.piece)) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(into, r.piece[from:])
	r.at += int64(n)
	return n, nil
}

// Seek moves to where the next Read begins.
func (r *MediaReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.Size
	}
	if offset < 0 {
		return 0, errors.New("media: a place before the beginning")
	}
	r.at = offset
	return offset, nil
}

// hashLength is how long a hash is, in hexadecimal digits.
const hashLength = 64

func isHash(s string) bool {
	return len(s) == hashLength && !strings.ContainsFunc(s, func(r rune) bool { return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'f') })
}
