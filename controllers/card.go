package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// GetCard is one card with its two sides.
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
