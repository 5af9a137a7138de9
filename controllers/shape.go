package controllers

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// shape is what a Go type knows of the JSON that it is for: the names, and where what
// has them goes. Where there is no shape (nil), any name goes.
type shape struct {
	fields map[string]field // of a struct of ours; nil when any name will do
	plain  bool             // encoding/json has no more to say about these fields
	elem   *shape           // of what a list or a map holds
}

type field struct {
	shape *shape
	index int // in the struct, when that is plain
}

// shapes keeps the shape of each reflect.Type that was asked for. Types don't change,
// and there are as many as the code has.
var shapes sync.Map

// shapeOf is the shape of a type, looked up with reflection once.
func shapeOf(t reflect.Type) *shape {
	if known, ok := shapes.Load(t); ok {
		return known.(*shape)
	}
	s := newShape(t, map[reflect.Type]*shape{})
	shapes.Store(t, s)
	return s
}

// newShape is shapeOf without the memory. begun has the structs that t is found in: one
// may hold itself.
func newShape(t reflect.Type, begun map[reflect.Type]*shape) *shape {
	t = deref(t)
	if s, ok := begun[t]; ok {
		return s
	}
	switch {
	case t == reflect.TypeFor[json.RawMessage]():
		return nil
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array, t.Kind() == reflect.Map:
		s := &shape{}
		begun[t] = s
		s.elem = newShape(t.Elem(), begun)
		return s
	case t.Kind() != reflect.Struct, reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		return nil // it has no names, or decodes itself
	}
	s := &shape{fields: map[string]field{}, plain: !reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())}
	begun[t] = s
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			s.plain = s.plain && !f.Anonymous
			continue
		}
		s.plain = s.plain && !strings.Contains(options, "string") // go vet finds what else is odd
		s.fields[name] = field{newShape(f.Type, begun), f.Index[0]}
	}
	return s
}

// inside is the shape of what a list or a map holds.
func (s *shape) inside() *shape {
	if s == nil {
		return nil
	}
	return s.elem
}

func deref(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
