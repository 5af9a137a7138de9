// Package controllers decodes what comes in over HTTP, calls the models, and
// encodes what goes out. It holds no rules of its own: those are in models.
//
// A controller is a method of API in the shape of a gin.HandlerFunc and reads
// like this: decode → call → send, with fail for every error.
package controllers

import (
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
	"aoki/realtime"
)

// API is what the controllers work with; cmd fills it.
type API struct {
	DB   *models.DB
	Hub  Hub
	Site Site
	Now  func() time.Time
	Log  *slog.Logger
	// Accounts, Tokens and Attempts are who may come in; Open lets people register.
	Accounts *models.Accounts
	Tokens   *Tokens
	Attempts *Attempts
	Open     bool
	// Handshakes limits how many sockets an address may open; nil does not.
	Handshakes *Handshakes
	// MediaPerUser is how many bytes of pictures and sounds a user may have brought.
	MediaPerUser int64
	// Stopping is closed when the server begins to stop: what waits then ends.
	Stopping <-chan struct{}

	waiting waiting
	uploads uploads
}

// Hub is what the controllers need of the sockets.
type Hub interface {
	// Serve upgrades a request whose sender was checked, and takes the socket over.
	Serve(w http.ResponseWriter, r *http.Request, who realtime.Identity, cursor realtime.Cursor) error
	// Prolong moves the end of the sockets of a session that was refreshed.
	Prolong(session int64, expires time.Time)
	// CloseSession closes the sockets of a session that ended, with 4501.
	CloseSession(session int64)
	// OnlineUsers are the users who have a socket.
	OnlineUsers() []int64
	// Online is how many users have a socket.
	Online() int
	// CountOnline is how many of the users have a socket.
	CountOnline(users []int64) int
	// Watch gives a channel that gets a value when the user's log has grown, until
	// the function is called. A value may be lost when one waits already.
	Watch(user int64) (<-chan struct{}, func())
}

// stopping reports whether the server has begun to stop.
func (a *API) stopping() bool {
	select {
	case <-a.Stopping:
		return true
	default:
		return false
	}
}

// Caller is who a request comes from: the user and session that its access token
// names, checked by the door it came through.
type Caller struct {
	UserID    int64
	Username  string
	Role      string // "user" or "admin"
	SessionID int64
	Expires   time.Time // of the access token
}

// state is what is kept of a request while it is served.
type state struct {
	caller Caller
	known  bool // a door has let the caller in
	body   []byte
	read   bool   // the body was read, whole
	code   string // what the client was told of an error
}

type stateKey struct{}

func stateOf(c *gin.Context) *state {
	if s, ok := c.Get(stateKey{}); ok {
		return s.(*state)
	}
	s := new(state)
	c.Set(stateKey{}, s)
	return s
}

// SetCaller notes who the request comes from. Only doors call it.
func SetCaller(c *gin.Context, who Caller) {
	s := stateOf(c)
	s.caller, s.known = who, true
}

// CallerOf is who the request comes from; false when no door has let it in.
func CallerOf(c *gin.Context) (Caller, bool) {
	s := stateOf(c)
	return s.caller, s.known
}

// who is the caller of a route behind a door. Without a door it panics: a route
// that forgot its door must never serve anybody as user 0.
func who(c *gin.Context) Caller {
	caller, ok := CallerOf(c)
	if !ok {
		panic("controllers: a route that needs a user has no door")
	}
	return caller
}

// idParam reads a numeric id from the path. What is no id names nothing, so it
// is answered 404 like any id that isn't there.
func idParam(c *gin.Context, name string) (int64, bool) {
	id, ok := parseID(c.Param(name))
	if !ok {
		fail(c, models.Errorf(models.NotFound, "there is no such thing here"))
	}
	return id, ok
}

// parseID accepts a positive decimal number as the server writes it, and nothing
// that merely means the same ("+5", "05").
func parseID(s string) (int64, bool) {
	id, err := strconv.ParseInt(s, 10, 64)
	return id, err == nil && id > 0 && strconv.FormatInt(id, 10) == s
}

// send answers with v as JSON. Answers are for this caller now: no cache may keep
// them. A v of nil sends the status alone.
func send(c *gin.Context, status int, v any) {
	c.Writer.Header()["Cache-Control"] = noStore
	if v == nil {
		c.Status(status)
		return
	}
	if err := answer(c, status, contentJSON, v); err != nil {
		fail(c, err)
	}
}

// What headers say that are always the same. net/http reads them, nobody writes them.
var (
	noStore        = []string{"no-store"}
	contentJSON    = []string{"application/json"}
	contentProblem = []string{"application/problem+json"}
)

// answer writes v as JSON, or nothing when v can't be.
func answer(c *gin.Context, status int, contentType []string, v any) error {
	e := encoders.Get().(*encoder)
	defer e.free()
	body, err := e.encode(v)
	if err != nil {
		return err
	}
	c.Status(status)
	h := c.Writer.Header()
	h["Content-Type"] = contentType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	if _, err := c.Writer.Write(body); err != nil { // the client is gone
		_ = c.Error(err)
		c.Abort()
	}
	return nil
}

// done answers a request that leaves nothing to say.
func done(c *gin.Context) { send(c, http.StatusNoContent, nil) }
