package controllers

import (
	"crypto/sha256"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"aoki/models"
)

const (
	// A user's password may be tried this often from one address.
	triesPerUser       = 20
	triesPerUserWindow = 5 * time.Minute

	triesPerAddressWindow = time.Minute
	// maxCounters bounds memory: 40 bytes or so each.
	maxCounters = 20_000
)

// Attempts counts what may not be tried without end: passwords, for each user and
// address and for each address, and new accounts for each address. Loopback has
// no limit of its own as an address: behind a proxy that is not trusted it is
// everybody.
type Attempts struct {
	now        func() time.Time
	perAddress int

	mu       sync.Mutex
	counters map[counterKey]counter
}

// counterKey is a hash: what was typed as a name may be long.
type counterKey [16]byte

type counter struct {
	n    int
	ends time.Time
}

// NewAttempts allows each address so many wrong passwords, and so many new
// accounts, in a minute.
func NewAttempts(now func() time.Time, perAddress int) *Attempts {
	return &Attempts{now: now, perAddress: perAddress, counters: map[counterKey]counter{}}
}

// Try is one password that is being tried.
type Try struct {
	attempts      *Attempts
	user, address counterKey
	counted       bool // for the address
}

// Password counts a try for a user, as typed, from an address, before it is known
// how it ends: many at once are no way round. Over the limit it is rate_limited.
func (a *Attempts) Password(user, address string) (Try, error) {
	t := Try{attempts: a, user: keyOf("user", models.UsernameKey(user), network(address)), address: keyOf("address", network(address))}
	if err := a.take(t.user, triesPerUser, triesPerUserWindow); err != nil {
		return Try{}, err
	}
	if isLoopback(address) {
		return t, nil
	}
	if err := a.take(t.address, a.perAddress, triesPerAddressWindow); err != nil {
		a.giveBack(t.user)
		return Try{}, err
	}
	t.counted = true
	return t, nil
}

// Ended says how the try ended: a wrong password stays counted, a right one clears
// the user's count, and what was neither (the store was away) is taken back.
func (t Try) Ended(err error) {
	switch models.ErrorCode(err) {
	case models.InvalidCredentials, models.WrongPassword:
		return
	case "":
		t.attempts.clear(t.user)
	default:
		t.attempts.giveBack(t.user)
	}
	if t.counted {
		t.attempts.giveBack(t.address)
	}
}

// Join counts a new account, or what tries to be one.
func (a *Attempts) Join(address string) error {
	if isLoopback(address) {
		return nil
	}
	return a.take(keyOf("join", network(address)), a.perAddress, triesPerAddressWindow)
}

func (a *Attempts) take(key counterKey, limit int, window time.Duration) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	c := a.counters[key]
	if !now.Before(c.ends) {
		c = counter{ends: now.Add(window)}
		a.makeRoom(now)
	}
	if c.n >= limit {
		wait := c.ends.Sub(now)
		return &models.Error{Code: codeRateLimited, RetryAfter: wait, Message: "too many attempts: try again in " + strconv.Itoa(int(wait/time.Second)+1) + " s"}
	}
	c.n++
	a.counters[key] = c
	return nil
}

// makeRoom keeps the map bounded: what is over goes first, then whichever comes,
// a quarter at once so that this is rare.
func (a *Attempts) makeRoom(now time.Time) {
	if len(a.counters) < maxCounters {
		return
	}
	for key, c := range a.counters {
		if !now.Before(c.ends) {
			delete(a.counters, key)
		}
	}
	for key := range a.counters {
		if len(a.counters) <= maxCounters/4*3 {
			return
		}
		delete(a.counters, key)
	}
}

func (a *Attempts) giveBack(key counterKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.counters[key]; ok && c.n > 0 {
		c.n--
		a.counters[key] = c
	}
}

func (a *Attempts) clear(key counterKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.counters, key)
}

func keyOf(words ...string) counterKey {
	h := sha256.New()
	for _, w := range words {
		h.Write([]byte(w))
		h.Write([]byte{0})
	}
	return counterKey(h.Sum(nil))
}

// network is whom an address belongs to: with IPv6 everybody has a /64.
func network(address string) string {
	addr := addrOf(address)
	if addr.Is6() {
		return netip.PrefixFrom(addr, 64).Masked().String()
	}
	return addr.String()
}

func isLoopback(address string) bool { return addrOf(address).IsLoopback() }
