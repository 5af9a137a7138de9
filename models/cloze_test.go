package models

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// show writes parts so that a test can read them: plain, <1:answer> or
// <1:answer|hint>.
func show(parts []clozePart) string {
	var b strings.Builder
	for _, p := range parts {
		if !p.isCloze() {
			b.WriteString(p.text)
			continue
		}
		fmt.Fprintf(&b, "<%d:%s", p.number, show(p.parts))
		if p.hint != "" {
			b.WriteString("|" + p.hint)
		}
		b.WriteString(">")
	}
	return b.String()
}

func TestParseCloze(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"none", "Madrid", "Madrid"},
		{"empty", "", ""},
		{"one", "{{c1::Madrid}}", "<1:Madrid>"},
		{"in a sentence", "The capital is {{c1::Madrid}}.", "The capital is <1:Madrid>."},
		{"hint", "{{c1::Madrid::city}}", "<1:Madrid|city>"},
		{"hint over lines", "{{c1::Madrid:: big\n city }}", "<1:Madrid|big city>"},
		{"empty hint", "{{c1::Madrid::}}", "<1:Madrid>"},
		{"hint with colons", "{{c1::a::b::c}}", "<1:a|b::c>"},
		{"one colon", "{{c1::a:b}}", "<1:a:b>"},
		{"two", "{{c1::a}} and {{c2::b}}", "<1:a> and <2:b>"},
		{"the same number", "{{c1::a}} and {{c1::b}}", "<1:a> and <1:b>"},
		{"side by side", "{{c1::a}}{{c2::b}}", "<1:a><2:b>"},
		{"over lines", "{{c1::a\n\nb}}", "<1:a\n\nb>"},
		{"Chinese", "首都是{{c1::东京::城市}}。", "首都是<1:东京|城市>。"},
		{"leading zero", "{{c01::a}}", "<1:a>"},
		{"zero", "{{c0::a}}", "<0:a>"},
		{"too large", "{{c101::a}}", "<101:a>"},
		{"far too large", "{{c99999999999999999999::a}}", "<1000:a>"},

		{"braces in the answer", `{{c1::\frac{a}{b} + 1}}`, `<1:\frac{a}{b} + 1>`},
		{"braces right before the end", `{{c1::\frac{a}{b}}}`, `<1:\frac{a}{b}>`},
		{"many of them", `{{c1::\sqrt{\frac{a}{b}}}}!`, `<1:\sqrt{\frac{a}{b}}>!`},
		{"double braces", "{{c1::a {{b}} c}}", "<1:a {{b}} c>"},
		{"a brace left open", "{{c1::a { b}} and {{c2::c}}", "<1:a { b> and <2:c>"},
		{"a brace too many", "{{c1::a } b}}", "<1:a } b>"},
		{"braces around", "{{{c1::a}}}", "{<1:a>}"},
		{"in a formula", `\frac{{{c1::a}}}{b}`, `\frac{<1:a>}{b}`},
		{"hint behind braces", "{{c1::{a::b}::c}}", "<1:{a::b}|c>"},

		{"nested", "{{c1::a {{c2::b}} c}}", "<1:a <2:b> c>"},
		{"nested at the end", "{{c1::a {{c2::b}}}}", "<1:a <2:b>>"},
		{"nested with hints", "{{c1::a {{c2::b::x}}::y}}", "<1:a <2:b|x>|y>"},
		{"nothing but a nested one", "{{c1::{{c2::b}}}}", "<1:<2:b>>"},
		{"nested in a formula", `{{c1::\frac{a}{{{c2::b}}}}}`, `<1:\frac{a}{<2:b>}>`},
		{"no hint with a cloze in it", "{{c1::a::b {{c2::c}}}}", "<1:a::b <2:c>>"},

		{"never closed", "{{c1::a", "{{c1::a"},
		{"never closed, another behind it", "{{c1::a {{c2::b}}", "{{c1::a <2:b>"},
		{"never closed, after a hint", "{{c1::a::b {{c2::c}}", "{{c1::a::b <2:c>"},
		{"closed once", "{{c1::a} b", "{{c1::a} b"},
		{"blank", "{{c1::}} {{c2:: }}", "{{c1::}} {{c2:: }}"},
		{"blank with a hint", "{{c1::::hint}}", "{{c1::::hint}}"},
		{"no number", "{{c::a}} {{a}}", "{{c::a}} {{a}}"},
		{"one colon only", "{{c1:a}}", "{{c1:a}}"},
		{"upper case", "{{C1::a}}", "{{C1::a}}"},
		{"minus", "{{c-1::a}}", "{{c-1::a}}"},
		{"spaces", "{{ c1::a}}", "{{ c1::a}}"},
		{"only ends", "}}}} ::", "}}}} ::"},
		{"opener at the end", "a {{c1::", "a {{c1::"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(parseCloze(tt.src)); got != tt.want {
				t.Errorf("%s\nis   %s\nwant %s", tt.src, got, tt.want)
			}
		})
	}
}

func TestParseClozeDeep(t *testing.T) {
	deep := strings.Repeat("{{c1::", 50) + "x" + strings.Repeat("}}", 50)
	if got := clozeNumbers(parseCloze(deep)); !slices.Equal(got, []int{1}) {
		t.Errorf("%v", got)
	}
	// A hostile text costs what any text of its length does.
	for _, piece := range []string{"{{c1::", "{", "}", "::", "{{c1::a}", "{{c1::a::", "{{c1::x}}"} {
		text := strings.Repeat(piece, maxField/len(piece))
		parseCloze(text)
	}
}

func TestClozeNumbers(t *testing.T) {
	got := clozeNumbers(parseCloze("{{c3::a}} {{c1::b {{c7::c}}}} {{c3::d}} {{c0::e}}"))
	if !slices.Equal(got, []int{0, 1, 3, 7}) {
		t.Errorf("%v", got)
	}
}

func FuzzParseCloze(f *testing.F) {
	for _, s := range []string{"", "{{c1::a}}", "{{c1::a::b}}", "{{c1::{{c2::x}}}}", "{{c1::a { b}}", "}}{{c9::", "{{c1::a::b {{c2::c}}}}", "$x$ `{{c1::y}}`", "是{{c1::「x」}}的", "```\n{{c1::a}}\n"} {
		f.Add(s, 1)
	}
	f.Fuzz(func(t *testing.T, src string, asked int) {
		parts := parseCloze(src)
		for _, n := range clozeNumbers(parts) {
			if n < 0 {
				t.Fatalf("number %d", n)
			}
		}
		// Taking the marks away never adds anything, and what is left has the text's own
		// characters in their order.
		if rest := clozeText(parts); !subsequence(rest, src) {
			t.Fatalf("%q has %q", src, rest)
		}
		question, answer := sides(noteCloze, map[string]string{"Text": src}, asked)
		if utf8.ValidString(src) && (!utf8.ValidString(question) || !utf8.ValidString(answer)) {
			t.Fatalf("%q gives %q and %q", src, question, answer)
		}
		if len(clozeNumbers(parts)) == 0 && (question != src || answer != src) {
			t.Fatalf("without a cloze %q became %q and %q", src, question, answer)
		}
	})
}

func subsequence(short, long string) bool {
	for i := 0; i < len(short); i++ {
		at := strings.IndexByte(long, short[i])
		if at < 0 {
			return false
		}
		long = long[at+1:]
	}
	return true
}
