package controllers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// MaxBody is the most that a request may carry.
const MaxBody = 1 << 20

// smallBody is how much of a body's announced length is believed: memory for more is
// taken as it comes, or an announcement would be an attack.
const smallBody = 16 << 10

// decode reads the request's body into req, a pointer to a struct, strictly, and
// checks the struct's `validate` tags. When it answers false it has answered the
// request too.
//
// 415 what is not JSON, 413 what is over 1 MiB, 400 what is malformed, has
// unknown or repeated fields or anything behind the value, 422 what is well-formed
// but of a wrong type or outside its limits, with the field's name.
func decode(c *gin.Context, req any) bool {
	if !isJSON(c.GetHeader("Content-Type")) {
		fail(c, models.Errorf(codeMediaType, "the body must be application/json in UTF-8"))
		return false
	}
	raw, ok := readBody(c)
	if !ok {
		return false
	}
	if err := unmarshal(raw, req); err != nil {
		fail(c, err)
		return false
	}
	if err := validateStruct(req); err != nil {
		fail(c, err)
		return false
	}
	return true
}

// decodeOptional is decode for a route whose body may be left out.
func decodeOptional(c *gin.Context, req any) bool {
	raw, ok := readBody(c)
	if !ok || len(raw) == 0 {
		return ok
	}
	return decode(c, req)
}

// readBody reads the whole body, once; what it read is kept for idempotent.
func readBody(c *gin.Context) ([]byte, bool) {
	kept := stateOf(c)
	if kept.read {
		return kept.body, true
	}
	var raw []byte
	var err error
	switch size := c.Request.ContentLength; {
	case size > MaxBody:
		err = &http.MaxBytesError{Limit: MaxBody}
	case size >= 0 && size <= smallBody: // net/http gives no more than was announced
		raw = make([]byte, size)
		_, err = io.ReadFull(c.Request.Body, raw)
	default:
		raw, err = io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, MaxBody))
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		fail(c, models.Errorf(codeTooLarge, "the body is over %d bytes", MaxBody))
		return nil, false
	case err != nil:
		fail(c, &models.Error{Code: codeMalformed, Message: "the body broke off", Err: err})
		return nil, false
	}
	kept.body, kept.read = raw, true
	return raw, true
}

func isJSON(contentType string) bool {
	if contentType == "application/json" { // as nearly everybody writes it
		return true
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// unmarshal is json.Unmarshal made strict. into points to a zero value.
func unmarshal(raw []byte, into any) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return models.Errorf(codeMalformed, "a JSON body is needed")
	}
	if !utf8.Valid(raw) {
		return models.Errorf(codeMalformed, "the body is not valid UTF-8")
	}
	if done, err := fill(raw, into); done || err != nil {
		return err
	}
	err := json.Unmarshal(raw, into)
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		if wrongType.Field == "" {
			return models.Errorf(models.Invalid, "the body must be %s", jsonKind(wrongType.Type))
		}
		return models.InvalidField(wrongType.Field, "must be %s", jsonKind(wrongType.Type))
	}
	if err != nil {
		return &models.Error{Code: codeMalformed, Message: "the body is not valid JSON", Err: err}
	}
	return nil
}

// malformed makes a 400 about one value of the query or a header.
func malformed(field, message string) *models.Error {
	return &models.Error{Code: codeMalformed, Message: field + " " + message, Fields: []models.Field{{Field: field, Message: message}}}
}

// idempotent is the request's context with its Idempotency-Key in it, when there
// is one, for models.Do. Call it after decode: the key stands for this method,
// path and body of this user.
func idempotent(c *gin.Context) (ctx context.Context, ok bool) {
	if len(c.Request.Header["Idempotency-Key"]) == 0 {
		return c.Request.Context(), true
	}
	return idempotentOf(c, "u:"+strconv.FormatInt(who(c).UserID, 10))
}

// idempotentOf is idempotent for a route without a door: the sender is who the
// keys belong to.
func idempotentOf(c *gin.Context, sender string) (ctx context.Context, ok bool) {
	values := c.Request.Header.Values("Idempotency-Key")
	ctx = c.Request.Context()
	if len(values) == 0 {
		return ctx, true
	}
	key := values[0]
	if len(values) > 1 || len(key) == 0 || len(key) > 255 || strings.ContainsFunc(key, notPrintable) {
		fail(c, models.InvalidField("Idempotency-Key", "must be 1 to 255 printable ASCII characters"))
		return nil, false
	}
	h := sha256.New()
	h.Write([]byte(c.Request.Method + "\n" + c.Request.URL.Path + "\n"))
	h.Write(stateOf(c).body)
	return models.WithKey(ctx, models.Key{
		Sender: sender,
		Word:   key,
		Hash:   hex.EncodeToString(h.Sum(nil)),
	}), true
}

func notPrintable(r rune) bool { return r < ' ' || r > '~' }
