//go:build !race

package controllers

import (
	"strings"
	"testing"
	"time"
)

// Every request and every socket has its token checked.
func TestGateAllocationsOfACheckedToken(t *testing.T) {
	tokens, err := NewTokens(time.Now, []byte(strings.Repeat("k", minKey)))
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := tokens.Issue(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() {
		if _, err := tokens.Verify(token); err != nil {
			t.Fatal(err)
		}
	}); n > 75 {
		t.Errorf("%v allocations", n)
	}
}
