package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

// packed reads rows that the store gives as one text, json_group_array(json_array(…)),
// without a space, of whole numbers and texts: to step through rows costs several times
// what it takes to find them. What is not of this shape is an error at the end.
type packed struct {
	rest       []byte
	begun, bad bool
	first      bool // no field of the row was read yet
}

// next goes to the next row, when all fields of the last one were read.
func (p *packed) next() bool {
	if p.bad {
		return false
	}
	end := false
	if !p.begun {
		p.begun = true
		p.must('[')
		end = p.take(']')
	} else {
		p.must(']')
		if end = p.take(']'); !end {
			p.must(',')
		}
	}
	if end {
		return false
	}
	p.must('[')
	p.first = true
	return !p.bad
}

// err is what was wrong with the text, once there is no next row.
func (p *packed) err() error {
	if p.bad || len(p.rest) > 0 {
		return fmt.Errorf("packed rows are broken off before %.50q", p.rest)
	}
	return nil
}

func (p *packed) take(b byte) bool {
	if len(p.rest) == 0 || p.rest[0] != b {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *packed) must(b byte) { p.bad = !p.take(b) || p.bad }

func (p *packed) field() {
	if !p.first {
		p.must(',')
	}
	p.first = false
}

func (p *packed) number() (n int64) {
	p.field()
	sign := int64(1)
	if p.take('-') {
		sign = -1
	}
	digits := 0
	for ; digits < len(p.rest) && p.rest[digits] >= '0' && p.rest[digits] <= '9'; digits++ {
		n = n*10 + sign*int64(p.rest[digits]-'0')
	}
	p.bad = p.bad || digits == 0
	p.rest = p.rest[digits:]
	return n
}

func (p *packed) text() string { return string(p.bytes()) }

// bytes is a text that is not kept.
func (p *packed) bytes() []byte {
	p.field()
	if !p.take('"') {
		p.bad = true
		return nil
	}
	end := bytes.IndexByte(p.rest, '"')
	if end < 0 {
		p.bad = true
		return nil
	}
	text := p.rest[:end]
	if bytes.IndexByte(text, '\\') >= 0 {
		return p.escaped()
	}
	p.rest = p.rest[end+1:]
	return text
}

// escaped is a text with escapes in it, behind its first quote.
func (p *packed) escaped() []byte {
	for i := 0; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '\\':
			i++
		case '"':
			var text string
			quoted := append([]byte{'"'}, p.rest[:i+1]...)
			p.bad = json.Unmarshal(quoted, &text) != nil || p.bad
			p.rest = p.rest[i+1:]
			return []byte(text)
		}
	}
	p.bad = true
	return nil
}

// time is a time as the driver writes it, or as it would read it: one row that somebody
// changed by hand must not be an error of all who share the question.
func (p *packed) time() time.Time {
	text := strings.TrimSuffix(string(p.bytes()), "Z")
	for _, format := range sqlite3.SQLiteTimestampFormats {
		if at, err := time.ParseInLocation(format, text, time.UTC); err == nil {
			return at
		}
	}
	p.bad = true
	return time.Time{}
}
