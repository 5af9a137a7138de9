package controllers

import (
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestSite(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, tt := range []struct {
		name         string
		site         Site
		host, remote string
		forwarded    string
		tls          bool
		origin       string
		secure       bool
	}{
		{name: "plain", host: "127.0.0.1:8080", remote: "127.0.0.1:5", origin: "http://127.0.0.1:8080"},
		{name: "the scheme's own port", host: "cards.example:80", remote: "127.0.0.1:5", origin: "http://cards.example"},
		{name: "upper case", host: "Cards.Example", remote: "127.0.0.1:5", origin: "http://cards.example"},
		{name: "TLS", host: "cards.example:443", remote: "192.0.2.1:5", tls: true, origin: "https://cards.example", secure: true},
		{name: "IPv6", host: "[::1]:8080", remote: "[::1]:5", origin: "http://[::1]:8080"},
		{name: "configured", site: Site{Origin: "https://cards.example"}, host: "127.0.0.1:8080", remote: "127.0.0.1:5", origin: "https://cards.example", secure: true},
		{name: "configured without TLS", site: Site{Origin: "http://cards.lan"}, host: "127.0.0.1:8080", remote: "127.0.0.1:5", forwarded: "https", origin: "http://cards.lan"},
		{name: "a proxy that is believed", site: Site{Proxies: proxies}, host: "cards.example", remote: "10.1.2.3:5", forwarded: "https", origin: "https://cards.example", secure: true},
		{name: "in IPv6", site: Site{Proxies: proxies}, host: "cards.example", remote: "[::1]:5", forwarded: "HTTPS", origin: "https://cards.example", secure: true},
		{name: "mapped to IPv6", site: Site{Proxies: proxies}, host: "cards.example", remote: "[::ffff:10.1.2.3]:5", forwarded: "https", origin: "https://cards.example", secure: true},
		{name: "one that is not", site: Site{Proxies: proxies}, host: "cards.example", remote: "192.0.2.1:5", forwarded: "https", origin: "http://cards.example"},
		{name: "none is believed by default", host: "cards.example", remote: "10.1.2.3:5", forwarded: "https", origin: "http://cards.example"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host, r.RemoteAddr = tt.host, tt.remote
		if tt.tls {
			r.TLS = &tls.ConnectionState{}
		}
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-Proto", tt.forwarded)
		}
		if got := tt.site.origin(r); got != tt.origin {
			t.Errorf("%s: origin %s, want %s", tt.name, got, tt.origin)
		}
		if got := tt.site.Secure(r); got != tt.secure {
			t.Errorf("%s: secure %v", tt.name, got)
		}
	}
}

func TestSafeLink(t *testing.T) {
	for link, safe := range map[string]bool{
		"": true, "/": true, "/decks/12?x=1#y": true, "https://example.org": true, "http://example.org/a%20b": true, "/青木": true,
		"//evil.example": false, `/\evil.example`: false, `\\evil.example`: false, "javascript:alert(1)": false, "JAVASCRIPT:alert(1)": false,
		"data:text/html,x": false, "decks": false, "?x": false, "#x": false, "https:": false, "https://": false, "https:evil.example": false,
		" https://example.org": false, "/a b": false, "/\t/evil.example": false, "/\n": false, "ftp://example.org": false, "https://exa mple.org": false,
		"///evil.example": false, "%2f%2fevil": false, "mailto:a@b.c": false,
	} {
		if got := safeLink(link); got != safe {
			t.Errorf("%q: %v", link, got)
		}
	}
}

// Whatever comes in, reading it never panics, and what passes is what a lenient
// reader would have understood.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{`{"name":"a"}`, `{"inner":{"list":[{"x":1}]}}`, `{"free":[[{}]],"tags":["a"]}`, `"\ud83d\ude00"`, `{"\ud83d":1}`, `[`, `{"a":1,"a":2}`, "\x00", `\u`, `"\`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got thing
		if err := unmarshal(raw, &got); err == nil {
			_ = validateStruct(&got)
			if _, err := encode(got); err != nil {
				t.Errorf("%q passed and can't be written: %v", raw, err)
			}
		}
	})
}
