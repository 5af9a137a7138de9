package models

import (
	"html"
	"regexp"
	"strings"
)

// region is a piece of a text, from start up to end.
type region struct{ start, end int }

// verbatim finds the pieces of a Markdown text that are shown as they are or as a
// formula: fenced code, `code`, $formulas$.
func verbatim(s string) []region {
	var found []region
	var fence string // what closes the open one
	start := 0       // of the paragraph, or of the open fence
	paragraph := func(end int) {
		if fence == "" {
			found = append(found, verbatimInline(s, start, end)...)
		}
	}
	for at := 0; at < len(s); {
		line, _, _ := strings.Cut(s[at:], "\n")
		next := min(at+len(line)+1, len(s))
		mark := fenceOf(line)
		switch {
		case fence == "" && mark != "":
			paragraph(at)
			fence, start = mark, at
		case fence != "" && strings.HasPrefix(mark, fence) && strings.TrimSpace(line) == mark:
			found = append(found, region{start, next})
			fence, start = "", next
		case fence == "" && strings.TrimSpace(line) == "":
			paragraph(at)
			start = next
		}
		at = next
	}
	if fence != "" {
		return append(found, region{start, len(s)})
	}
	paragraph(len(s))
	return found
}

// fenceOf is the run of ` or ~ that makes a line a fence, "" when it is none.
func fenceOf(line string) string {
	text := strings.TrimLeft(line, " ")
	if len(line)-len(text) > 3 || text == "" || text[0] != '`' && text[0] != '~' {
		return ""
	}
	mark := text[:len(text)-len(strings.TrimLeft(text, text[:1]))]
	if len(mark) < 3 || mark[0] == '`' && strings.Contains(text[len(mark):], "`") {
		return ""
	}
	return mark
}

// verbatimInline finds code and formulas in the paragraph s[start:end].
func verbatimInline(s string, start, end int) []region {
	var found []region
	// What was looked for and isn't there need not be looked for again.
	missing := map[string]bool{}
	for i := start; i < end; i++ {
		switch s[i] {
		case '\\':
			i++
		case '`', '$':
			mark := s[i : i+runLength(s[i:end])]
			if missing[mark] {
				i += len(mark) - 1
				continue
			}
			stop := -1
			if mark[0] == '`' {
				stop = closingRun(s[:end], i+len(mark), mark)
			} else if len(mark) <= 2 {
				stop = closingDollar(s[:end], i+len(mark), mark)
			}
			if stop < 0 {
				missing[mark] = stop == -1
				i += len(mark) - 1
				continue
			}
			found = append(found, region{i, stop})
			i = stop - 1
		}
	}
	return found
}

func runLength(s string) int { return len(s) - len(strings.TrimLeft(s, s[:1])) }

// closingRun finds the run that is exactly mark, from at on, and gives its end; -1
// when there is none.
func closingRun(s string, at int, mark string) int {
	for at < len(s) {
		i := strings.IndexByte(s[at:], mark[0])
		if i < 0 {
			return -1
		}
		at += i
		n := runLength(s[at:])
		at += n
		if n == len(mark) {
			return at
		}
	}
	return -1
}

// closingDollar is closingRun for formulas. "$5 and $6" is none: one dollar stands
// right before and right after what it encloses. The result is -2 when at is no
// place for one to begin.
func closingDollar(s string, at int, mark string) int {
	if len(mark) == 1 && (at >= len(s) || s[at] == ' ' || s[at] == '\n') {
		return -2
	}
	for i := at; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case strings.HasPrefix(s[i:], mark):
			after := i + len(mark)
			if len(mark) == 1 && (s[i-1] == ' ' || s[i-1] == '\n' || after < len(s) && s[after] >= '0' && s[after] <= '9') {
				continue
			}
			if i > at {
				return after
			}
		}
	}
	return -1
}

// maxPlainSource is how much of a text plainText looks at: it makes a line of it,
// not a document.
const maxPlainSource = 4000

var (
	blockMarks = regexp.MustCompile(`^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)?`)
	rulers     = regexp.MustCompile(`^[\s|:*_=-]*$`)
	escapes    = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]")
	images     = regexp.MustCompile(`!\[([^\[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)`)
	links      = regexp.MustCompile(`\[([^\[\]]*)\]\([^()\s]*(?:\([^()\s]*\))?[^()\s]*(?:\s+"[^"]*")?\)`)
	addresses  = regexp.MustCompile(`<((?:https?://|mailto:)[^<>\s]+)>`)
	asterisks  = regexp.MustCompile(`(?:\*{1,3}|~~)([^\s*~](?:[^*~]*[^\s*~])?)(?:\*{1,3}|~~)`)
	underlines = regexp.MustCompile(`(^|[^\p{L}\p{N}_])_{1,3}([^\s_](?:[^_]*[^\s_])?)_{1,3}($|[^\p{L}\p{N}_])`)
	ticks      = regexp.MustCompile("`+")
)

// plainText is Markdown as one line without its marks, of at most limit
// characters: for places that show no Markdown.
func plainText(markdown string, limit int) string {
	s := shorten(markdown, maxPlainSource)
	var lines []string
	for _, line := range strings.Split(s, "\n") {
		if fenceOf(line) != "" || rulers.MatchString(line) {
			continue
		}
		lines = append(lines, blockMarks.ReplaceAllString(line, ""))
	}
	s = strings.Join(lines, "\n")
	// What is escaped must not look like a mark to those that follow.
	s = escapes.ReplaceAllStringFunc(s, func(m string) string { return string(rune(m[1]) + escapeBase) })
	s = images.ReplaceAllString(s, "$1")
	s = links.ReplaceAllString(s, "$1")
	s = addresses.ReplaceAllString(s, "$1")
	for range 2 { // marks stand within marks
		s = asterisks.ReplaceAllString(s, "$1")
		s = underlines.ReplaceAllString(s, "$1$2$3")
	}
	s = ticks.ReplaceAllString(s, "")
	s = strings.Map(func(r rune) rune {
		if r >= escapeBase && r < escapeBase+0x80 {
			return r - escapeBase
		}
		return r
	}, s)
	return shorten(strings.Join(strings.Fields(html.UnescapeString(s)), " "), limit)
}

// escapeBase is where escaped characters wait, in a range for private use.
const escapeBase = 0xE000
