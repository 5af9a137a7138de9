package controllers

import (
	"strings"
	"testing"
	"time"
)

// BenchmarkToken is an access token made and checked, as at each login and at each
// request.
func BenchmarkToken(b *testing.B) {
	tokens, err := NewTokens(time.Now, []byte(strings.Repeat("k", minKey)))
	if err != nil {
		b.Fatal(err)
	}
	token, _, err := tokens.Issue(1, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("issue", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := tokens.Issue(1, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("verify", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := tokens.Verify(token); err != nil {
				b.Fatal(err)
			}
		}
	})
}
