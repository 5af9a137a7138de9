package controllers

import (
	"bytes"
	"strings"
)

// scanner goes through JSON from byte to byte.
type scanner struct {
	raw    []byte
	at     int
	unsure bool // something could not be put into the Go value
}

// text reads a string from its first quote on. escaped tells whether it has a backslash,
// nul whether it has a NUL character, which can only be an escaped one.
func (s *scanner) text() (escaped, nul, valid bool) {
	for i := s.at + 1; i < len(s.raw); i++ {
		switch c := s.raw[i]; {
		case c == '"':
			s.at = i + 1
			return escaped, nul, true
		case c < ' ':
			return escaped, nul, false
		case c == '\\':
			escaped = true
			if unit := hexUnit(s.raw, i); unit >= 0 {
				nul = nul || unit == 0
				i += 5
				continue
			}
			if i++; i == len(s.raw) || strings.IndexByte(`"\/bfnrt`, s.raw[i]) < 0 {
				return escaped, nul, false
			}
		}
	}
	return escaped, nul, false
}

// scalar reads a string, a number or a word.
func (s *scanner) scalar() (escaped, nul, valid bool) {
	switch s.raw[s.at] {
	case '"':
		return s.text()
	case 't':
		valid = s.word("true")
	case 'f':
		valid = s.word("false")
	case 'n':
		valid = s.word("null")
	default:
		valid = s.number()
	}
	return false, false, valid
}

func (s *scanner) word(w string) bool {
	if len(s.raw)-s.at < len(w) || string(s.raw[s.at:s.at+len(w)]) != w {
		return false
	}
	s.at += len(w)
	return true
}

// number reads a number: -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?
func (s *scanner) number() bool {
	s.one("-")
	if !s.one("0") && !s.digits() {
		return false
	}
	if s.one(".") && !s.digits() {
		return false
	}
	if s.one("eE") {
		s.one("+-")
		return s.digits()
	}
	return true
}

// one skips a byte that is one of these.
func (s *scanner) one(of string) bool {
	if s.at == len(s.raw) || strings.IndexByte(of, s.raw[s.at]) < 0 {
		return false
	}
	s.at++
	return true
}

// digits skips digits, of which there must be one.
func (s *scanner) digits() bool {
	begin := s.at
	for s.at < len(s.raw) && s.raw[s.at] >= '0' && s.raw[s.at] <= '9' {
		s.at++
	}
	return s.at > begin
}

// next skips space, and c when that is what comes then.
func (s *scanner) next(c byte) bool {
	s.space()
	if s.at == len(s.raw) || s.raw[s.at] != c {
		return false
	}
	s.at++
	return true
}

func (s *scanner) space() {
	for s.at < len(s.raw) {
		switch s.raw[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// halfSurrogate reports an escape \uD800–\uDFFF without its other half.
func halfSurrogate(raw []byte) bool {
	for i := 0; ; {
		next := bytes.IndexByte(raw[i:], '\\')
		if next < 0 {
			return false
		}
		i += next
		unit := hexUnit(raw, i)
		switch {
		case unit >= 0xD800 && unit < 0xDC00:
			if low := hexUnit(raw, i+6); low < 0xDC00 || low > 0xDFFF {
				return true
			}
			i += 12
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return true
		default:
			i = min(i+2, len(raw)) // what is escaped, be it another backslash
		}
	}
}

// hexUnit is the number of the \uXXXX at i, -1 when there is none.
func hexUnit(raw []byte, i int) int {
	if i+6 > len(raw) || raw[i] != '\\' || raw[i+1] != 'u' {
		return -1
	}
	n := 0
	for _, c := range raw[i+2 : i+6] {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | int(c-'0')
		case c >= 'a' && c <= 'f':
			n = n<<4 | int(c-'a'+10)
		case c >= 'A' && c <= 'F':
			n = n<<4 | int(c-'A'+10)
		default:
			return -1
		}
	}
	return n
}
