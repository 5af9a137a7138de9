package models

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// What SQLite packs is read as it was put in.
func TestPackedRows(t *testing.T) {
	db, err := Open(Options{Path: t.TempDir() + "/aoki.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	random := rand.New(rand.NewPCG(1, 2))
	numbers := []int64{0, 1, -1, 9, 10, math.MaxInt64, math.MinInt64, 1 << 53}
	texts := []string{"", "ann", `"`, `\`, `a\"b`, "名前", "\x01\n\t\x7f", `","`, `]],[[`, "\u2028é", strings.Repeat("x", 1000) + `\\"`}
	for range 200 {
		var want []any
		var values []string
		for range random.IntN(4) {
			n, text := numbers[random.IntN(len(numbers))], texts[random.IntN(len(texts))]
			at := time.UnixMicro(random.Int64N(1 << 52)).UTC()
			want = append(want, n, text, at)
			values = append(values, "(CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT))")
		}
		packedText := []byte("[]")
		if len(want) > 0 {
			err := db.Read(context.Background()).Raw(`WITH v(a, b, c) AS (VALUES `+strings.Join(values, ", ")+`)
				SELECT json_group_array(json_array(a, b, c)) FROM v`, want...).Row().Scan(&packedText)
			if err != nil {
				t.Fatal(err)
			}
		}
		p := packed{rest: packedText}
		var got []any
		for p.next() {
			got = append(got, p.number(), p.text(), p.time().UTC())
		}
		if err := p.err(); err != nil || len(got) != len(want) {
			t.Fatalf("%s: %v, %v", packedText, got, err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s: %q, not %q", packedText, got[i], want[i])
			}
		}
	}
}

func TestPackedRowsThatAreNone(t *testing.T) {
	whole := `[[1,"a"],[-2,"b\n"]]`
	read := func(text string) error {
		p := packed{rest: []byte(text)}
		for p.next() {
			p.number()
			p.text()
		}
		return p.err()
	}
	if err := read(whole); err != nil {
		t.Fatal(err)
	}
	if !json.Valid([]byte(whole)) {
		t.Fatal(whole)
	}
	broken := []string{`[[1]]`, `[[1,"a",2]]`, `[["a",1]]`, `[[null,"a"]]`, `[[1,null]]`, `[[1.5,"a"]]`, `[[1,"a"]] `, `[ [1,"a"]]`, `[1,"a"]`, `null`,
		`[[-,"a"]]`, `[[1,"\u00zz"]]`, `[[1,"a"][1,"a"]]`, `[[1 "a"]]`, `[[]]`}
	for i := range whole {
		broken = append(broken, whole[:i])
	}
	for _, text := range broken {
		if read(text) == nil {
			t.Errorf("%s is read", text)
		}
	}
	for _, text := range []string{`[["yesterday"]]`, `[[""]]`, `[[1]]`, `[[null]]`} {
		p := packed{rest: []byte(text)}
		p.next()
		if at := p.time(); p.next() || p.err() == nil {
			t.Errorf("%s is %v", text, at)
		}
	}
}

// Times that SQLite's own functions made are read as the driver reads them.
func TestPackedTimes(t *testing.T) {
	want := time.Date(2026, 5, 13, 12, 0, 0, 0, time.UTC)
	for _, text := range []string{"2026-05-13 12:00:00", "2026-05-13 20:00:00+08:00", "2026-05-13 12:00:00.000000+00:00", "2026-05-13T12:00:00Z"} {
		p := packed{rest: []byte(`[["` + text + `"]]`)}
		p.next()
		if at := p.time(); !at.Equal(want) || p.next() || p.err() != nil {
			t.Errorf("%s is %v, %v", text, at, p.err())
		}
	}
}
