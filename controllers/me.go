package controllers

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// GetMe is the caller's own profile.
func (a *API) GetMe(c *gin.Context) {
	profile, err := a.Accounts.Profile(c.Request.Context(), who(c).UserID)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, profile)
}

// UpdateMe changes the caller's own settings.
func (a *API) UpdateMe(c *gin.Context) {
	var req struct {
		Locale      *string                    `json:"locale"`
		TimeZone    *string                    `json:"time_zone"`
		Preferences map[string]json.RawMessage `json:"preferences"`
	}
	if !decode(c, &req) {
		return
	}
	profile, err := a.Accounts.UpdateProfile(c.Request.Context(), who(c).UserID,
		models.ProfileChange{Locale: req.Locale, TimeZone: req.TimeZone, Preferences: req.Preferences})
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, profile)
}

// ChangePassword sets the caller's new password.
func (a *API) ChangePassword(c *gin.Context) {
	var req struct {
		Current string `json:"current_password" validate:"required,max=256"`
		New     string `json:"new_password" validate:"required"`
	}
	if !decode(c, &req) {
		return
	}
	// Who took over a session may not find the password out with it.
	try, err := a.Attempts.Password(who(c).Username, c.ClientIP())
	if err != nil {
		fail(c, err)
		return
	}
	err = a.Accounts.ChangePassword(c.Request.Context(), who(c).UserID, who(c).SessionID, req.Current, req.New)
	try.Ended(err)
	if err != nil {
		fail(c, err)
		return
	}
	done(c)
}
