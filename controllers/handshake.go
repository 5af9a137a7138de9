package controllers

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"aoki/models"
)

// maxAddresses bounds the memory of Handshakes.
const maxAddresses = 20_000

// Handshakes limits how many sockets each address may open in a minute. Loopback
// is free: behind a proxy that is not trusted it is everybody.
type Handshakes struct {
	now       func() time.Time
	perMinute int

	mu        sync.Mutex
	addresses map[string]*rate.Limiter
}

// NewHandshakes allows each address so many in a minute, and so many at once.
func NewHandshakes(now func() time.Time, perMinute int) *Handshakes {
	return &Handshakes{now: now, perMinute: perMinute, addresses: map[string]*rate.Limiter{}}
}

// Allow counts a handshake; over the limit it is rate_limited.
func (h *Handshakes) Allow(address string) error {
	if h == nil || isLoopback(address) {
		return nil
	}
	now := h.now()
	claim := h.of(network(address), now).ReserveN(now, 1)
	wait := claim.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	claim.CancelAt(now)
	return &models.Error{Code: codeRateLimited, Message: "too many sockets opened from this address", RetryAfter: wait}
}

func (h *Handshakes) of(address string, now time.Time) *rate.Limiter {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.addresses[address]
	if l == nil {
		h.makeRoom(now)
		l = rate.NewLimiter(rate.Every(time.Minute/time.Duration(h.perMinute)), h.perMinute)
		h.addresses[address] = l
	}
	return l
}

// makeRoom forgets who has been away for so long that nothing is lost by it. When
// that is nobody, a quarter goes, whoever comes first: looking at all of them for
// each new address would make a flood dear.
func (h *Handshakes) makeRoom(now time.Time) {
	if len(h.addresses) < maxAddresses {
		return
	}
	for address, l := range h.addresses {
		if l.TokensAt(now) >= float64(h.perMinute) {
			delete(h.addresses, address)
		}
	}
	if len(h.addresses) < maxAddresses {
		return
	}
	for address := range h.addresses {
		if len(h.addresses) <= maxAddresses*3/4 {
			return
		}
		delete(h.addresses, address)
	}
}
