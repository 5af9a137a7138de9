package controllers

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"aoki/models"
)

// tree holds itself, and much that is odd.
type tree struct {
	Leaf     string          `json:"leaf"`
	Inner    *tree           `json:"inner"`
	List     []tree          `json:"list"`
	Map      map[string]tree `json:"map"`
	Deep     [][]*tree       `json:"deep,omitempty"`
	Any      any             `json:"any"`
	Time     time.Time       `json:"time"`
	Raw      json.RawMessage `json:"raw"`
	Hidden   string          `json:"-"`
	Nameless string
	inside
}

var strictTypes = []any{new(thing), new(tree), new(pushRequest), new([]inside), new(map[string]inside), new(any), new(string)}

// sameVerdict holds checkNames against walkNames: the same is refused, and the same is said.
func sameVerdict(t *testing.T, raw []byte, types ...any) {
	t.Helper()
	if !utf8.Valid(raw) {
		return // nobody asks
	}
	for _, into := range types {
		got, want := verdict(checkNames(raw, into)), verdict(walkNames(raw, into))
		if got != want {
			t.Fatalf("%T %q\n%s\nbut the plain way says\n%s", into, raw, got, want)
		}
	}
	if err := checkNames(raw, new(any)); err == nil && !json.Valid(raw) {
		t.Fatalf("%q is no JSON", raw)
	}
}

func verdict(err error) string {
	if err == nil {
		return ""
	}
	e := models.AsError(err)
	return fmt.Sprintf("%s %q %q", e.Code, e.Message, e.Fields)
}

// pieces are what the bodies of the tests are made of.
var pieces = []string{
	"{", "}", "[", "]", ",", ":", " ", "\n", "\t", "\r", "\f", "\u00a0", "x",
	`"leaf"`, `"l\u0065af"`, `"inner"`, `"list"`, `"map"`, `"deep"`, `"any"`, `"time"`, `"raw"`, `"x"`, `"Leaf"`, `"Nameless"`, `""`,
	`"name"`, `"count"`, `"tags"`, `"free"`, `"to"`, `"users"`, `"title"`, `"日本"`,
	`"\u0000"`, `"a\u0000b"`, `"\\u0000"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ude00"`, `"\ud83d\\"`, `"\\ud83d"`, `"\u0000\u0041"`, `"\ud83d\ud83d\ude00"`, `"\""`, `"\/\b\f\n\r\t"`, `"\x"`, `"\u12"`, `"\u12G4"`, `"\`, `"`, "\"\x01\"", "\"\x7f\"",
	"0", "1", "-0", "-", "01", "1.5", "1.", ".5", "1e3", "1E+30", "1e", "1e-", "-1e-1", "+1", "99999999999999999999", "NaN",
	"true", "false", "null", "tru", "nulll", "True", "\ufeff", "\x00",
}

// randomBody writes a value as most of them are, and then spoils some.
func randomBody(r *rand.Rand) string {
	var parts []string
	var value func(depth int)
	value = func(depth int) {
		switch n := r.IntN(8); {
		case n < 3 && depth < 5:
			parts = append(parts, "{")
			for i := range r.IntN(5) {
				if i > 0 {
					parts = append(parts, ",")
				}
				parts = append(parts, pieces[13+r.IntN(22)], ":")
				value(depth + 1)
			}
			parts = append(parts, "}")
		case n < 5 && depth < 5:
			parts = append(parts, "[")
			for i := range r.IntN(4) {
				if i > 0 {
					parts = append(parts, ",")
				}
				value(depth + 1)
			}
			parts = append(parts, "]")
		default:
			parts = append(parts, []string{`"a"`, `""`, `"\u0000"`, "1", "-1.5e3", "true", "null", `"\n"`, " 7 "}[r.IntN(9)])
		}
	}
	value(0)
	for range r.IntN(3) {
		at := r.IntN(len(parts))
		parts[at] = []string{"", parts[at] + parts[at], pieces[r.IntN(len(pieces))], parts[at] + pieces[r.IntN(len(pieces))]}[r.IntN(4)]
	}
	return strings.Join(parts, "")
}

func TestStrictIsAsThePlainWay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	codes := map[string]int{}
	for range 4_000 {
		body := []byte(randomBody(r))
		sameVerdict(t, body, strictTypes...)
		codes[models.ErrorCode(checkNames(body, new(tree)))]++
	}
	for _, code := range []string{"", codeMalformed, codeUnknownField, models.Invalid} {
		if codes[code] < 50 {
			t.Errorf("only %d bodies of 4,000 were %q", codes[code], code)
		}
	}
	for _, a := range pieces { // and all that is short
		for _, b := range pieces {
			sameVerdict(t, []byte(a+b), new(any))
			sameVerdict(t, []byte(`{"leaf":`+a+b+`}`), new(tree))
		}
	}
}

func TestStrictBounds(t *testing.T) {
	names := func(n int, last string) []byte {
		var b strings.Builder
		b.WriteString(`{"any":{"in":{"x":1},"list":[{"x":1},{"x":2}]`)
		for i := range n {
			fmt.Fprintf(&b, `,"n%d":{"x":[]}`, i)
		}
		return []byte(b.String() + `,"` + last + `":1},"leaf":""}`)
	}
	for _, n := range []int{0, 1, fewNames - 4, fewNames - 3, fewNames - 2, fewNames - 1, fewNames, 40, 3000} {
		for _, last := range []string{"new", "in", "n0", fmt.Sprint("n", n-1), `\u006e0`} {
			sameVerdict(t, names(n, last), new(tree), new(any))
		}
	}
	for depth := maxDepth - 3; depth < maxDepth+3; depth++ {
		for _, inside := range []string{"", "1", `"\u0000"`, "x", "{}", `{"a":1}`} {
			sameVerdict(t, []byte(strings.Repeat("[", depth)+inside+strings.Repeat("]", depth)), new(tree), new(any))
			sameVerdict(t, []byte(strings.Repeat(`{"any":`, depth)+inside+strings.Repeat("}", depth)), new(tree), new(any))
			sameVerdict(t, []byte(strings.Repeat(`{"inner":`, depth)+inside+strings.Repeat("}", depth)), new(tree), new(any))
		}
	}
}

// A type has one shape for all its requests, and one that holds itself has an end.
func TestShape(t *testing.T) {
	s := shapeOf(reflect.TypeFor[*tree]())
	if s != shapeOf(reflect.TypeFor[*tree]()) || s.fields["inner"] != s || s.fields["list"].elem != s || s.fields["map"].elem != s || s.fields["deep"].elem.elem != s {
		t.Errorf("the shape of a tree is %+v", s)
	}
	for name, known := range map[string]bool{"x": true, "leaf": true, "any": true, "time": true, "raw": true, "-": false, "Hidden": false, "Nameless": false, "inside": false, "": false} {
		inner, ok := s.fields[name]
		if ok != known || (name == "any" || name == "time" || name == "raw") && inner != nil {
			t.Errorf("%q: %v %v", name, ok, inner)
		}
	}
}

// What checkNames refuses, and what it says, is what the standard library's tokens say.
func FuzzStrict(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		f.Add([]byte(randomBody(r)))
	}
	for _, piece := range pieces {
		f.Add([]byte(piece))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { sameVerdict(t, raw, strictTypes...) })
}
