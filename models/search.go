package models

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxQuery = 200
	// tagMark encloses each tag in a search text; folded text has no control
	// characters, so it stands for nothing else.
	tagMark = "\x1f"
)

// foldText is a text in the form in which it is searched: without case,
// compatibility forms (full width, ligatures) and control characters.
func foldText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, usernameKey(s))
}

// searchText is what a note is found by: its fields, with the answers and hints
// of its clozes in place, and its tags.
func searchText(n content) string {
	var b strings.Builder
	for _, name := range fieldNames(n.kind) {
		text := n.fields[name]
		if name == "Text" {
			parts := parseCloze(text)
			text = clozeText(parts)
			eachCloze(parts, func(p clozePart) { text += "\n" + p.hint })
		}
		b.WriteString(foldText(text))
		b.WriteByte('\n')
	}
	for _, tag := range n.tags {
		b.WriteString(tagMark + foldText(tag))
	}
	b.WriteString(tagMark)
	return b.String()
}

// likeEscape is the character that takes their meaning from % and _ in LIKE.
const likeEscape = `\`

// searchPatterns makes of a query the patterns for LIKE that a note's search text
// must all fit: its words stand anywhere in fields or tags, also within longer
// words (which is how Chinese is found); tag:word is a whole tag.
func searchPatterns(query string) ([]string, error) {
	if !utf8.ValidString(query) {
		return nil, InvalidField("q", "must be valid UTF-8")
	}
	if utf8.RuneCountInString(query) > maxQuery {
		return nil, InvalidField("q", "must have at most %d characters", maxQuery)
	}
	escape := strings.NewReplacer(likeEscape, likeEscape+likeEscape, "%", likeEscape+"%", "_", likeEscape+"_")
	var patterns []string
	for _, word := range strings.Fields(foldText(query)) {
		if tag, ok := strings.CutPrefix(word, "tag:"); ok && tag != "" {
			word = tagMark + tag + tagMark
		}
		pattern := "%" + escape.Replace(word) + "%"
		if !slices.Contains(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	return patterns, nil
}
