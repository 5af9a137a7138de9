package routes

import (
	"github.com/gin-gonic/gin"

	"aoki/controllers"
)

// limitJoining lets an address make only so many accounts in a minute, or try to.
// Passwords are limited where the name is known, in the controllers.
func limitJoining(api *controllers.API) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := api.Attempts.Join(c.ClientIP()); err != nil {
			controllers.Fail(c, err)
		}
	}
}
