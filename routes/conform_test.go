package routes

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

type document = map[string]any

// contract is the OpenAPI document, to hold answers against.
var contract = sync.OnceValue(func() *conformer {
	c := &conformer{}
	if err := yaml.Unmarshal(openapi, &c.doc); err != nil {
		panic(err)
	}
	return c
})

type conformer struct{ doc document }

// conforms reports where an answer is not what the document promises. Every call
// of a world goes through it.
func conforms(t *testing.T, method, path string, a answer) {
	t.Helper()
	c := contract()
	operation := c.operation(method, path)
	if operation == nil {
		return // 404 and 405 of no route
	}
	responses := operation["responses"].(document)
	response, ok := responses[strconv.Itoa(a.status)].(document)
	if !ok {
		if response, ok = responses["default"].(document); !ok || a.status < 400 {
			t.Errorf("%s %s: status %d is not documented", method, path, a.status)
			return
		}
	}
	response = c.follow(response)
	for name, header := range asDocument(response["headers"]) {
		if a.header.Get(name) == "" && c.follow(header.(document))["required"] == true {
			t.Errorf("%s %s: %d without the promised header %s", method, path, a.status, name)
		}
	}
	content := asDocument(response["content"])
	if content == nil {
		if a.body != "" {
			t.Errorf("%s %s: %d promises no content and has %.100q", method, path, a.status, a.body)
		}
		return
	}
	contentType := a.header.Get("Content-Type")
	media, ok := content[contentType].(document)
	if !ok {
		if family, _, _ := strings.Cut(contentType, "/"); content[family+"/*"] != nil {
			return
		}
		if content["*/*"] == nil && content["text/html"] == nil {
			t.Errorf("%s %s: %d is %s, which is not documented", method, path, a.status, contentType)
		}
		return
	}
	if !strings.HasSuffix(contentType, "json") {
		return
	}
	var v any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
		return
	}
	for _, fault := range c.check(media["schema"].(document), v, "") {
		t.Errorf("%s %s: %d%s in %.300s", method, path, a.status, fault, a.body)
	}
}

func asDocument(v any) document { d, _ := v.(document); return d }

// operation finds what the document says of a request; a path without parameters
// goes first.
func (c *conformer) operation(method, path string) document {
	path, _, _ = strings.Cut(path, "?")
	paths := c.doc["paths"].(document)
	if item, ok := paths[path].(document); ok {
		return asDocument(item[strings.ToLower(method)])
	}
	for pattern, item := range paths {
		if !strings.Contains(pattern, "{") {
			continue
		}
		re := regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(pattern), `[^/]+`)
		if regexp.MustCompile("^" + re + "$").MatchString(path) {
			return asDocument(item.(document)[strings.ToLower(method)])
		}
	}
	return nil
}

func (c *conformer) follow(d document) document {
	for {
		ref, ok := d["$ref"].(string)
		if !ok {
			return d
		}
		at := c.doc
		for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			at = at[step].(document)
		}
		d = at
	}
}

// check is the part of JSON Schema that the document uses. Answers may not have
// properties that it does not name, unless it says so.
func (c *conformer) check(schema document, v any, at string) (faults []string) {
	schema = c.follow(schema)
	fault := func(format string, args ...any) { faults = append(faults, at+": "+fmt.Sprintf(format, args...)) }
	for _, kind := range []string{"anyOf", "oneOf"} {
		options, ok := schema[kind].([]any)
		if ok && !slices.ContainsFunc(options, func(o any) bool { return len(c.check(o.(document), v, at)) == 0 }) {
			fault("fits none of %s", kind)
		}
	}
	if want, ok := schema["const"]; ok && fmt.Sprint(want) != fmt.Sprint(v) {
		fault("is %v and not %v", v, want)
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, v) {
		fault("%v is not one of %v", v, enum)
	}
	if !hasType(schema["type"], v) {
		fault("%v is not of type %v", v, schema["type"])
		return faults
	}
	switch v := v.(type) {
	case string:
		if most, ok := schema["maxLength"].(int); ok && utf8.RuneCountInString(v) > most {
			fault("is longer than %d", most)
		}
		if schema["format"] == "date-time" {
			if at, err := time.Parse(time.RFC3339, v); err != nil || at.Location() != time.UTC {
				fault("%q is no time in UTC", v)
			}
		}
	case float64:
		if least, ok := schema["minimum"].(int); ok && v < float64(least) {
			fault("%v is less than %d", v, least)
		}
	case []any:
		items := asDocument(schema["items"])
		for i, item := range v {
			if items != nil {
				faults = append(faults, c.check(items, item, at+"."+strconv.Itoa(i))...)
			}
		}
	case map[string]any:
		properties := asDocument(schema["properties"])
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, ok := v[name.(string)]; !ok {
				fault("lacks %s", name)
			}
		}
		for name, inner := range v {
			if p, ok := properties[name].(document); ok {
				faults = append(faults, c.check(p, inner, at+"."+name)...)
			} else if properties != nil && schema["additionalProperties"] != true {
				fault("%s is not documented", name)
			}
		}
	}
	return faults
}

func hasType(want, v any) bool {
	switch want := want.(type) {
	case nil:
		return true
	case []any:
		return slices.ContainsFunc(want, func(w any) bool { return hasType(w, v) })
	case string:
		switch v := v.(type) {
		case nil:
			return want == "null"
		case bool:
			return want == "boolean"
		case string:
			return want == "string"
		case float64:
			return want == "number" || want == "integer" && v == math.Trunc(v)
		case []any:
			return want == "array"
		case map[string]any:
			return want == "object"
		}
	}
	return false
}
