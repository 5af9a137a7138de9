package models

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const maxUsername = 32

// cleanUsername is a new user's name as it is shown: full-width and other
// compatibility forms become the plain ones, so that ａｎｎ is not a second ann.
func cleanUsername(name string) (string, error) {
	const field = "username"
	if !utf8.ValidString(name) {
		return "", InvalidField(field, "must be valid UTF-8")
	}
	name = norm.NFKC.String(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", InvalidField(field, "must not be empty")
	case n > maxUsername:
		return "", InvalidField(field, "must have at most %d characters", maxUsername)
	}
	for i, r := range name {
		switch {
		case invisible(r):
			return "", InvalidField(field, "must not have invisible characters")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
		case i == 0:
			return "", InvalidField(field, "must begin with a letter or a digit")
		case unicode.IsMark(r): // vowel signs of many scripts
		case strings.ContainsRune("_.-", r):
		default:
			return "", InvalidField(field, "may have letters, digits, _ . and -")
		}
	}
	return name, nil
}

// invisible letters and marks, such as the Hangul fillers, would make two names
// look the same.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Cf)
}

// usernameKey is the form of a name in which it is unique: names that differ in
// case or in compatibility forms are the same user.
func usernameKey(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return foldedKey(name)
		}
	}
	return strings.ToLower(name) // the same for ASCII
}

func usernameKeys(names []string) []string {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = usernameKey(name)
	}
	return keys
}

// foldedKey is usernameKey for letters of all scripts.
func foldedKey(name string) string {
	// Folding may undo the normal form, hence twice.
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
}

// UsernameKey tells whether two names mean the same user: their keys are equal.
func UsernameKey(name string) string { return usernameKey(name) }
