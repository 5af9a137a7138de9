package controllers

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// ListDecks lists the decks that the caller owns or shares, oldest first.
func (a *API) ListDecks(c *gin.Context) {
	after, limit, ok := pagingByID(c)
	if !ok {
		return
	}
	decks, next, err := a.DB.ListDecks(c.Request.Context(), who(c).UserID, after, limit)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, page(decks, nextID(next)))
}

// CreateDeck makes a deck that the caller owns.
func (a *API) CreateDeck(c *gin.Context) {
	var req struct {
		Name        string `json:"name" validate:"required"`
		Description string `json:"description"`
	}
	if !decode(c, &req) {
		return
	}
	ctx, ok := idempotent(c)
	if !ok {
		return
	}
	deck, err := a.DB.CreateDeck(ctx, who(c).UserID, models.DeckInput{Name: req.Name, Description: req.Description})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusCreated, deck)
}

// GetDeck is one deck of the caller's.
func (a *API) GetDeck(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	deck, err := a.DB.GetDeck(c.Request.Context(), who(c).UserID, id)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, deck)
}

// UpdateDeck renames or describes a deck.
func (a *API) UpdateDeck(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	var req struct {
		Name        *string `json:"name"`
		Description *string `json:"description"`
	}
	if !decode(c, &req) {
		return
	}
	deck, err := a.DB.UpdateDeck(c.Request.Context(), who(c).UserID, id, models.DeckChange{Name: req.Name, Description: req.Description})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, deck)
}

// DeleteDeck deletes a deck for all who have it.
func (a *API) DeleteDeck(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	if err := a.DB.DeleteDeck(c.Request.Context(), who(c).UserID, id); err != nil {
		fail(c, err)
		return
	}
	done(c)
}

// pagingByID is paging for a list whose cursor is the last item's id; 0 begins.
func pagingByID(c *gin.Context) (after int64, limit int, ok bool) {
	cursor, limit, ok := paging(c)
	if ok && cursor != "" {
		if after, ok = parseID(cursor); !ok {
			fail(c, malformed("after", "is no cursor of this list"))
		}
	}
	return after, limit, ok
}

// nextID is the cursor behind the item with an id, none for 0.
func nextID(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
