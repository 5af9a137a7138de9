package controllers

import (
	"reflect"

	"aoki/models"
)

// fill decodes the JSON in raw into the zero value that into points to, in one pass. It
// refuses all that encoding/json refuses but for wrong types, and what that lets pass:
// names that differ in case only, unknown names with their whole path, names given twice,
// something behind the value, halves of surrogate pairs (which would silently become
// U+FFFD), and NUL in text.
//
// It puts into Go what nearly every body is made of. done is false, and into as it was,
// when there was something else: a wrong type, or a type it does not know. That is for
// encoding/json to decode, or to say what is wrong with it.
func fill(raw []byte, into any) (done bool, err error) {
	if halfSurrogate(raw) {
		return false, models.Errorf(codeMalformed, "the body has half of a surrogate pair")
	}
	s := scanner{raw: raw}
	v := reflect.ValueOf(into).Elem()
	f := s.value(shapeOf(v.Type()), 1, v)
	if s.space(); f == nil && s.at < len(raw) {
		f = &fault{of: tooMuch}
	}
	if f != nil {
		return false, f.say()
	}
	if s.unsure {
		v.SetZero()
	}
	return !s.unsure, nil
}

// maxDepth is how deep values may lie in each other. Nothing of ours comes near
// it, and without it a megabyte of brackets would fill the stack.
const maxDepth = 64

// value reads one value and the space before it, and puts it into v, unless that is the
// zero Value.
func (s *scanner) value(t *shape, depth int, v reflect.Value) *fault {
	s.space()
	if s.at == len(s.raw) {
		return &fault{of: noJSON}
	}
	from := s.at
	if first := s.raw[from]; first == '{' || first == '[' {
		if depth > maxDepth {
			return &fault{of: tooDeep}
		}
		s.at++
		v = follow(v)
		inner := s.container(v, first, t)
		var f *fault
		if first == '{' {
			f = s.object(t, depth, inner)
		} else {
			f = s.list(t, depth, inner)
		}
		if f == nil && !inner.IsValid() && v.IsValid() && v.Type() == typeRaw {
			v.SetBytes(s.copied(from))
		}
		return f
	}
	escaped, nul, valid := s.scalar()
	switch {
	case !valid:
		return &fault{of: noJSON}
	case depth > maxDepth:
		return &fault{of: tooDeep}
	case nul:
		return &fault{of: hasNUL}
	}
	s.put(v, from, escaped)
	return nil
}

// list reads what is behind "[".
func (s *scanner) list(t *shape, depth int, v reflect.Value) *fault {
	if s.next(']') {
		if v.IsValid() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		return nil
	}
	for i := 0; ; i++ {
		var item reflect.Value
		if v.IsValid() {
			v.Grow(1)
			v.SetLen(i + 1)
			item = v.Index(i)
		}
		if f := s.value(t.inside(), depth+1, item); f != nil {
			return f.inList(i)
		}
		switch {
		case s.next(']'):
			return nil
		case !s.next(','):
			return &fault{of: noJSON}
		}
	}
}

// object reads what is behind "{".
func (s *scanner) object(t *shape, depth int, v reflect.Value) *fault {
	if s.next('}') {
		return nil
	}
	var seen names
	for {
		s.space()
		if s.at == len(s.raw) || s.raw[s.at] != '"' {
			return &fault{of: noJSON}
		}
		from := s.at + 1
		escaped, nul, valid := s.text()
		if !valid {
			return &fault{of: noJSON}
		}
		name := s.raw[from : s.at-1]
		if escaped {
			name = []byte(meaning(s.raw[from-1 : s.at]))
		}
		if !seen.add(s.raw, name, from, escaped) {
			return (&fault{of: isTwice}).inMember(name)
		}
		if nul {
			return &fault{of: hasNUL}
		}
		inner := t.inside()
		var member reflect.Value
		if t != nil && t.fields != nil {
			field, known := t.fields[string(name)]
			if !known {
				return (&fault{of: isUnknown}).inMember(name)
			}
			inner = field.shape
			if v.IsValid() {
				member = v.Field(field.index)
			}
		}
		if !s.next(':') {
			return &fault{of: noJSON}
		}
		if f := s.value(inner, depth+1, member); f != nil {
			return f.inMember(name)
		}
		switch {
		case s.next('}'):
			return nil
		case !s.next(','):
			return &fault{of: noJSON}
		}
	}
}
