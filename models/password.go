package models

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

const (
	// hashesAtOnce bounds memory: each hash takes 19 MiB while it is made.
	hashesAtOnce = 2
	// hashesWaiting is the queue: at about 30 ms a hash the last one waits 2 s.
	// Whoever comes then is sent away, so that a flood of sign-ins can't pile up.
	hashesWaiting = 128

	minPassword = 8
	maxPassword = 256
)

// PasswordCost says how much work a password's hash is.
type PasswordCost struct {
	Memory     uint32 // KiB
	Iterations uint32
}

// DefaultPasswordCost is what OWASP recommends for argon2id with one lane.
var DefaultPasswordCost = PasswordCost{Memory: 19 * 1024, Iterations: 2}

// passwords makes and compares hashes, two at a time.
type passwords struct {
	params  *argon2id.Params
	queue   chan struct{} // those who wait or work
	working chan struct{}
	nobody  string // a hash that no password has
}

func newPasswords(cost PasswordCost) *passwords {
	if cost == (PasswordCost{}) {
		cost = DefaultPasswordCost
	}
	p := &passwords{
		params:  &argon2id.Params{Memory: cost.Memory, Iterations: cost.Iterations, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		queue:   make(chan struct{}, hashesAtOnce+hashesWaiting),
		working: make(chan struct{}, hashesAtOnce),
	}
	p.nobody = p.impossible()
	return p
}

// hash makes the text that is stored for a password. Never call it in a Write.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	leave, err := p.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	hash, err := argon2id.CreateHash(sameSpelling(password), p.params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// check compares a password with a stored hash. What is no hash stands for a user
// who does not exist or has no password: nothing matches it, at the same cost.
// outdated tells that the hash was made at another cost than today's.
func (p *passwords) check(ctx context.Context, password, hash string) (match, outdated bool, err error) {
	if _, _, _, err := argon2id.DecodeHash(hash); err != nil {
		hash = p.nobody
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	match, params, err := argon2id.CheckHash(sameSpelling(password), hash)
	if err != nil {
		return false, false, fmt.Errorf("read a stored password hash: %w", err)
	}
	return match, *params != *p.params, nil
}

// enter waits for a place to work; leave gives it back.
func (p *passwords) enter(ctx context.Context) (leave func(), err error) {
	select {
	case p.queue <- struct{}{}:
	default:
		return nil, &Error{Code: Unavailable, Message: "too many people are signing in right now", RetryAfter: 2 * time.Second}
	}
	select {
	case p.working <- struct{}{}:
		return func() { <-p.working; <-p.queue }, nil
	case <-ctx.Done():
		<-p.queue
		return nil, ctx.Err()
	}
}

// impossible is a well-formed hash of today's cost whose key is random, so that
// nobody knows a password for it.
func (p *passwords) impossible() string {
	b := make([]byte, p.params.SaltLength+p.params.KeyLength)
	rand.Read(b)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.params.Memory, p.params.Iterations,
		p.params.Parallelism, b64(b[:p.params.SaltLength]), b64(b[p.params.SaltLength:]))
}

// sameSpelling makes what looks the same on two keyboards the same bytes: é may
// come as one code point or as two.
func sameSpelling(password string) string { return norm.NFC.String(password) }

// checkPassword refuses a new password that is too short or too long.
func checkPassword(field, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return InvalidField(field, "must be text without NUL")
	case n < minPassword:
		return InvalidField(field, "must have at least %d characters", minPassword)
	case n > maxPassword:
		return InvalidField(field, "must have at most %d characters", maxPassword)
	}
	return nil
}
