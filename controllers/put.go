package controllers

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
)

// The types that bodies are made of, besides structs, lists and pointers.
var (
	typeRaw    = reflect.TypeFor[json.RawMessage]()
	typeString = reflect.TypeFor[string]()
	typeBool   = reflect.TypeFor[bool]()
	typeInt    = reflect.TypeFor[int]()
	typeInt64  = reflect.TypeFor[int64]()
)

// follow is what v points to, made where there is nothing.
func follow(v reflect.Value) reflect.Value {
	for v.IsValid() && v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	return v
}

// container is v when the members of an object, or the items of a list, can be put into
// it, and otherwise the zero Value.
func (s *scanner) container(v reflect.Value, first byte, t *shape) reflect.Value {
	switch {
	case !v.IsValid():
	case first == '{' && t != nil && t.plain:
		return v
	case first == '[' && v.Kind() == reflect.Slice && v.Type().Name() == "": // one with a name may decode itself
		return v
	case v.Type() != typeRaw:
		s.unsure = true
	}
	return reflect.Value{}
}

// put puts the scalar that was just read, from there on, into v.
func (s *scanner) put(v reflect.Value, from int, escaped bool) {
	if !v.IsValid() {
		return
	}
	raw := s.raw[from:s.at]
	if raw[0] == 'n' && v.Kind() == reflect.Pointer {
		return // it is nil
	}
	v = follow(v)
	switch t := v.Type(); {
	case t == typeRaw:
		v.SetBytes(s.copied(from))
	case raw[0] == 'n' && (t == typeString || t == typeBool || t == typeInt || t == typeInt64):
		// null changes nothing
	case t == typeString && raw[0] == '"' && !escaped:
		v.SetString(string(raw[1 : len(raw)-1]))
	case t == typeString && raw[0] == '"':
		v.SetString(meaning(raw))
	case t == typeBool && (raw[0] == 't' || raw[0] == 'f'):
		v.SetBool(raw[0] == 't')
	case t == typeInt, t == typeInt64:
		n, err := strconv.ParseInt(string(raw), 10, t.Bits()) // "1.0" and "1e3" are no integers for encoding/json either
		s.unsure = s.unsure || err != nil
		v.SetInt(n)
	default:
		s.unsure = true
	}
}

// copied is what was read from there on, on its own.
func (s *scanner) copied(from int) []byte { return bytes.Clone(s.raw[from:s.at]) }

// meaning is what a string in its quotes stands for that is valid.
func meaning(quoted []byte) string {
	var text string
	_ = json.Unmarshal(quoted, &text)
	return text
}
