package controllers

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// ListNotifications gives a page of the caller's inbox.
func (a *API) ListNotifications(c *gin.Context) {
	limit, ok := limitOf(c)
	if !ok {
		return
	}
	before := c.Query("before")
	box, err := a.DB.ListNotifications(c.Request.Context(), who(c).UserID, c.DefaultQuery("filter", "all"), before, limit)
	switch {
	case before != "" && models.ErrorCode(err) == models.NotFound:
		fail(c, malformed("before", "is no notification of this inbox"))
	case err != nil:
		fail(c, err)
	default:
		send(c, http.StatusOK, box)
	}
}

type markRequest struct {
	IDs      []string `json:"ids" validate:"max=500,dive,max=64"`
	UpTo     string   `json:"up_to" validate:"max=64"`
	Seen     *bool    `json:"seen"`
	Read     *bool    `json:"read"`
	Archived *bool    `json:"archived"`
}

// MarkNotifications marks items of the caller's inbox, on all their devices.
func (a *API) MarkNotifications(c *gin.Context) {
	var req markRequest
	if !decode(c, &req) {
		return
	}
	if req.Seen != nil && !*req.Seen {
		fail(c, models.InvalidField("seen", "can only be true: what was seen stays seen"))
		return
	}
	counts, err := a.DB.MarkNotifications(c.Request.Context(), who(c).UserID, models.Mark{
		IDs: req.IDs, UpTo: req.UpTo, Seen: req.Seen != nil, Read: req.Read, Archived: req.Archived,
	})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, counts)
}

// SnoozeNotification takes due cards away, to call again later.
func (a *API) SnoozeNotification(c *gin.Context) {
	var req struct {
		Minutes *int `json:"minutes" validate:"required"`
	}
	if !decode(c, &req) {
		return
	}
	until, err := a.DB.Snooze(c.Request.Context(), who(c).UserID, c.Param("id"), *req.Minutes)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, struct {
		Until time.Time `json:"until"`
	}{until})
}
