package models

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlainText(t *testing.T) {
	for _, tt := range []struct{ name, markdown, want string }{
		{"plain", "hola", "hola"},
		{"bold and italic", "**hola** *a* __b__ _c_ ***d*** ~~e~~", "hola a b c d e"},
		{"nested", "**a *b* c**", "a b c"},
		{"names stay whole", "snake_case_name and __init__.py", "snake_case_name and init.py"},
		{"sums stay", "2 * 3 * 4 and a_b", "2 * 3 * 4 and a_b"},
		{"heading", "# Title\n\ntext", "Title text"},
		{"list", "- a\n- b\n1. c\n- [x] d", "a b c d"},
		{"quote", "> > said", "said"},
		{"code", "`x := 1` and ```y```", "x := 1 and y"},
		{"fence", "```go\nx := 1\n```", "x := 1"},
		{"link", "see [the page](https://example.org/a_b \"title\") now", "see the page now"},
		{"link with brackets", "[a](https://example.org/x_(y))!", "a!"},
		{"image", "![a flag](flag.png) of Spain", "a flag of Spain"},
		{"image in a link", "[![alt](a.png)](b)", "alt"},
		{"address", "<https://example.org>", "https://example.org"},
		{"escapes", `\*not bold\* 1\. \\`, `*not bold* 1. \`},
		{"entities", "a &amp; b &lt;c&gt;", "a & b <c>"},
		{"HTML is text", "<b>x</b>", "<b>x</b>"},
		{"ruler", "a\n\n---\n\nb", "a b"},
		{"table", "| a | b |\n|---|---|\n| c | d |", "| a | b | | c | d |"},
		{"spaces", "  a \t b\r\n c ", "a b c"},
		{"Chinese", "**你好**，世界", "你好，世界"},
		{"nothing", " \n ", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := plainText(tt.markdown, 140); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestPlainTextIsShort(t *testing.T) {
	for _, s := range []string{strings.Repeat("word ", 4000), strings.Repeat("汉", 20_000), strings.Repeat("*", 20_000), strings.Repeat("[a](", 5000), strings.Repeat("_a", 10_000)} {
		got := plainText(s, 140)
		if n := utf8.RuneCountInString(got); n > 140 {
			t.Errorf("%d characters of %.20q", n, s)
		}
	}
	if got := shorten("abcd", 4); got != "abcd" {
		t.Error(got)
	}
	if got := shorten("abc defg", 5); got != "abc…" {
		t.Error(got)
	}
}

func TestVerbatim(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"a `b` c", "`b`"},
		{"``a ` b`` c `d`", "``a ` b``|`d`"},
		{"a ` b", ""},
		{"a ` b\n\nc ` d", ""},
		{"\\`a` b", ""},
		{"$x$ and $y$", "$x$|$y$"},
		{"$5 and $6", ""},
		{"$ x$", ""},
		{"$$a\nb$$", "$$a\nb$$"},
		{"`$` and `$`", "`$`|`$`"},
		{"```\na\n```\nb", "```\na\n```\n"},
		{"~~~\na\n```\nb", "~~~\na\n```\nb"},
		{"````\n```\n````\n`a`", "````\n```\n````\n|`a`"},
		{"    ```\na", ""},
	} {
		var got []string
		for _, r := range verbatim(tt.src) {
			got = append(got, tt.src[r.start:r.end])
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%q: %q, want %q", tt.src, s, tt.want)
		}
	}
	for _, piece := range []string{"`", "$", "$a ", "` ``", "```\n", "~~~\n", "\\"} {
		verbatim(strings.Repeat(piece, maxField/len(piece)))
	}
}
