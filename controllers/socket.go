package controllers

import (
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
	"aoki/realtime"
)

// Socket is the door of /ws. All is settled over plain HTTP before the upgrade:
// that it is a correct one, that the page may open it, who it is for, and where
// they go on. Then the connection is the hub's.
func (a *API) Socket(c *gin.Context) {
	r := c.Request
	if err := checkUpgrade(r, c.Writer.Header()); err != nil {
		fail(c, err)
		return
	}
	if err := a.Handshakes.Allow(c.ClientIP()); err != nil {
		fail(c, err)
		return
	}
	token, byCookie := socketToken(r)
	if err := a.checkOrigin(r, byCookie); err != nil {
		fail(c, err)
		return
	}
	caller, err := a.Identify(r.Context(), token)
	if err != nil {
		fail(c, err)
		return
	}
	SetCaller(c, caller)
	cursor, ok := cursorOf(c)
	if !ok {
		return
	}
	c.Status(http.StatusSwitchingProtocols) // for the log; what goes out is the hub's
	err = a.Hub.Serve(c.Writer, r, realtime.Identity{
		User:    realtime.User{ID: caller.UserID, Username: caller.Username, Role: caller.Role},
		Session: caller.SessionID,
		Expires: caller.Expires,
	}, cursor)
	var handshake *realtime.HandshakeError
	switch {
	case err == nil:
		// Signed out between the check and the hub's knowing of the socket? Then
		// nobody has closed it.
		if !a.stillSignedIn(r.Context(), caller) {
			a.Hub.CloseSession(caller.SessionID)
		}
	case errors.Is(err, net.ErrClosed): // hung up in the middle of it
	case errors.As(err, &handshake):
		fail(c, &models.Error{Code: codeMalformed, Message: "this is no correct upgrade", Err: err})
	case errors.Is(err, realtime.ErrStopping):
		fail(c, &models.Error{Code: codeStopping, Message: "the server is stopping", RetryAfter: 2 * time.Second, Err: err})
	case errors.Is(err, realtime.ErrFull):
		fail(c, &models.Error{Code: models.Unavailable, Message: "there is no room for another socket", RetryAfter: 30 * time.Second, Err: err})
	default:
		fail(c, err)
	}
}

// checkUpgrade finds what keeps a GET from being a correct WebSocket handshake.
func checkUpgrade(r *http.Request, answer http.Header) error {
	switch {
	case !hasToken(r.Header.Values("Upgrade"), "websocket"):
		answer.Set("Upgrade", "websocket")
		answer.Set("Connection", "Upgrade")
		return models.Errorf(codeUpgrade, "this path speaks WebSocket only")
	case r.ProtoMajor != 1 || r.ProtoMinor < 1:
		return models.Errorf(codeMalformed, "a WebSocket begins over HTTP/1.1")
	case !hasToken(r.Header.Values("Connection"), "upgrade"):
		return models.Errorf(codeMalformed, "the header Connection: Upgrade is missing")
	case r.ContentLength != 0:
		return models.Errorf(codeMalformed, "a WebSocket handshake has no body")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		answer.Set("Sec-WebSocket-Version", "13")
		answer.Set("Upgrade", "websocket")
		answer.Set("Connection", "Upgrade")
		return models.Errorf(codeUpgrade, "this server speaks version 13 of WebSocket")
	}
	key, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-WebSocket-Key"))
	if err != nil || len(key) != 16 {
		return models.Errorf(codeMalformed, "the header Sec-WebSocket-Key must be 16 bytes in base64")
	}
	return nil
}

// checkOrigin refuses pages that are not of this very site or of one on the list.
// A request that a cookie speaks for must come from a page: browsers add cookies by
// themselves, and they always name the origin.
func (a *API) checkOrigin(r *http.Request, byCookie bool) error {
	origins := r.Header.Values("Origin")
	switch {
	case len(origins) == 0 && !byCookie:
		return nil
	case len(origins) == 1 && a.Site.serves(r, origins[0]):
		return nil
	case len(origins) == 0:
		return models.Errorf(codeForeignOrigin, "a cookie opens a socket only for a page: the Origin is missing")
	}
	return models.Errorf(codeForeignOrigin, "pages of this origin may not open a socket")
}

// socketToken finds the access token in one of its three places, the more
// deliberate first.
func socketToken(r *http.Request) (token string, byCookie bool) {
	if token, ok := bearer(r); ok {
		return token, false
	}
	for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
		for offer := range strings.SplitSeq(line, ",") {
			if token, ok := strings.CutPrefix(strings.TrimSpace(offer), "bearer."); ok {
				return token, false
			}
		}
	}
	if kept, err := r.Cookie(accessCookie); err == nil {
		return kept.Value, true
	}
	return "", false
}

// hasToken looks for a word in a list of words, in whatever case.
func hasToken(header []string, word string) bool {
	for _, line := range header {
		for part := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(part), word) {
				return true
			}
		}
	}
	return false
}
