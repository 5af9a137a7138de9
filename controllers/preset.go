package controllers

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// GetPreset is how the caller studies a deck.
func (a *API) GetPreset(c *gin.Context) {
	deck, ok := idParam(c, "id")
	if !ok {
		return
	}
	preset, err := a.DB.GetPreset(c.Request.Context(), who(c).UserID, deck)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, preset)
}

// UpdatePreset changes how the caller studies a deck.
func (a *API) UpdatePreset(c *gin.Context) {
	deck, ok := idParam(c, "id")
	if !ok {
		return
	}
	var req struct {
		NewPerDay       *int        `json:"new_per_day"`
		ReviewsPerDay   *int        `json:"reviews_per_day"`
		Steps           *[]*int     `json:"steps"`
		RelearningSteps *[]*int     `json:"relearning_steps"`
		Retention       *float64    `json:"retention"`
		MaximumInterval *int        `json:"maximum_interval"`
		Weights         *[]*float64 `json:"weights"`
		Fuzz            *bool       `json:"fuzz"`
		LeechThreshold  *int        `json:"leech_threshold"`
		LeechAction     *string     `json:"leech_action"`
		BurySiblings    *bool       `json:"bury_siblings"`
	}
	if !decode(c, &req) {
		return
	}
	for _, err := range []error{numbers("steps", req.Steps), numbers("relearning_steps", req.RelearningSteps), numbers("weights", req.Weights)} {
		if err != nil {
			fail(c, err)
			return
		}
	}
	// The fields are well-formed: what was said of each goes on as it is, so that null
	// (the default again) and left out (as it was) are told apart.
	var change models.PresetChange
	if err := json.Unmarshal(stateOf(c).body, &change); err != nil {
		fail(c, err)
		return
	}
	preset, err := a.DB.UpdatePreset(c.Request.Context(), who(c).UserID, deck, change)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, preset)
}

// numbers refuses a null among numbers, which would count as 0.
func numbers[T any](field string, list *[]*T) error {
	if list == nil {
		return nil
	}
	for i, n := range *list {
		if n == nil {
			return models.InvalidField(field+"."+strconv.Itoa(i), "must be a number")
		}
	}
	return nil
}
