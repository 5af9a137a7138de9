package models

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkText refuses what is no text (invalid UTF-8, NUL) or has over limit
// characters.
func checkText(field, s string, limit int) error {
	switch {
	case !utf8.ValidString(s):
		return InvalidField(field, "must be valid UTF-8")
	case strings.ContainsRune(s, 0):
		return InvalidField(field, "must not contain a NUL character")
	case utf8.RuneCountInString(s) > limit:
		return InvalidField(field, "must have at most %d characters", limit)
	}
	return nil
}

// cleanName is a name as it is kept: one line without spaces around it.
func cleanName(field, s string, limit int) (string, error) {
	s = strings.TrimSpace(s)
	if err := checkText(field, s, limit); err != nil {
		return "", err
	}
	if s == "" {
		return "", InvalidField(field, "must not be empty")
	}
	if strings.ContainsFunc(s, unicode.IsControl) {
		return "", InvalidField(field, "must be one line without control characters")
	}
	return s, nil
}

// shorten cuts s to at most limit characters, the last of them "…" when
// something is missing.
func shorten(s string, limit int) string {
	n := 0
	cut := 0
	for i := range s {
		if n == limit-1 {
			cut = i
		}
		if n == limit {
			return strings.TrimRightFunc(s[:cut], unicode.IsSpace) + "…"
		}
		n++
	}
	return s
}
