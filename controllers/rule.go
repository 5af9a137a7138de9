package controllers

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
)

// rules are the `validate` tag of a field, made ready. They only ever say yes: to what
// they find wrong, or don't know, the validator has the last word, and the words for it.
type rules struct {
	each   []rule
	items  *rules       // those behind dive
	fields *structRules // of what is a struct, or points to one
}

type rule struct {
	tag   string
	n     int      // of min and max
	words []string // of oneof
}

type structRules struct {
	fields []fieldRules
}

type fieldRules struct {
	index int
	rules
}

// ready keeps the rules of each reflect.Type of a request. Types don't change, and there
// are as many as the code has.
var ready sync.Map

func rulesOf(t reflect.Type) *structRules {
	if known, ok := ready.Load(t); ok {
		return known.(*structRules)
	}
	s := newStructRules(t, map[reflect.Type]*structRules{})
	ready.Store(t, s)
	return s
}

// newStructRules is rulesOf without the memory; begun has those that t is found in.
func newStructRules(t reflect.Type, begun map[reflect.Type]*structRules) *structRules {
	if s, ok := begun[t]; ok {
		return s
	}
	s := &structRules{}
	begun[t] = s
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("validate")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if r := newRules(f.Type, tag, begun); len(r.each) > 0 || r.items != nil || r.fields != nil {
			s.fields = append(s.fields, fieldRules{i, r})
		}
	}
	return s
}

func newRules(t reflect.Type, tag string, begun map[reflect.Type]*structRules) rules {
	var r rules
	if t.Implements(reflect.TypeFor[validator.Valuer]()) || deref(t).Kind() == reflect.Interface {
		r.each = append(r.each, rule{tag: "unknown"})
	}
	for tag != "" {
		var one string
		one, tag, _ = strings.Cut(tag, ",")
		if one == "dive" {
			if k := deref(t).Kind(); k != reflect.Slice && k != reflect.Array {
				return rules{each: []rule{{tag: "unknown"}}}
			}
			items := newRules(deref(t).Elem(), tag, begun)
			r.items = &items
			return r
		}
		name, param, _ := strings.Cut(one, "=")
		n, err := strconv.ParseInt(param, 0, 32)
		if (name == "min" || name == "max") && err != nil || strings.ContainsAny(param, "'|") || strings.Contains(param, "0x") {
			name = "unknown"
		}
		r.each = append(r.each, rule{name, int(n), strings.Fields(param)})
	}
	if inner := deref(t); inner.Kind() == reflect.Struct {
		r.fields = newStructRules(inner, begun)
	}
	return r
}

// pass reports that a struct is valid for sure.
func (s *structRules) pass(v reflect.Value) bool {
	for i := range s.fields {
		f := &s.fields[i]
		if !f.rules.pass(v.Field(f.index)) {
			return false
		}
	}
	return true
}

// pass reports that a value is valid for sure.
func (r *rules) pass(v reflect.Value) bool {
	pointed := false
	for ; v.Kind() == reflect.Pointer; v = v.Elem() {
		if v.IsNil() {
			return len(r.each) == 0 && r.items == nil || len(r.each) > 0 && r.each[0].tag == "omitempty"
		}
		pointed = true
	}
	for i := range r.each {
		switch one := &r.each[i]; one.tag {
		case "omitempty":
			if !present(v, pointed) {
				return true
			}
		case "required":
			if !present(v, pointed) {
				return false
			}
		case "min":
			if n, ok := size(v); !ok || n < one.n {
				return false
			}
		case "max":
			if n, ok := size(v); !ok || n > one.n {
				return false
			}
		case "oneof":
			if v.Kind() != reflect.String || !slices.Contains(one.words, v.String()) {
				return false
			}
		default:
			return false
		}
	}
	if r.items != nil {
		for i := range v.Len() {
			if !r.items.pass(v.Index(i)) {
				return false
			}
		}
	}
	return r.fields == nil || r.fields.pass(v)
}

// present reports whether there is a value: one that is pointed to may be zero.
func present(v reflect.Value, pointed bool) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return !v.IsNil()
	}
	return pointed || !v.IsZero()
}

// size is what min and max count: characters, items, or the number itself.
func size(v reflect.Value) (n int, ok bool) {
	switch v.Kind() {
	case reflect.String:
		return utf8.RuneCountInString(v.String()), true
	case reflect.Slice, reflect.Map, reflect.Array:
		return v.Len(), true
	case reflect.Int, reflect.Int64:
		n := v.Int()
		return int(n), n >= math.MinInt && n <= math.MaxInt
	}
	return 0, false
}
