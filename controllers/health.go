package controllers

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

type health struct {
	Status string `json:"status"`
}

// Live answers that the process serves requests, whatever else is away.
func (a *API) Live(c *gin.Context) { send(c, http.StatusOK, health{"ok"}) }

// Ready answers whether requests would succeed: the store can be read and written,
// and the server is not stopping. Whatever the reason, balancers look for a 503.
func (a *API) Ready(c *gin.Context) {
	if a.stopping() {
		fail(c, models.Errorf(codeStopping, "the server is stopping"))
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	switch err := a.DB.Ready(ctx); {
	case models.ErrorCode(err) == models.StorageFull:
		fail(c, &models.Error{Code: codeReadOnly, Message: "the server's disk is full: it can be read, but not written", RetryAfter: 30 * time.Second, Err: err})
	case err != nil:
		fail(c, &models.Error{Code: models.Unavailable, Message: "the store is away", RetryAfter: 2 * time.Second, Err: err})
	default:
		send(c, http.StatusOK, health{"ok"})
	}
}
