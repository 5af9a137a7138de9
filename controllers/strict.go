package controllers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"

	"aoki/models"
)

// checkNames walks the JSON in raw beside the Go type that it is for and finds
// what encoding/json lets pass: names that differ in case only, unknown names with
// their whole path, names given twice, something behind the value, halves of
// surrogate pairs (which would silently become U+FFFD), and NUL in text.
func checkNames(raw []byte, into any) error {
	if halfSurrogate(raw) {
		return models.Errorf(codeMalformed, "the body has half of a surrogate pair")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	w := walker{dec: dec}
	if err := w.value(reflect.TypeOf(into), ""); err != nil {
		var known *models.Error
		if errors.As(err, &known) {
			return known
		}
		return &models.Error{Code: codeMalformed, Message: "the body is not valid JSON", Err: err}
	}
	if _, err := dec.Token(); err != io.EOF {
		return models.Errorf(codeMalformed, "there is something behind the JSON value")
	}
	return nil
}

// maxDepth is how deep values may lie in each other. Nothing of ours comes near
// it, and without it a megabyte of brackets would fill the stack.
const maxDepth = 64

type walker struct {
	dec   *json.Decoder
	depth int
}

// value reads one value. t is the type it is for, nil where anything goes.
func (w *walker) value(t reflect.Type, path string) error {
	token, err := w.dec.Token()
	if err != nil {
		return err
	}
	if w.depth++; w.depth > maxDepth {
		return models.Errorf(codeMalformed, "the body is nested over %d deep", maxDepth)
	}
	defer func() { w.depth-- }()
	switch v := token.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			return models.InvalidField(path, "must not contain a NUL character")
		}
	case json.Delim:
		if v == '{' {
			return w.object(deref(t), path)
		}
		for i := 0; w.dec.More(); i++ {
			if err := w.value(elem(t), path+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
		_, err = w.dec.Token()
		return err
	}
	return nil
}

func (w *walker) object(t reflect.Type, path string) error {
	known := fieldTypes(t)
	seen := map[string]bool{}
	for w.dec.More() {
		token, err := w.dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		at := join(path, name)
		if seen[name] {
			return malformed(at, "is there twice")
		}
		seen[name] = true
		if strings.ContainsRune(name, 0) {
			return models.InvalidField(path, "must not contain a NUL character")
		}
		inner := elem(t)
		if known != nil {
			var ok bool
			if inner, ok = known[name]; !ok {
				return &models.Error{Code: codeUnknownField, Message: "unknown field " + strconv.Quote(at), Fields: []models.Field{{Field: at, Message: "is not known"}}}
			}
		}
		if err := w.value(inner, at); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// fieldTypes are the JSON names that a struct knows; nil when t is no struct of
// ours: a map, or something that decodes itself.
func fieldTypes(t reflect.Type) map[string]reflect.Type {
	if t == nil || t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	known := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			known[name] = f.Type
		}
	}
	return known
}

func deref(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// elem is the type of what a list or map holds, nil for everything else.
func elem(t reflect.Type) reflect.Type {
	switch t = deref(t); {
	case t == nil, t == reflect.TypeFor[json.RawMessage]():
		return nil
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array, t.Kind() == reflect.Map:
		return t.Elem()
	}
	return nil
}

// halfSurrogate reports an escape \uD800–\uDFFF without its other half.
func halfSurrogate(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		unit := hexUnit(raw, i)
		switch {
		case unit >= 0xD800 && unit < 0xDC00:
			if low := hexUnit(raw, i+6); low < 0xDC00 || low > 0xDFFF {
				return true
			}
			i += 11
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return true
		default:
			i++ // what is escaped, be it another backslash
		}
	}
	return false
}

// hexUnit is the number of the \uXXXX at i, -1 when there is none.
func hexUnit(raw []byte, i int) int {
	if i+6 > len(raw) || raw[i] != '\\' || raw[i+1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(raw[i+2:i+6]), 16, 16)
	if err != nil {
		return -1
	}
	return int(n)
}
