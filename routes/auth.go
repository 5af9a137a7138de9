package routes

import (
	"github.com/gin-gonic/gin"

	"aoki/controllers"
	"aoki/models"
)

// requireUser is the door for who is signed in: with a Bearer token or with the
// cookie, and a session that is alive. Others get 401.
func requireUser(api *controllers.API) gin.HandlerFunc {
	return func(c *gin.Context) {
		who, err := api.Authenticate(c)
		if err != nil {
			controllers.Fail(c, err)
			return
		}
		controllers.SetCaller(c, who)
	}
}

// requireAdmin is the door behind it for admins. Others get 403.
func requireAdmin(c *gin.Context) {
	if who, ok := controllers.CallerOf(c); !ok || who.Role != models.RoleAdmin {
		controllers.Fail(c, models.Errorf(models.Forbidden, "this is for admins"))
	}
}
