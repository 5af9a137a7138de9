package controllers

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Site is where browsers find this server, and what it believes of a request.
// Origins are written as browsers do: scheme://host[:port], in lower case.
type Site struct {
	Origin  string         // "" takes what the request was sent to
	Allowed []string       // other sites whose pages may open a socket
	Proxies []netip.Prefix // whose X-Forwarded-Proto is believed
}

// Secure reports whether the browser sent the request over TLS, to us or to a
// proxy that we believe.
func (s Site) Secure(r *http.Request) bool {
	switch {
	case s.Origin != "":
		return strings.HasPrefix(s.Origin, "https://")
	case r.TLS != nil:
		return true
	}
	return s.fromProxy(r) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// serves reports whether pages of an origin are served: it is exactly this site,
// or on the list.
func (s Site) serves(r *http.Request, origin string) bool {
	return origin == s.origin(r) || slices.Contains(s.Allowed, origin)
}

// origin is this site's own, as the browser that sent r would write it.
func (s Site) origin(r *http.Request) string {
	if s.Origin != "" {
		return s.Origin
	}
	scheme, port := "http://", ":80"
	if s.Secure(r) {
		scheme, port = "https://", ":443"
	}
	return scheme + strings.TrimSuffix(strings.ToLower(r.Host), port)
}

func (s Site) fromProxy(r *http.Request) bool {
	addr := addrOf(r.RemoteAddr)
	return slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// addrOf reads an address with or without its port; what is none is the zero one.
func addrOf(s string) netip.Addr {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	addr, _ := netip.ParseAddr(s)
	return addr.WithZone("").Unmap()
}
