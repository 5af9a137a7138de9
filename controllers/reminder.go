package controllers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

type reminderList struct {
	Items []models.Reminder `json:"items"`
}

// ListReminders lists the caller's reminders.
func (a *API) ListReminders(c *gin.Context) {
	items, err := a.DB.ListReminders(c.Request.Context(), who(c).UserID)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, reminderList{items})
}

// CreateReminder adds a reminder for one deck of the caller's, or for all.
func (a *API) CreateReminder(c *gin.Context) {
	var req struct {
		DeckID        *int64 `json:"deck_id"`
		At            string `json:"at" validate:"required"`
		Days          []int  `json:"days"`
		Threshold     *int   `json:"threshold"`
		UnlessStudied bool   `json:"unless_studied"`
		Enabled       *bool  `json:"enabled"`
	}
	if !decode(c, &req) {
		return
	}
	ctx, ok := idempotent(c)
	if !ok {
		return
	}
	reminder, err := a.DB.CreateReminder(ctx, who(c).UserID, models.ReminderInput{
		DeckID: req.DeckID, At: req.At, Days: req.Days, Threshold: req.Threshold, UnlessStudied: req.UnlessStudied, Enabled: req.Enabled,
	})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusCreated, reminder)
}

// UpdateReminder changes a reminder.
func (a *API) UpdateReminder(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	var req struct {
		At            *string `json:"at"`
		Days          *[]int  `json:"days"`
		Threshold     *int    `json:"threshold"`
		UnlessStudied *bool   `json:"unless_studied"`
		Enabled       *bool   `json:"enabled"`
	}
	if !decode(c, &req) {
		return
	}
	reminder, err := a.DB.UpdateReminder(c.Request.Context(), who(c).UserID, id, models.ReminderChange{
		At: req.At, Days: req.Days, Threshold: req.Threshold, UnlessStudied: req.UnlessStudied, Enabled: req.Enabled,
	})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, reminder)
}

// DeleteReminder deletes a reminder.
func (a *API) DeleteReminder(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	if err := a.DB.DeleteReminder(c.Request.Context(), who(c).UserID, id); err != nil {
		fail(c, err)
		return
	}
	done(c)
}

// StartStudying says that the caller sits before a deck.
func (a *API) StartStudying(c *gin.Context) { a.setStudying(c, true) }

// StopStudying says that the caller does not any more.
func (a *API) StopStudying(c *gin.Context) { a.setStudying(c, false) }

func (a *API) setStudying(c *gin.Context, studying bool) {
	deck, ok := idParam(c, "id")
	if !ok {
		return
	}
	if err := a.DB.SetStudying(c.Request.Context(), who(c).UserID, deck, studying); err != nil {
		fail(c, err)
		return
	}
	done(c)
}
