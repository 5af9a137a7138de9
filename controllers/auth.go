package controllers

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// userRef is a user in the answers to signing in.
type userRef struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	Role     string `json:"role"`
}

type signedIn struct {
	AccessToken  string  `json:"access_token"`
	TokenType    string  `json:"token_type"`
	ExpiresIn    int64   `json:"expires_in"`
	RefreshToken string  `json:"refresh_token,omitempty"` // for programs that asked
	User         userRef `json:"user"`
}

// enter answers with the tokens of a session that begins.
func (a *API) enter(c *gin.Context, status int, in models.SignIn, offline bool) {
	access, _, err := a.Tokens.Issue(in.UserID, in.SessionID)
	if err != nil {
		fail(c, err)
		return
	}
	a.give(c, status, in, access, offline)
}

// give answers with a session's tokens: the access token in the body, both in
// cookies, and the refresh token in the body too for a program that asked.
func (a *API) give(c *gin.Context, status int, in models.SignIn, access string, offline bool) {
	a.setCookie(c, accessCookie, access, "/", int(tokenLife/time.Second))
	a.setCookie(c, refreshCookie, in.RefreshToken, refreshPath, int(in.ExpiresAt.Sub(a.Now())/time.Second))
	answer := signedIn{AccessToken: access, TokenType: "Bearer", ExpiresIn: int64(tokenLife / time.Second),
		User: userRef{ID: in.UserID, Username: in.Username, Role: in.Role}}
	if offline {
		answer.RefreshToken = in.RefreshToken
	}
	send(c, status, answer)
}

func device(c *gin.Context) models.Device {
	return models.Device{UserAgent: c.Request.UserAgent(), IP: c.ClientIP()}
}

// GetSetup tells a client whether the first admin is still to be made, and
// whether people may register.
func (a *API) GetSetup(c *gin.Context) {
	needed, err := a.Accounts.SetupNeeded(c.Request.Context())
	if err != nil {
		fail(c, err)
		return
	}
	registration := "closed"
	if a.Open {
		registration = "open"
	}
	send(c, http.StatusOK, struct {
		Needed       bool   `json:"needed"`
		Registration string `json:"registration"`
	}{needed, registration})
}

// Setup makes the first admin.
func (a *API) Setup(c *gin.Context) {
	var req struct {
		Token    string `json:"token" validate:"required,max=256"`
		Username string `json:"username" validate:"required"`
		Password string `json:"password" validate:"required"`
		Offline  bool   `json:"offline"`
	}
	if !decode(c, &req) {
		return
	}
	ctx, ok := idempotentOf(c, "ip:"+c.ClientIP())
	if !ok {
		return
	}
	in, err := a.Accounts.Setup(ctx, req.Token, models.NewUser{Username: req.Username, Password: req.Password}, device(c))
	if err != nil {
		fail(c, err)
		return
	}
	a.enter(c, http.StatusCreated, in, req.Offline)
}

// Register makes an account, where that is open to everybody.
func (a *API) Register(c *gin.Context) {
	if !a.Open {
		fail(c, models.Errorf(codeRegistrationClosed, "registration is closed: ask an admin for an account"))
		return
	}
	var req struct {
		Username string `json:"username" validate:"required"`
		Password string `json:"password" validate:"required"`
		Offline  bool   `json:"offline"`
	}
	if !decode(c, &req) {
		return
	}
	ctx, ok := idempotentOf(c, "ip:"+c.ClientIP())
	if !ok {
		return
	}
	in, err := a.Accounts.Register(ctx, models.NewUser{Username: req.Username, Password: req.Password}, device(c))
	if err != nil {
		fail(c, err)
		return
	}
	a.enter(c, http.StatusCreated, in, req.Offline)
}

// Login begins a session.
func (a *API) Login(c *gin.Context) {
	var req struct {
		Username string `json:"username" validate:"required,max=256"`
		Password string `json:"password" validate:"required,max=256"`
		Offline  bool   `json:"offline"`
	}
	if !decode(c, &req) {
		return
	}
	try, err := a.Attempts.Password(req.Username, c.ClientIP())
	if err != nil {
		fail(c, err)
		return
	}
	in, err := a.Accounts.Login(c.Request.Context(), req.Username, req.Password, device(c))
	try.Ended(err)
	if err != nil {
		fail(c, err)
		return
	}
	a.enter(c, http.StatusOK, in, req.Offline)
}

// Refresh trades the refresh token, of the body or else of the cookie, for the
// next and a new access token. The session's sockets live on with it.
func (a *API) Refresh(c *gin.Context) {
	var req struct {
		Token string `json:"refresh_token" validate:"max=512"`
	}
	if !decodeOptional(c, &req) {
		return
	}
	token, offline := req.Token, req.Token != ""
	if !offline {
		token = cookie(c, refreshCookie)
	}
	if token == "" {
		fail(c, models.Errorf(codeUnauthorized, "there is no refresh token: sign in"))
		return
	}
	in, err := a.Accounts.Refresh(c.Request.Context(), token, device(c))
	if err != nil {
		fail(c, err)
		return
	}
	access, expires, err := a.Tokens.Issue(in.UserID, in.SessionID)
	if err != nil {
		fail(c, err)
		return
	}
	a.Hub.Prolong(in.SessionID, expires)
	a.give(c, http.StatusOK, in, access, offline)
}

// Logout ends the session. Who comes with an expired access token may show the
// refresh cookie instead, so that a page that slept can still sign out.
func (a *API) Logout(c *gin.Context) {
	session, err := a.Authenticate(c)
	if err != nil {
		byCookie, another := a.Accounts.SessionOf(c.Request.Context(), cookie(c, refreshCookie))
		if another == nil {
			session, err = Caller{UserID: byCookie.UserID, SessionID: byCookie.SessionID}, nil
		}
	}
	if err == nil {
		err = a.Accounts.EndSession(c.Request.Context(), session.UserID, session.SessionID)
	}
	switch statusOf(models.ErrorCode(err)) {
	case http.StatusUnauthorized, http.StatusNotFound: // ended meanwhile
		a.clearCookies(c)
		fail(c, models.Errorf(codeUnauthorized, "there is no session to end"))
		return
	}
	if err != nil {
		fail(c, err)
		return
	}
	a.clearCookies(c)
	done(c)
}

// ListSessions lists the caller's own devices.
func (a *API) ListSessions(c *gin.Context) {
	after, limit, ok := paging(c)
	if !ok {
		return
	}
	list, next, err := a.Accounts.ListSessions(c.Request.Context(), who(c).UserID, who(c).SessionID, after, limit)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, page(list, next))
}

// EndSession signs one of the caller's devices out.
func (a *API) EndSession(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	if err := a.Accounts.EndSession(c.Request.Context(), who(c).UserID, id); err != nil {
		fail(c, err)
		return
	}
	if id == who(c).SessionID {
		a.clearCookies(c)
	}
	done(c)
}
