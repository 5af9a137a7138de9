package controllers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"aoki/models"
)

// walkNames is the plain way to what fill does: with the standard library's
// tokens and reflection, dear but easily understood. Tests hold the one against the
// other.
func walkNames(raw []byte, into any) error {
	if loneSurrogate(raw) {
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
			if err := w.value(elemOf(t), path+"["+strconv.Itoa(i)+"]"); err != nil {
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
		inner := elemOf(t)
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

// elemOf is the type of what a list or map holds, nil for everything else.
func elemOf(t reflect.Type) reflect.Type {
	switch t = deref(t); {
	case t == nil, t == reflect.TypeFor[json.RawMessage]():
		return nil
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array, t.Kind() == reflect.Map:
		return t.Elem()
	}
	return nil
}

// escapes are those of JSON; the last of its groups are the digits of a unit.
var escapes = regexp.MustCompile(`(?s)\\(?:u([0-9a-fA-F]{4})|.)`)

// loneSurrogate reports an escape \uD800–\uDFFF without its other half.
func loneSurrogate(raw []byte) bool {
	high := -1 // where the low half of a pair must begin
	for _, at := range escapes.FindAllSubmatchIndex(raw, -1) {
		unit := uint64(0)
		if at[2] >= 0 {
			unit, _ = strconv.ParseUint(string(raw[at[2]:at[3]]), 16, 16)
		}
		switch isLow := unit >= 0xDC00 && unit <= 0xDFFF; {
		case isLow != (high == at[0]) || high >= 0 && !isLow:
			return true
		case unit >= 0xD800 && unit < 0xDC00:
			high = at[1]
		default:
			high = -1
		}
	}
	return high >= 0
}
