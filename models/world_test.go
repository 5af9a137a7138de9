package models_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// world is what a store must hold, kept by the simplest of means.
type world struct {
	users  map[string]person
	pushes []string // the titles, by id
	audits int
	once   map[string]int64 // the push that each Idempotency-Key led to
}

// person is a user with a log.
type person struct {
	id       int64
	disabled bool
	unread   int64
	log      []string
}

func (w world) clone() world {
	c := world{users: map[string]person{}, pushes: slices.Clone(w.pushes), audits: w.audits, once: maps.Clone(w.once)}
	for name, p := range w.users {
		p.log = slices.Clone(p.log)
		c.users[name] = p
	}
	return c
}

func (w *world) event(name, what string, unread int64, counted bool) {
	p := w.users[name]
	p.unread = unread
	if counted {
		what += fmt.Sprintf(" %d", unread)
	}
	p.log = append(p.log, what)
	w.users[name] = p
}

// push gives the new push's id, or 0 when one of the names is nobody's.
func (w *world) push(title string, to []string) int64 {
	seen := map[string]bool{}
	for _, name := range to {
		if p, there := w.users[strings.ToLower(name)]; !there || p.disabled {
			return 0
		}
		seen[strings.ToLower(name)] = true
	}
	w.pushes = append(w.pushes, title)
	id := int64(len(w.pushes))
	for name := range seen {
		w.event(name, fmt.Sprintf("push %d %s", id, title), w.users[name].unread+1, true)
	}
	return id
}

func (w *world) broadcast(title string) int64 { return w.push(title, nil) + w.everyone(title) }

func (w *world) everyone(title string) int64 {
	for name, p := range w.users {
		w.event(name, fmt.Sprintf("push %d %s", len(w.pushes), title), p.unread+1, true)
	}
	return 0
}

// check holds the store against the world.
func (h *history) check(s *modelstest.Store, rung map[int64]int64) {
	h.t.Helper()
	var pushes []string
	var audits int64
	if err := s.Read(ctx).Raw(`SELECT id || ' ' || title FROM pushes ORDER BY id`).Scan(&pushes).Error; err != nil {
		h.t.Fatal(err)
	}
	for i, title := range h.world.pushes {
		if want := fmt.Sprint(i+1, " ", title); i >= len(pushes) || pushes[i] != want {
			h.t.Fatalf("pushes %q, want %q", pushes, h.world.pushes)
		}
	}
	if err := s.Read(ctx).Table("audit").Count(&audits).Error; err != nil || audits != int64(h.world.audits) || len(pushes) != len(h.world.pushes) {
		h.t.Errorf("%d lines of audit, want %d; %d pushes, want %d; %v", audits, h.world.audits, len(pushes), len(h.world.pushes), err)
	}
	for name, p := range h.world.users {
		if p.id == 0 {
			if err := s.Read(ctx).Raw(`SELECT id FROM users WHERE username = ?`, name).Row().Scan(&p.id); err != nil {
				h.t.Fatal(name, err)
			}
			h.world.users[name] = p
		}
		if err := s.TakeOver(ctx, []int64{p.id}); err != nil {
			h.t.Fatal(err)
		}
		var log []string
		for _, e := range s.Log(p.id) {
			log = append(log, tell(h.t, s, p.id, e))
		}
		if !slices.Equal(log, p.log) {
			h.t.Errorf("%s:\n%q\nwant\n%q", name, log, p.log)
		}
		if head := ok[models.Head](h.t)(s.Head(ctx, p.id)); head.Head != int64(len(p.log)) || head.Counts.Unread != p.unread {
			h.t.Errorf("%s: %+v, want %d, %d", name, head, len(p.log), p.unread)
		}
	}
	entries, _ := s.Bell.Take()
	for _, e := range entries {
		if rung[e.User]++; e.Seq != rung[e.User] {
			h.t.Errorf("rung for %d: seq %d as number %d", e.User, e.Seq, rung[e.User])
		}
	}
	for name, p := range h.world.users {
		if rung[p.id] != int64(len(p.log)) {
			h.t.Errorf("%s: rung for %d of %d", name, rung[p.id], len(p.log))
		}
	}
}

// tell is an event in the world's words, and its item's push is looked up.
func tell(t *testing.T, s *modelstest.Store, user int64, e models.Entry) string {
	switch e.Name {
	case "notification.created":
		var m struct {
			Notification struct{ Title string }
		}
		if err := json.Unmarshal(e.Message, &m); err != nil {
			t.Fatal(err)
		}
		var push int64
		var title string
		if err := s.Read(ctx).Raw(`SELECT push_id, title FROM notifications WHERE user_id = ? AND seq = ?`, user, e.Seq).Row().Scan(&push, &title); err != nil || title != m.Notification.Title {
			t.Error(title, m.Notification.Title, err)
		}
		return fmt.Sprintf("push %d %s %d", push, title, e.Counts.Unread)
	case "notification.marked":
		return fmt.Sprintf("marked %d", e.Counts.Unread)
	}
	return e.Name
}
