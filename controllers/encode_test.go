package controllers

import (
	"bytes"
	"strings"
	"testing"
)

// encode is JSON as it goes out.
func encode(v any) ([]byte, error) {
	e := encoders.Get().(*encoder)
	defer e.free()
	body, err := e.encode(v)
	return bytes.Clone(body), err
}

// An encoder that is used again has nothing of what was before.
func TestEncoderForgets(t *testing.T) {
	for range 100 {
		if body, err := encode(strings.Repeat("a secret", 100)); err != nil || len(body) != 802 {
			t.Fatalf("%s %v", body, err)
		}
		if body, err := encode(map[string]any{"a": "secret", "b": func() {}}); err == nil || len(body) != 0 {
			t.Fatalf("a function became %s", body)
		}
		if body, err := encode("<b>"); err != nil || string(body) != `"<b>"` {
			t.Fatalf("%s %v", body, err)
		}
	}
}
