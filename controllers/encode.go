package controllers

import (
	"bytes"
	"encoding/json"
	"sync"
)

// encoder is a buffer and the JSON that is written into it.
type encoder struct {
	buf  bytes.Buffer
	json *json.Encoder
}

// encoders are those that nobody writes with.
var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.json = json.NewEncoder(&e.buf)
	e.json.SetEscapeHTML(false) // "<" stays "<", since nobody embeds it in HTML
	return e
}}

// encode gives v as JSON, which is good until the encoder is free.
func (e *encoder) encode(v any) ([]byte, error) {
	if err := e.json.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(e.buf.Bytes(), []byte("\n")), nil
}

// free gives the encoder back, unless an answer made it large.
func (e *encoder) free() {
	if e.buf.Cap() <= 64<<10 {
		e.buf.Reset()
		encoders.Put(e)
	}
}
