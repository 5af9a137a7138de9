package controllers

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"aoki/models"
)

const far, loop = "192.0.2.1", "127.0.0.1"

var (
	errWrong = models.Errorf(models.InvalidCredentials, "wrong")
	errAway  = models.Errorf(models.Unavailable, "away")
)

func TestAttemptsForOneUser(t *testing.T) {
	now := noon
	a := NewAttempts(func() time.Time { return now }, 1000)
	try := func(user, addr string, how error) error {
		x, err := a.Password(user, addr)
		if err == nil {
			x.Ended(how)
		}
		return err
	}
	spend := func(user, addr string, n int, how error) (refused int) {
		for range n {
			if try(user, addr, how) != nil {
				refused++
			}
		}
		return refused
	}
	if n := spend("ann", loop, 25, errWrong); n != 5 {
		t.Errorf("%d of 25 were refused", n)
	}
	err := try("ann", loop, nil)
	if models.ErrorCode(err) != codeRateLimited || models.AsError(err).RetryAfter != 5*time.Minute {
		t.Errorf("the right password now: %v", err)
	}
	for _, same := range []string{"ANN", "Ann", "ａｎｎ"} {
		if try(same, loop, nil) == nil {
			t.Errorf("%s is not ann", same)
		}
	}
	if try("bob", loop, nil) != nil || try("ann", far, nil) != nil {
		t.Error("somebody else is refused")
	}
	now = now.Add(5 * time.Minute)
	if try("ann", loop, nil) != nil {
		t.Error("refused for ever")
	}
	if n := spend("ann", loop, 19, errWrong) + spend("ann", loop, 1, nil) + spend("ann", loop, 20, errWrong); n != 0 {
		t.Errorf("the right one did not start over: %d refused", n)
	}
	if n := spend("cid", loop, 100, errAway); n != 0 {
		t.Errorf("what nobody answered was counted: %d refused", n)
	}
}

func TestAttemptsInParallel(t *testing.T) {
	a := NewAttempts(time.Now, 1000)
	var passed atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if _, err := a.Password("ann", loop); err == nil {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if passed.Load() != triesPerUser {
		t.Errorf("%d passed", passed.Load())
	}
}

func TestAttemptsOfOneAddress(t *testing.T) {
	now := noon
	a := NewAttempts(func() time.Time { return now }, 3)
	for i, c := range []struct {
		addr    string
		how     error
		refused bool
	}{
		{far, errWrong, false},
		{far, nil, false}, // right ones are free
		{far, errAway, false},
		{far, errWrong, false},
		{far, errWrong, false},
		{far, errWrong, true},
		{"192.0.2.2", errWrong, false},
		{"2001:db8::1", errWrong, false},
		{"2001:db8::2", errWrong, false},
		{"2001:db8::ffff:ffff:ffff:ffff", errWrong, false},
		{"2001:db8::3", errWrong, true},
		{"2001:db8:0:1::3", errWrong, false},
		{"::ffff:192.0.2.1", errWrong, true}, // far in other clothes
		{"::1", errWrong, false},
		{"::1", errWrong, false},
		{"::1", errWrong, false},
		{"127.0.0.2", errWrong, false},
		{"::1", errWrong, false},
	} {
		x, err := a.Password(fmt.Sprintf("user%d", i), c.addr)
		if err == nil {
			x.Ended(c.how)
		}
		if (err != nil) != c.refused {
			t.Errorf("%d from %s: %v", i, c.addr, err)
		}
	}
	now = now.Add(time.Minute)
	if _, err := a.Password("ann", far); err != nil {
		t.Error("refused for ever")
	}
}

func TestJoining(t *testing.T) {
	a := NewAttempts(time.Now, 2)
	for i, refused := range []bool{false, false, true, true} {
		if err := a.Join(far); (err != nil) != refused {
			t.Errorf("%d: %v", i, err)
		}
		if err := a.Join(loop); err != nil {
			t.Errorf("loopback: %v", err)
		}
	}
	if _, err := a.Password("ann", far); err != nil {
		t.Error("joining counts as a password")
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	a := NewAttempts(time.Now, 3)
	for i := range maxCounters + 100 {
		_, _ = a.Password(strings.Repeat("x", 200)+fmt.Sprint(i), loop)
	}
	if n := len(a.counters); n > maxCounters {
		t.Errorf("%d counters", n)
	}
}
