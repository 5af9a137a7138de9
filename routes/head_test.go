package routes

import (
	"strings"
	"testing"
)

// HEAD is GET without its body, behind the same doors.
func TestHead(t *testing.T) {
	w := newWorld(t)
	boss, ann := w.admin("boss"), w.user("ann")
	for _, tt := range []struct {
		as     *person
		path   string
		status int
	}{
		{nil, "/livez", 200}, {nil, "/api/v1/readyz", 200}, {nil, "/api/v1/openapi.yaml", 200}, {nil, "/api/v1/setup", 200},
		{ann, "/api/v1/me", 200}, {ann, "/api/v1/decks", 200}, {ann, "/api/v1/statistics", 200}, {ann, "/api/v1/notifications", 200}, {ann, "/api/v1/auth/sessions", 200},
		{boss, "/api/v1/admin/users", 200}, {boss, "/api/v1/admin/pushes", 200},
		{nil, "/api/v1/me", 401}, {nil, "/api/v1/admin/users", 401}, {ann, "/api/v1/admin/users", 403},
		{ann, "/api/v1/decks/99", 404}, {ann, "/api/v1/nothing", 404},
		{ann, "/api/v1/events", 405}, {ann, "/api/v1/auth/login", 405},
	} {
		got := w.call(tt.as, "HEAD", tt.path, "")
		if got.status != tt.status || got.body != "" {
			t.Errorf("%s: %d %q", tt.path, got.status, got.body)
		}
		if get := w.call(tt.as, "GET", tt.path, ""); tt.status == 200 && (get.status != 200 || get.header.Get("Content-Type") != got.header.Get("Content-Type")) {
			t.Errorf("%s: GET %d %v, HEAD %v", tt.path, get.status, get.header, got.header)
		}
		if allow := got.header.Get("Allow"); tt.status == 405 && strings.Contains(allow, "HEAD") {
			t.Errorf("%s allows %s", tt.path, allow)
		}
	}
}
