package controllers

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// ruled has the rules that requests have, on all that they may stand on, and some that
// only the validator knows.
type ruled struct {
	Need      string            `validate:"required"`
	NeedPtr   *string           `validate:"required"`
	NeedInt   int64             `validate:"required"`
	NeedList  []string          `validate:"required"`
	NeedMap   map[string]string `validate:"required"`
	NeedRaw   json.RawMessage   `validate:"required"`
	Short     string            `validate:"max=3"`
	ShortPtr  *string           `validate:"max=3"`
	MaybePtr  *string           `validate:"omitempty,max=3"`
	TwicePtr  **string          `validate:"omitempty,min=2"`
	Long      string            `validate:"omitempty,min=2"`
	Octal     string            `validate:"max=010"`
	Hex       string            `validate:"max=0x3"`
	Few       []string          `validate:"min=1,max=2"`
	FewMaybe  []string          `validate:"omitempty,min=2"`
	FewPtr    *[]string         `validate:"omitempty,max=2,dive,max=3"`
	Each      []string          `validate:"dive,required,max=3"`
	EachPtr   []*string         `validate:"max=3,dive,required,max=3"`
	EachList  [][]string        `validate:"dive,max=2,dive,min=1"`
	EachMaybe *[]string         `validate:"dive,max=3"`
	Digit     int               `validate:"min=1,max=9"`
	DigitPtr  *int64            `validate:"omitempty,min=1"`
	Word      string            `validate:"oneof=a bb"`
	WordPtr   *string           `validate:"omitempty,oneof=a bb"`
	Pairs     map[string]string `validate:"max=2"`
	Fraction  float64           `validate:"max=3"`
	Flag      bool              `validate:"required"`
	FlagPtr   *bool             `validate:"required"`
	Inner     innerRuled
	InnerNeed innerRuled  `validate:"required"`
	InnerPtr  *innerRuled `validate:"required"`
	InnerFree *innerRuled
	InnerEach []innerRuled `validate:"max=2,dive"`
	InnerNone []innerRuled
	innerRuled
	Time    time.Time
	Any     any
	Skipped string `validate:"-"`
	Free    string

	// What only the validator knows.
	Either   string            `validate:"max=1|min=3"`
	Quoted   string            `validate:"oneof=a 'b c'"`
	OrWord   string            `validate:"oneof=a b|eq=bb"`
	Comma    string            `validate:"oneof=a 0x2C"`
	Exact    string            `validate:"omitempty,len=2"`
	KeysToo  map[string]string `validate:"dive,keys,max=2,endkeys,max=3"`
	OneOfInt int               `validate:"oneof=1 2"`
}

type innerRuled struct {
	Name string `validate:"max=3"`
	Deep *innerRuled
}

// some puts something into v: often what rules stumble over.
func some(r *rand.Rand, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "a", "b", "bb", "日本語", "abcd", ",", "b c", "b|eq=bb", "0x2C", "abcdefgh", "abcdefghi"}[r.IntN(12)])
	case reflect.Int, reflect.Int64:
		v.SetInt([]int64{0, 1, 2, 9, 10, -1, 1 << 40}[r.IntN(7)])
	case reflect.Float64:
		v.SetFloat([]float64{0, 2.5, 3.5}[r.IntN(3)])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Pointer:
		if r.IntN(3) > 0 && depth < 4 {
			v.Set(reflect.New(v.Type().Elem()))
			some(r, v.Elem(), depth+1)
		}
	case reflect.Slice:
		if n := r.IntN(5) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				if v.Index(i).Kind() != reflect.Uint8 {
					some(r, v.Index(i), depth+1)
				}
			}
		}
	case reflect.Map:
		if n := r.IntN(5) - 1; n >= 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				some(r, key, depth+1)
				some(r, value, depth+1)
				v.SetMapIndex(key, value)
			}
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf([]any{"abcd", innerRuled{Name: "abcd"}, 5}[r.IntN(3)]))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type() != reflect.TypeFor[time.Time]() && v.Field(i).CanSet() {
				some(r, v.Field(i), depth+1)
			}
		}
	}
}

// What the rules pass is valid for the validator: each field of ruled as the only one of
// its struct, and requests as a whole. And they pass nearly all that is valid, or they
// would be for nothing.
func TestRulesSayWhatTheValidatorSays(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	types := []reflect.Type{reflect.TypeFor[thing](), reflect.TypeFor[pushRequest](), reflect.TypeFor[audienceRequest]()}
	all := reflect.TypeFor[ruled]()
	for i := range all.NumField() {
		if f := all.Field(i); f.IsExported() {
			types = append(types, reflect.StructOf([]reflect.StructField{{Name: f.Name, Type: f.Type, Tag: f.Tag}}))
		}
	}
	for _, of := range types {
		valid, passed := 0, 0
		for range 300 {
			v := reflect.New(of)
			some(r, v.Elem(), 0)
			pass := rulesOf(of).pass(v.Elem())
			err := byValidator(v.Interface())
			if pass && err != nil {
				t.Errorf("%v %+v passed, but %v", of, v, err)
			}
			if err == nil {
				valid++
			}
			if pass {
				passed++
			}
		}
		name := of.Field(0).Name
		if slices.Contains([]string{"Either", "Quoted", "OrWord", "Comma", "Exact", "KeysToo", "OneOfInt", "Hex", "Fraction", "Any", "EachMaybe"}, name) {
			continue // the validator's
		}
		if valid == 0 || passed < valid*9/10 {
			t.Errorf("%v: of %d that are valid the rules pass %d", of, valid, passed)
		}
	}
	var whole ruled // and an embedded struct among the others
	whole.Name = "too long"
	embedded := struct{ innerRuled }{whole.innerRuled}
	if rulesOf(reflect.TypeOf(embedded)).pass(reflect.ValueOf(embedded)) || byValidator(&embedded) == nil {
		t.Error("an embedded struct's rules are not held")
	}
}
