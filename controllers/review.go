package controllers

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// GetQueue is what the caller is to study in a deck now.
func (a *API) GetQueue(c *gin.Context) {
	deck, ok := idParam(c, "id")
	if !ok {
		return
	}
	limit, ok := limitOf(c)
	if !ok {
		return
	}
	queue, err := a.DB.GetQueue(c.Request.Context(), who(c).UserID, deck, limit)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, queue)
}

// CreateReview stores the caller's answer to a card.
func (a *API) CreateReview(c *gin.Context) {
	card, ok := idParam(c, "id")
	if !ok {
		return
	}
	var req struct {
		Rating     *int    `json:"rating" validate:"required"`
		AnsweredIn int64   `json:"answered_in_ms"`
		AnsweredAt *string `json:"answered_at"`
		Key        *string `json:"key" validate:"omitempty,min=1"`
	}
	if !decode(c, &req) {
		return
	}
	in := models.ReviewInput{Rating: *req.Rating, AnsweredIn: req.AnsweredIn}
	if req.AnsweredAt != nil {
		at, err := time.Parse(time.RFC3339, *req.AnsweredAt)
		if err != nil {
			fail(c, models.InvalidField("answered_at", "must be a time such as 2026-01-02T03:04:05Z"))
			return
		}
		in.AnsweredAt = &at
	}
	if req.Key != nil {
		in.Key = *req.Key
	}
	ctx, ok := idempotent(c)
	if !ok {
		return
	}
	made, err := a.DB.AnswerCard(ctx, who(c).UserID, card, in)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusCreated, made)
}

// ListCardReviews lists the caller's answers to a card, newest first.
func (a *API) ListCardReviews(c *gin.Context) {
	card, ok := idParam(c, "id")
	if !ok {
		return
	}
	before, limit, ok := pagingByID(c)
	if !ok {
		return
	}
	reviews, next, err := a.DB.ListReviews(c.Request.Context(), who(c).UserID, card, before, limit)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, page(reviews, nextID(next)))
}

// UndoReview undoes the caller's last answer.
func (a *API) UndoReview(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	if err := a.DB.UndoReview(c.Request.Context(), who(c).UserID, id); err != nil {
		fail(c, err)
		return
	}
	done(c)
}
