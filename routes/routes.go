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
	read(r, "/livez", api.Live)
	read(r, "/readyz", api.Ready)
	r.GET("/ws", api.Socket)

	v1 := r.Group("/api/v1", sameSite)
	read(v1, "/livez", api.Live)
	read(v1, "/readyz", api.Ready)
	read(v1, "/openapi.yaml", serveYAML(openapi))
	read(v1, "/asyncapi.yaml", serveYAML(asyncapi))
	read(v1, "/docs", viewer.page)
	read(v1, "/docs/:file", viewer.file)

	read(v1, "/setup", api.GetSetup)
	v1.POST("/setup", limitJoining(api), api.Setup)
	v1.POST("/auth/register", limitJoining(api), api.Register)
	v1.POST("/auth/login", api.Login)
	v1.POST("/auth/refresh", api.Refresh)
	v1.POST("/auth/logout", api.Logout)

	user := v1.Group("", requireUser(api))
	read(user, "/auth/sessions", api.ListSessions)
	user.DELETE("/auth/sessions/:id", api.EndSession)
	read(user, "/me", api.GetMe)
	user.PATCH("/me", api.UpdateMe)
	user.PUT("/me/password", api.ChangePassword)
	user.GET("/events", api.ListEvents)
	read(user, "/notifications", api.ListNotifications)
	user.POST("/notifications/mark", api.MarkNotifications)
	user.POST("/notifications/:id/snooze", api.SnoozeNotification)
	read(user, "/decks", api.ListDecks)
	user.POST("/decks", api.CreateDeck)
	read(user, "/decks/:id", api.GetDeck)
	user.PATCH("/decks/:id", api.UpdateDeck)
	user.DELETE("/decks/:id", api.DeleteDeck)
	read(user, "/decks/:id/members", api.ListMembers)
	user.PUT("/decks/:id/members/:username", api.PutMember)
	user.DELETE("/decks/:id/members/:username", api.RemoveMember)
	read(user, "/decks/:id/notes", api.ListNotes)
	user.POST("/decks/:id/notes", api.CreateNote)
	read(user, "/notes/:id", api.GetNote)
	user.PATCH("/notes/:id", api.UpdateNote)
	user.DELETE("/notes/:id", api.DeleteNote)
	read(user, "/cards/:id", api.GetCard)
	user.PATCH("/cards/:id", api.UpdateCard)
	read(user, "/cards/:id/reviews", api.ListCardReviews)
	user.POST("/cards/:id/reviews", api.CreateReview)
	user.DELETE("/reviews/:id", api.UndoReview)
	read(user, "/decks/:id/queue", api.GetQueue)
	read(user, "/statistics", api.GetStatistics)
	read(user, "/decks/:id/preset", api.GetPreset)
	user.PATCH("/decks/:id/preset", api.UpdatePreset)
	user.POST("/media", api.AddMedia)
	read(user, "/media/:file", api.GetMedia)
	user.PUT("/decks/:id/studying", api.StartStudying)
	user.DELETE("/decks/:id/studying", api.StopStudying)
	read(user, "/reminders", api.ListReminders)
	user.POST("/reminders", api.CreateReminder)
	user.PATCH("/reminders/:id", api.UpdateReminder)
	user.DELETE("/reminders/:id", api.DeleteReminder)

	admin := user.Group("/admin", requireAdmin)
	read(admin, "/pushes", api.ListPushes)
	admin.POST("/pushes", api.CreatePush)
	read(admin, "/pushes/:id", api.GetPush)
	read(admin, "/users", api.ListUsers)
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

// read serves GET, and HEAD as the same without the body, which net/http leaves out.
// What waits or goes on (the log, the socket) is for GET alone.
func read(r gin.IRoutes, path string, handlers ...gin.HandlerFunc) {
	r.Match([]string{http.MethodGet, http.MethodHead}, path, handlers...)
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
