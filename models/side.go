package models

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sides are a card's question and answer, in Markdown. ord says which card of the
// note it is.
func sides(kind string, fields map[string]string, ord int) (question, answer string) {
	switch kind {
	case noteCloze:
		parts := parseCloze(fields["Text"])
		answer = emphasized(clozeSpans(parts, ord+1, true))
		if extra := fields["Extra"]; strings.TrimSpace(extra) != "" {
			answer = strings.TrimRight(answer, "\n") + "\n\n" + extra
		}
		return emphasized(clozeSpans(parts, ord+1, false)), answer
	case noteReversed:
		if ord == 1 {
			return fields["Back"], fields["Front"]
		}
	}
	return fields["Front"], fields["Back"]
}

// span is a piece of a side; a marked one is what the card asks for.
type span struct {
	text   string
	marked bool
}

// clozeSpans shows a text with the clozes of one number as blanks, or as their
// answers, and all others as plain text.
func clozeSpans(parts []clozePart, asked int, answered bool) []span {
	var spans []span
	add := func(s span) {
		if last := len(spans) - 1; last >= 0 && spans[last].marked == s.marked {
			spans[last].text += s.text
			return
		}
		spans = append(spans, s)
	}
	for _, p := range parts {
		switch {
		case !p.isCloze():
			add(span{text: p.text})
		case p.number != asked:
			for _, s := range clozeSpans(p.parts, asked, answered) {
				add(s)
			}
		case answered:
			add(span{text: clozeText(p.parts), marked: true})
		default:
			add(span{text: blank(p.hint), marked: true})
		}
	}
	return spans
}

func blank(hint string) string {
	if hint == "" {
		return "[…]"
	}
	return "[" + hint + "]"
}

// emphasized is the spans as Markdown, the marked ones bold where Markdown can say
// so: not within code or a formula, where asterisks would show, and not over more
// than one line, which may be several blocks.
func emphasized(spans []span) string {
	var flat strings.Builder
	for _, s := range spans {
		flat.WriteString(s.text)
	}
	source := flat.String()
	raw := verbatim(source)
	var out strings.Builder
	at := 0
	for _, s := range spans {
		start, end := at, at+len(s.text)
		at = end
		start += len(s.text) - len(strings.TrimLeftFunc(s.text, unicode.IsSpace))
		end -= len(s.text) - len(strings.TrimRightFunc(s.text, unicode.IsSpace))
		if !s.marked || start >= end || strings.Contains(source[start:end], "\n") || cuts(raw, start, end) {
			out.WriteString(s.text)
			continue
		}
		lead, tail := at-len(s.text), at
		out.WriteString(source[lead:start])
		out.WriteString(bold(source, start, end))
		out.WriteString(source[end:tail])
	}
	return out.String()
}

// joiner is U+2060, which shows nothing, written so that Markdown takes its last
// character for punctuation.
const joiner = "&#8288;"

// bold is source[start:end] in bold. Asterisks between a letter and a punctuation
// mark are no emphasis to Markdown: 是**[…]** would show them, and languages that
// put no space between words would always run into it.
func bold(source string, start, end int) string {
	text := source[start:end]
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	before, _ := utf8.DecodeLastRuneInString(source[:start])
	after, _ := utf8.DecodeRuneInString(source[end:])
	text = "**" + text + "**"
	if isMark(first) && start > 0 && !isMark(before) && !unicode.IsSpace(before) {
		text = joiner + text
	}
	if isMark(last) && end < len(source) && !isMark(after) && !unicode.IsSpace(after) {
		text += joiner
	}
	return text
}

func isMark(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// cuts reports whether one of the regions begins or goes on outside of
// [start, end) and reaches into it.
func cuts(regions []region, start, end int) bool {
	return slices.ContainsFunc(regions, func(r region) bool {
		return r.start < start && start < r.end || r.start < end && end < r.end
	})
}

// blanked is a cloze text with all its clozes as blanks.
func blanked(parts []clozePart) string {
	var b strings.Builder
	for _, p := range parts {
		if p.isCloze() {
			b.WriteString(blank(p.hint))
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}
