package routes

import (
	"fmt"
	"strings"
	"testing"
)

func TestStatistics(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	empty := ann.get("/api/v1/statistics")
	if empty.status != 200 || len(empty.json("days").([]any)) != 0 || empty.json("streak.current") != 0.0 {
		t.Error(empty.status, empty.body)
	}
	deck, card := ann.newCard()
	for _, rating := range []int{3, 3, 1} {
		ann.review(t, card, fmt.Sprintf(`{"rating":%d,"answered_in_ms":2000}`, rating))
	}
	for _, path := range []string{"/api/v1/statistics", "/api/v1/statistics?deck=" + deck, "/api/v1/statistics?days=1", "/api/v1/statistics?days=3660&deck=" + deck} {
		got := ann.get(path)
		for name, want := range map[string]any{
			"today": "2026-05-13", "days.0.day": "2026-05-13", "days.0.answers": 3.0, "days.0.new": 1.0, "days.0.reviews": 1.0, "days.0.again": 1.0, "totals.millis": 6000.0,
			"streak.current": 1.0, "streak.longest": 1.0, "retention.month.young.reviews": 1.0, "retention.range.young.kept": 0.0, "states.learning": 1.0, "states.new": 0.0,
			"forecast.days.0.due": 1.0, "forecast.overdue": 0.0,
		} {
			if got.json(name) != want {
				t.Errorf("%s: %s is %v, want %v", path, name, got.json(name), want)
			}
		}
	}
	if got := ann.get("/api/v1/statistics?days=30"); got.json("from") != "2026-04-14" {
		t.Error("30 days with today begin on", got.json("from"))
	}
	if got := bob.get("/api/v1/statistics"); len(got.json("days").([]any)) != 0 || got.json("states.learning") != 0.0 {
		t.Error("bob sees what ann does:", got.body)
	}
}

func TestBadStatistics(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	deck, _ := ann.newCard()
	for _, c := range []struct {
		as     *person
		query  string
		status int
		field  string
	}{
		{nil, "", 401, ""},
		{bob, "?deck=" + deck, 404, ""}, {ann, "?deck=99", 404, ""}, {ann, "?deck=9223372036854775807", 404, ""},
		{ann, "?deck=", 400, "deck"}, {ann, "?deck=x", 400, "deck"}, {ann, "?deck=1.5", 400, "deck"}, {ann, "?deck=9223372036854775808", 400, "deck"},
		{ann, "?deck=0", 422, "deck"}, {ann, "?deck=-1", 422, "deck"},
		{ann, "?days=", 400, "days"}, {ann, "?days=year", 400, "days"}, {ann, "?days=0", 422, "days"}, {ann, "?days=-5", 422, "days"}, {ann, "?days=3661", 422, "days"},
	} {
		got := w.call(c.as, "GET", "/api/v1/statistics"+c.query, "")
		if got.status != c.status || c.field != "" && got.json("fields.0.field") != c.field || strings.Contains(got.body, "streak") {
			t.Errorf("%s: %d %s", c.query, got.status, got.body)
		}
	}
}
