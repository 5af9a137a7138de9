// Package routes is the table of paths and the doors before them.
package routes

import (
	"io/fs"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"

	"aoki/controllers"
)

// New is the whole server as one handler. app is the web app's build, with
// index.html at its root; without one, pages say how to build it.
func New(api *controllers.API, app fs.FS) (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.RedirectTrailingSlash = false
	r.HandleMethodNotAllowed = true
	if err := trustProxies(r, api.Site.Proxies); err != nil {
		return nil, err
	}
	sameSite, err := sameSiteOnly(api.Site)
	if err != nil {
		return nil, err
	}
	pages, err := newSPA(app)
	if err != nil {
		return nil, err
	}
	viewer, err := newDocs(app)
	if err != nil {
		return nil, err
	}

	r.Use(requestID(), accessLog(api.Log, api.Now), recovered(api.Log), securityHeaders())
	read := []string{http.MethodGet, http.MethodHead}

	r.Match(read, "/livez", api.Live)
	r.Match(read, "/readyz", api.Ready)
	r.GET("/ws", api.Socket)

	v1 := r.Group("/api/v1", sameSite)
	v1.Match(read, "/livez", api.Live)
	v1.Match(read, "/readyz", api.Ready)
	v1.Match(read, "/openapi.yaml", serveYAML(openapi))
	v1.Match(read, "/asyncapi.yaml", serveYAML(asyncapi))
	v1.Match(read, "/docs", viewer.page)
	v1.Match(read, "/docs/:file", viewer.file)

	v1.GET("/setup", api.GetSetup)
	v1.POST("/setup", limitJoining(api), api.Setup)
	v1.POST("/auth/register", limitJoining(api), api.Register)
	v1.POST("/auth/login", api.Login)
	v1.POST("/auth/refresh", api.Refresh)
	v1.POST("/auth/logout", api.Logout)

	user := v1.Group("", requireUser(api))
	user.GET("/auth/sessions", api.ListSessions)
	user.DELETE("/auth/sessions/:id", api.EndSession)
	user.GET("/me", api.GetMe)
	user.PATCH("/me", api.UpdateMe)
	user.PUT("/me/password", api.ChangePassword)
	user.GET("/events", api.ListEvents)
	user.GET("/notifications", api.ListNotifications)
	user.POST("/notifications/mark", api.MarkNotifications)
	user.GET("/decks", api.ListDecks)
	user.POST("/decks", api.CreateDeck)
	user.GET("/decks/:id", api.GetDeck)
	user.PATCH("/decks/:id", api.UpdateDeck)
	user.DELETE("/decks/:id", api.DeleteDeck)
	user.GET("/decks/:id/members", api.ListMembers)
	user.PUT("/decks/:id/members/:username", api.PutMember)
	user.DELETE("/decks/:id/members/:username", api.RemoveMember)
	user.GET("/decks/:id/notes", api.ListNotes)
	user.POST("/decks/:id/notes", api.CreateNote)
	user.GET("/notes/:id", api.GetNote)
	user.PATCH("/notes/:id", api.UpdateNote)
	user.DELETE("/notes/:id", api.DeleteNote)
	user.GET("/cards/:id", api.GetCard)

	admin := user.Group("/admin", requireAdmin)
	admin.GET("/pushes", api.ListPushes)
	admin.POST("/pushes", api.CreatePush)
	admin.GET("/pushes/:id", api.GetPush)
	admin.GET("/users", api.ListUsers)
	admin.POST("/users", api.CreateUser)
	admin.PATCH("/users/:id", api.UpdateUser)
	admin.DELETE("/users/:id", api.DeleteUser)

	r.NoMethod(noMethod)
	r.NoRoute(func(c *gin.Context) {
		if ofProgram(c.Request.URL.Path) {
			controllers.NoRoute(c)
			return
		}
		pages.serve(c)
	})
	return r, nil
}

// ofProgram reports whether a path is the API's or the socket's, where no page of
// the web app may ever be served.
func ofProgram(path string) bool {
	for _, root := range []string{"/api", "/ws"} {
		if path == root || strings.HasPrefix(path, root+"/") {
			return true
		}
	}
	return false
}

func trustProxies(r *gin.Engine, proxies []netip.Prefix) error {
	if len(proxies) == 0 {
		return r.SetTrustedProxies(nil)
	}
	list := make([]string, len(proxies))
	for i, p := range proxies {
		list[i] = p.String()
	}
	return r.SetTrustedProxies(list)
}
