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
	}); n > 5 {
		t.Errorf("%v allocations", n)
	}
}

// Every change has its body read, and most of them much like a push. Names are checked
// without garbage: what is left is the values, and the request itself.
func TestGateAllocationsOfABody(t *testing.T) {
	_, decodePush := decoder(t, benchPush)
	if n := testing.AllocsPerRun(100, decodePush); n > 20 {
		t.Errorf("%v allocations", n)
	}
	body := []byte(benchPush)
	if n := testing.AllocsPerRun(100, func() {
		if done, err := fill(body, new(pushRequest)); err != nil || !done {
			t.Fatal(done, err)
		}
	}); n > 9 { // the values, and none else
		t.Errorf("%v allocations for JSON alone", n)
	}
}
