package controllers

import "bytes"

// fewNames of an object are compared one by one. Of more a set is made, or a megabyte of
// names would take minutes.
const fewNames = 16

// names are those that an object had so far. A few, without escapes, make no garbage.
type names struct {
	few  [fewNames]span
	n    int             // of the few
	many map[string]bool // all of them, once they are more or have escapes
}

// span is a part of the body.
type span struct{ from, to int }

// add notes a name, unless it was there before. Unless it is escaped, it lies in raw
// from here on.
func (s *names) add(raw, name []byte, from int, escaped bool) (first bool) {
	if s.many == nil && (escaped || s.n == fewNames) {
		s.many = map[string]bool{}
		for _, known := range s.few[:s.n] {
			s.many[string(raw[known.from:known.to])] = true
		}
	}
	if s.many != nil {
		first = !s.many[string(name)]
		s.many[string(name)] = true
		return first
	}
	for _, known := range s.few[:s.n] {
		if bytes.Equal(raw[known.from:known.to], name) {
			return false
		}
	}
	s.few[s.n] = span{from, from + len(name)}
	s.n++
	return true
}
