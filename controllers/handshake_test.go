package controllers

import (
	"fmt"
	"testing"
	"time"

	"aoki/models"
)

func TestHandshakes(t *testing.T) {
	now := time.Date(2026, 5, 13, 12, 0, 0, 0, time.UTC)
	h := NewHandshakes(func() time.Time { return now }, 3)
	for i := range 3 {
		if err := h.Allow("192.0.2.1"); err != nil {
			t.Fatalf("handshake %d: %v", i+1, err)
		}
	}
	err := h.Allow("192.0.2.1")
	if e := models.AsError(err); err == nil || e.Code != "rate_limited" || e.RetryAfter != 20*time.Second {
		t.Errorf("over the limit: %+v", err)
	}
	if err := h.Allow("192.0.2.2"); err != nil {
		t.Errorf("another address: %v", err)
	}
	now = now.Add(20 * time.Second)
	if err := h.Allow("192.0.2.1"); err != nil {
		t.Errorf("after waiting: %v", err)
	}
	for range 100 {
		for _, loopback := range []string{"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"} {
			if err := h.Allow(loopback); err != nil {
				t.Fatalf("%s: %v", loopback, err)
			}
		}
	}
	for i := range 3 {
		if err := h.Allow(fmt.Sprintf("2001:db8::%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if h.Allow("2001:db8::ffff") == nil {
		t.Error("one /64 counts as many")
	}
	if err := (*Handshakes)(nil).Allow("192.0.2.1"); err != nil {
		t.Errorf("without a limit: %v", err)
	}
}

func TestHandshakesAreBounded(t *testing.T) {
	now := time.Date(2026, 5, 13, 12, 0, 0, 0, time.UTC)
	h := NewHandshakes(func() time.Time { return now }, 3)
	for i := range maxAddresses + 100 {
		if err := h.Allow(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.addresses) > maxAddresses {
		t.Errorf("%d addresses are kept", len(h.addresses))
	}
}
