package models

import "strings"

// usernameKey is the form of a name in which it is unique.
func usernameKey(name string) string { return strings.ToLower(name) }
