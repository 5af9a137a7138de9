package models

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
)

func TestPasswordQueueIsBounded(t *testing.T) {
	p := newPasswords(PasswordCost{Memory: 64, Iterations: 1})
	for range hashesAtOnce {
		p.working <- struct{}{} // nobody gets done
	}
	ctx, giveUp := context.WithCancel(context.Background())
	gone := make(chan error)
	for range cap(p.queue) {
		go func() {
			_, err := p.hash(ctx, "a password")
			gone <- err
		}()
	}
	for len(p.queue) < cap(p.queue) {
		runtime.Gosched() // they are on their way
	}
	_, err := p.hash(context.Background(), "one too many")
	if ErrorCode(err) != Unavailable || AsError(err).RetryAfter <= 0 {
		t.Errorf("one too many: %v", err)
	}
	giveUp()
	for range cap(p.queue) {
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up got %v", err)
		}
	}
	if len(p.queue) != 0 {
		t.Errorf("%d still in the queue", len(p.queue))
	}
	for range hashesAtOnce {
		<-p.working
	}
	if _, err := p.hash(context.Background(), "the next"); err != nil {
		t.Error(err)
	}
}

func TestNobodyCostsWhatSomebodyCosts(t *testing.T) {
	p := newPasswords(PasswordCost{})
	// The cost is in the hash's text: the comparison does what it says.
	if !strings.HasPrefix(p.nobody, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error(p.nobody)
	}
	cheap := newPasswords(PasswordCost{Memory: 64, Iterations: 1})
	real, err := cheap.hash(context.Background(), "a password")
	if err != nil {
		t.Fatal(err)
	}
	cut := func(hash string) string {
		return hash[:strings.LastIndexByte(hash[:strings.LastIndexByte(hash, '$')], '$')]
	}
	if cut(real) != cut(cheap.nobody) || len(real) != len(cheap.nobody) {
		t.Errorf("%s\n%s", real, cheap.nobody)
	}
	for _, hash := range []string{"", "!", cheap.nobody} {
		if match, outdated, err := cheap.check(context.Background(), "", hash); match || outdated || err != nil {
			t.Errorf("%q: %v %v %v", hash, match, outdated, err)
		}
	}
}

func TestLoginRehashesAtTodaysCost(t *testing.T) {
	db, err := Open(Options{Path: t.TempDir() + "/aoki.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	before, _ := NewAccounts(db, AccountOptions{Key: []byte("k"), Cost: PasswordCost{Memory: 64, Iterations: 1}})
	after, _ := NewAccounts(db, AccountOptions{Key: []byte("k"), Cost: PasswordCost{Memory: 128, Iterations: 1}})
	if _, err := before.CreateUser(ctx, 0, NewUser{Username: "ann", Password: "correct horse"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := after.Login(ctx, "ann", "correct horse", Device{}); err != nil {
			t.Fatal(err)
		}
	}
	row, err := after.rowByName(ctx, "ann")
	if err != nil || !strings.Contains(row.PasswordHash, "m=128,") {
		t.Error(row.PasswordHash, err)
	}
}
