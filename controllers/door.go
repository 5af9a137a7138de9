package controllers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

const (
	accessCookie  = "aoki_access"
	refreshCookie = "aoki_refresh"
	refreshPath   = "/api/v1/auth"
)

// Fail answers a request that a door refused.
func Fail(c *gin.Context, err error) { fail(c, err) }

// Identify answers who an access token stands for. Its session must be alive.
func (a *API) Identify(ctx context.Context, token string) (Caller, error) {
	claims, err := a.Tokens.Verify(token)
	if err != nil {
		return Caller{}, err
	}
	who, err := a.Accounts.Authenticate(ctx, claims.UserID, claims.SessionID)
	if err != nil {
		return Caller{}, err
	}
	return Caller{UserID: who.UserID, Username: who.Username, Role: who.Role, SessionID: who.SessionID, Expires: claims.Expires}, nil
}

// Authenticate answers who a request comes from, by its Bearer token or else by
// its cookie. A token in the URL is not looked for.
func (a *API) Authenticate(c *gin.Context) (Caller, error) {
	token, ok := bearer(c.Request)
	if !ok {
		token = cookie(c, accessCookie)
	}
	if token == "" {
		return Caller{}, notSignedIn(errors.New("no token"))
	}
	return a.Identify(c.Request.Context(), token)
}

// bearer is the token of the Authorization header. Other schemes are none of
// ours: a proxy before us may want Basic.
func bearer(r *http.Request) (token string, ok bool) {
	for _, header := range r.Header.Values("Authorization") {
		scheme, rest, _ := strings.Cut(header, " ")
		if strings.EqualFold(scheme, "Bearer") {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

// cookie is a cookie's value, "" when there is none.
func cookie(c *gin.Context, name string) string {
	kept, err := c.Request.Cookie(name)
	if err != nil {
		return ""
	}
	return kept.Value
}

// setCookie keeps a token where scripts don't get at it and other sites can't send
// it. A life of less than a second takes the cookie away.
func (a *API) setCookie(c *gin.Context, name, value, path string, seconds int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: a.Site.Secure(c.Request),
	})
}

func (a *API) clearCookies(c *gin.Context) {
	a.setCookie(c, accessCookie, "", "/", -1)
	a.setCookie(c, refreshCookie, "", refreshPath, -1)
}
