package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// GetCard is one card with its two sides, as the caller studies it.
func (a *API) GetCard(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	card, err := a.DB.GetCard(c.Request.Context(), who(c).UserID, id)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, card)
}

// UpdateCard suspends, buries or flags a card for the caller.
func (a *API) UpdateCard(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	var req struct {
		Suspended *bool  `json:"suspended"`
		Buried    *bool  `json:"buried"`
		Flag      *int64 `json:"flag"`
	}
	if !decode(c, &req) {
		return
	}
	card, err := a.DB.UpdateCard(c.Request.Context(), who(c).UserID, id, models.CardChange{Suspended: req.Suspended, Buried: req.Buried, Flag: req.Flag})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, card)
}
