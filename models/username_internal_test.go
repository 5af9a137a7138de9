package models

import "testing"

// The key of a plain name is the one that names of all scripts get.
func TestUsernameKeyOfASCII(t *testing.T) {
	for a := range byte(0x80) {
		for b := range byte(0x80) {
			name := "Ann" + string([]byte{a, b}) + "Z"
			if got, want := usernameKey(name), foldedKey(name); got != want {
				t.Fatalf("%q: %q, want %q", name, got, want)
			}
		}
	}
	for name, want := range map[string]string{"": "", "ANN": "ann", "ａＮN": "ann", "Straße": "strasse", "\u212a": "k", "Bob\xff": foldedKey("Bob\xff")} {
		if got := usernameKey(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
