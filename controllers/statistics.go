package controllers

import (
	"math"
	"net/http"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// defaultStatisticsDays is a year.
const defaultStatisticsDays = 365

// GetStatistics is how the caller studies a deck, or all of theirs.
func (a *API) GetStatistics(c *gin.Context) {
	deck, _, ok := intQuery(c, "deck", 1, math.MaxInt64)
	if !ok {
		return
	}
	days, given, ok := intQuery(c, "days", 1, models.MaxStatisticsDays)
	if !ok {
		return
	}
	if !given {
		days = defaultStatisticsDays
	}
	statistics, err := a.DB.Statistics(c.Request.Context(), who(c).UserID, deck, int(days))
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, statistics)
}
