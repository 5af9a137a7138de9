package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// ListMembers lists who has a deck, its owner first.
func (a *API) ListMembers(c *gin.Context) {
	deck, ok := idParam(c, "id")
	if !ok {
		return
	}
	after, limit, ok := paging(c)
	if !ok {
		return
	}
	members, next, err := a.DB.ListMembers(c.Request.Context(), who(c).UserID, deck, after, limit)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, page(members, next))
}

// PutMember shares a deck with a user, or changes their role in it.
func (a *API) PutMember(c *gin.Context) {
	deck, ok := idParam(c, "id")
	if !ok {
		return
	}
	var req struct {
		Role string `json:"role" validate:"required,oneof=viewer editor"`
	}
	if !decode(c, &req) {
		return
	}
	member, err := a.DB.PutMember(c.Request.Context(), who(c).UserID, deck, c.Param("username"), req.Role)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, member)
}

// RemoveMember takes a deck from a user, be it the caller.
func (a *API) RemoveMember(c *gin.Context) {
	deck, ok := idParam(c, "id")
	if !ok {
		return
	}
	if err := a.DB.RemoveMember(c.Request.Context(), who(c).UserID, deck, c.Param("username")); err != nil {
		fail(c, err)
		return
	}
	done(c)
}
