package controllers

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"aoki/models"
)

// tree holds itself, and all that bodies are made of.
type tree struct {
	Leaf     string            `json:"leaf"`
	Note     *string           `json:"note"`
	Flag     bool              `json:"flag"`
	Maybe    **bool            `json:"maybe"`
	Count    int               `json:"count,omitempty"`
	ID       *int64            `json:"id"`
	Tags     []string          `json:"tags"`
	Others   *[]*string        `json:"others"`
	Inner    *tree             `json:"inner"`
	List     []tree            `json:"list"`
	Deep     [][]*tree         `json:"deep"`
	Raw      json.RawMessage   `json:"raw"`
	Raws     []json.RawMessage `json:"raws"`
	MaybeRaw *json.RawMessage  `json:"mayberaw"`

	// What encoding/json has to decode.
	Map   map[string]tree `json:"map"`
	Any   any             `json:"any"`
	Time  time.Time       `json:"time"`
	Bytes []byte          `json:"bytes"`
	Small int8            `json:"small"`
	Kind  kind            `json:"kind"`
	Kinds kinds           `json:"kinds"`
	Shout shout           `json:"shout"`
	Array [2]int          `json:"array"`

	Hidden   string `json:"-"`
	Nameless string
}

type kind string

type kinds []string

// shout decodes itself.
type shout []string

func (s *shout) UnmarshalJSON(raw []byte) error {
	*s = shout{strings.ToUpper(string(raw))}
	return nil
}

// odd are the structs whose fields are not all that there is to them.
type odd struct {
	Quoted quoted `json:"inner"`
	Outer  outer  `json:"map"`
	Spoken spoken `json:"list"`
}

// spoken is written as text.
type spoken struct {
	X int64 `json:"x"`
}

func (*spoken) UnmarshalText([]byte) error { return nil }

type quoted struct {
	X int `json:"x,string"`
}

type outer struct{ middle }

type middle struct {
	X  int64  `json:"x"`
	At inside `json:"at"`
}

var strictTypes = []any{new(thing), new(tree), new(pushRequest), new(odd), new([]inside), new(map[string]inside), new(any), new(string), new(*int), new(json.RawMessage)}

// sameVerdict holds fill against walkNames and encoding/json: the same is refused and the
// same is said, and what is taken means the same. What is left to encoding/json is left whole.
func sameVerdict(t *testing.T, raw []byte, types ...any) {
	t.Helper()
	if !utf8.Valid(raw) {
		return // nobody asks
	}
	for _, of := range types {
		fresh := func() any { return reflect.New(reflect.TypeOf(of).Elem()).Interface() }
		got, plainly := fresh(), fresh()
		done, err := fill(raw, got)
		if says, want := verdict(err), verdict(walkNames(raw, plainly)); says != want {
			t.Fatalf("%T %q\n%s\nbut the plain way says\n%s", of, raw, says, want)
		}
		if err != nil {
			continue
		}
		err = json.Unmarshal(raw, plainly)
		if done && err != nil {
			t.Fatalf("%T %q was taken, but %v", of, raw, err)
		}
		if !done {
			plainly = fresh()
		}
		if !reflect.DeepEqual(got, plainly) {
			t.Fatalf("%T %q, done: %v, became\n%+v\nnot\n%+v", of, raw, done, got, plainly)
		}
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

// values are some for each name, mostly of its type.
var values = map[string]string{
	"leaf": `"a"  "日本"  ""  "\n\"\u00e9\ud83d\ude00"  "\u0000"  null  5`, "note": `"a"  "\/"  null  true`,
	"flag": `true  false  null  "true"`, "maybe": `true  false  null  1`, "count": `0  -7  9223372036854775807  -0  1e2  1.0  9223372036854775808  null  "1"`,
	"id": `5  -9223372036854775808  null  1.5  "5"`, "tags": `T  []  ["a",null,"\t"]  ["\u0000"]  null  {}  {"x":"y"}  [1]`, "others": `T  ["a",null]  []  null`,
	"inner": `O  {}  null  []  "x"  {"x":"5"}`, "list": `L  [null]  []  null  O  {"x":1}`, "deep": `D  [[],null,[null]]  null  [O]`,
	"raw": `A  null  { "a" : [ 1 , 2 ] }  "x\u0041"  -1.50e+3  [ ]`, "raws": `[A]  [ null , {"a" : 1} ]  null`, "mayberaw": `A  null  {"a" : 1}`,
	"map": `null  {"k":{}}  {"x":1}  {"x":{"y":1}}`, "any": `A  null  {"x":1}`, "time": `null  "2026-05-13T12:00:00Z"  {}  5`, "bytes": `null  "aGk="  [1]  []`, "small": `7  128  null`,
	"kind": `"a"  null  5`, "kinds": `["a"]  null  []  {}`, "shout": `["a"]  null  []  "a"`, "array": `[1,2,3]  [1]  []  null`,
}

// randomBody writes a tree, and spoils some.
func randomBody(r *rand.Rand) string {
	names := slices.Sorted(maps.Keys(values))
	var object func(depth int) string
	several := func(depth int) string {
		return strings.Join([]string{object(depth + 1), object(depth + 1)}[:r.IntN(3)], ",")
	}
	object = func(depth int) string {
		if depth > 3 {
			return "{}"
		}
		var members []string
		for _, at := range r.Perm(len(names))[:r.IntN(5)] {
			name := names[at]
			choice := strings.Split(values[name], "  ")
			value := choice[0]
			if r.IntN(3) == 0 {
				value = choice[r.IntN(len(choice))]
			}
			switch value {
			case "T":
				value = `["a","b"]`
			case "O", "A":
				value = object(depth + 1)
			case "L", "[A]", "[O]":
				value = "[" + several(depth) + "]"
			case "D":
				value = "[[" + several(depth) + "],[]]"
			}
			members = append(members, `"`+name+`":`+value)
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	body := object(0)
	parts := bodyParts.FindAllString(body, -1)
	for range max(0, r.IntN(5)-2) {
		at := r.IntN(len(parts))
		parts[at] = []string{"", parts[at] + parts[at], pieces[r.IntN(len(pieces))], parts[at] + pieces[r.IntN(len(pieces))]}[r.IntN(4)]
	}
	return strings.Join(parts, "")
}

var bodyParts = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[\w.+-]+|.`)

func TestStrictIsAsThePlainWay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	codes, taken := map[string]int{}, 0
	for range 4_000 {
		body := []byte(randomBody(r))
		sameVerdict(t, body, strictTypes...)
		done, err := fill(body, new(tree))
		codes[models.ErrorCode(err)]++
		if done {
			taken++
		}
	}
	t.Log(taken, codes)
	if taken < 500 || codes[""]-taken < 500 {
		t.Errorf("of %d bodies %d were taken at once", codes[""], taken)
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

func TestStrictOddTypes(t *testing.T) {
	for _, body := range []string{
		`{"inner":{"x":"5"}}`, `{"inner":{"x":5}}`, `{"inner":{}}`, `{"map":{"at":{"x":5}}}`, `{"map":{"x":5}}`, `{"map":{}}`, `{"map":null}`, `{}`,
		`{"list":{"x":5}}`, `{"list":"x"}`,
	} {
		sameVerdict(t, []byte(body), new(odd))
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
	if s != shapeOf(reflect.TypeFor[*tree]()) || s.fields["inner"].shape != s || s.fields["list"].shape.elem != s || s.fields["map"].shape.elem != s || s.fields["deep"].shape.elem.elem != s {
		t.Errorf("the shape of a tree is %+v", s)
	}
	for name, known := range map[string]bool{"leaf": true, "any": true, "time": true, "raw": true, "-": false, "Hidden": false, "Nameless": false, "inside": false, "": false} {
		inner, ok := s.fields[name]
		if ok != known || (name == "any" || name == "time" || name == "raw") && inner.shape != nil {
			t.Errorf("%q: %v %v", name, ok, inner)
		}
	}
}

// What a body means, and what is said of one that is refused, is what the standard library
// says and its tokens tell.
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
