package routes

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/controllers"
)

const idHeader = "X-Request-Id"

// requestID gives every request a name that stands in its line of the log and in its
// answer. A proxy's own is kept when it is harmless to print.
func requestID() gin.HandlerFunc {
	return func(c *gin.Context) {
		id := c.GetHeader(idHeader)
		if !sane(id) {
			id = newID()
		}
		c.Writer.Header()[idHeader] = []string{id}
	}
}

// nameOf is the request's name.
func nameOf(c *gin.Context) string { return c.Writer.Header().Get(idHeader) }

// newID is a word of 80 random bits. Its source is seeded by the system and can't be
// foretold, and needs no call into the kernel.
func newID() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var id [16]byte
	for half := 0; half < len(id); half += 8 {
		for i, bits := half, rand.Uint64(); i < half+8; i, bits = i+1, bits>>5 {
			id[i] = letters[bits&31]
		}
	}
	return string(id[:])
}

func sane(id string) bool {
	return len(id) > 0 && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
	})
}

// accessLog writes one line a request, when it is answered. It has the route's
// pattern and never the path, the query, a header or a body: those hold names,
// ids and sometimes secrets.
func accessLog(log *slog.Logger, now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		began := now()
		c.Next()
		code, cause := controllers.Outcome(c)
		level := slog.LevelInfo
		if cause != nil {
			level = slog.LevelError
		}
		if !log.Enabled(c.Request.Context(), level) {
			return
		}
		route := c.FullPath()
		if route == "" {
			route = "-"
		}
		line := append(make([]slog.Attr, 0, 9),
			slog.String("id", nameOf(c)),
			slog.String("method", c.Request.Method),
			slog.String("route", route),
			slog.Int("status", c.Writer.Status()),
			slog.Duration("duration", now().Sub(began)),
			slog.Int("bytes", max(c.Writer.Size(), 0)),
		)
		if who, ok := controllers.CallerOf(c); ok {
			line = append(line, slog.Int64("user", who.UserID))
		}
		if code != "" {
			line = append(line, slog.String("code", code))
		}
		if cause != nil {
			line = append(line, slog.Any("error", cause))
		}
		log.LogAttrs(c.Request.Context(), level, "request", line...)
	}
}

// recovered turns a panic into a 500, and a line in the log that says where.
func recovered(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v) // net/http's own way to break off an answer
			}
			log.Error("panic", "id", nameOf(c), "route", c.FullPath(), "panic", v, "stack", string(debug.Stack()))
			if c.Writer.Written() {
				panic(http.ErrAbortHandler) // half an answer must not look like a whole one
			}
			controllers.Panicked(c)
		}()
		c.Next()
	}
}

// securityHeaders are those of every answer. An answer of the API may never be
// shown as a page; pages set their own policy.
func securityHeaders() gin.HandlerFunc {
	// Each answer shares these: net/http reads them, and who sets one sets another list.
	sniff, referrer := []string{"nosniff"}, []string{"same-origin"}
	policy := []string{"default-src 'none'; frame-ancestors 'none'"}
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h["X-Content-Type-Options"] = sniff
		h["Referrer-Policy"] = referrer
		h["Content-Security-Policy"] = policy
	}
}

// sameSiteOnly refuses changing requests that a page of a site not on the list
// made a browser send: its cookies would go with them.
func sameSiteOnly(site controllers.Site) (gin.HandlerFunc, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range slices.Concat([]string{site.Origin}, site.Allowed) {
		if origin == "" {
			continue
		}
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	return func(c *gin.Context) {
		if protection.Check(c.Request) != nil {
			controllers.ForeignOrigin(c)
		}
	}, nil
}

// noMethod answers 405, with the path's methods in a steady order.
func noMethod(c *gin.Context) {
	methods := strings.Split(c.Writer.Header().Get("Allow"), ", ")
	slices.Sort(methods)
	c.Header("Allow", strings.Join(methods, ", "))
	controllers.NoMethod(c)
}
