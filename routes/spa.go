package routes

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"aoki/controllers"
)

// The policy of the web app's pages. style-src-attr is for KaTeX alone.
const appPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; " +
	"img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"

const (
	forever      = "public, max-age=31536000, immutable"
	askFirst     = "no-cache"
	indexPage    = "index.html"
	assetsFolder = "assets/" // what is in it has its hash in its name
)

// spa serves the web app: its files, and index.html for the paths that the app
// itself routes.
type spa struct{ *static }

func newSPA(app fs.FS) (spa, error) {
	files, err := newStatic(app, func(name string) bool { return strings.HasPrefix(name, docsFolder+"/") })
	return spa{files}, err
}

func (s spa) serve(c *gin.Context) {
	r := c.Request
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		c.Header("Allow", "GET, HEAD")
		controllers.NoMethod(c)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = indexPage
	}
	if f := s.files[name]; f != nil {
		c.Header("Content-Security-Policy", appPolicy)
		s.send(c, f, cacheOf(name))
		return
	}
	if name != indexPage && !(ofApp(name) && acceptsPage(r)) {
		c.Writer.Header().Add("Vary", "Accept")
		controllers.NoRoute(c)
		return
	}
	index := s.files[indexPage]
	if index == nil {
		notBuilt(c, "The web app")
		return
	}
	c.Header("Content-Security-Policy", appPolicy)
	c.Writer.Header().Add("Vary", "Accept")
	s.send(c, index, askFirst)
}

// ofApp reports whether a path may be one that the app itself routes. One with an
// extension is a file, and one that isn't there: a page in its place would be run
// as a script, and a stale tab would never learn that its chunks are gone. Nothing
// that is hidden, or well known, is a page either.
func ofApp(name string) bool {
	return path.Ext(name) == "" && !strings.HasPrefix(name, assetsFolder) && !strings.Contains("/"+name, "/.")
}

// acceptsPage reports whether a client takes HTML: in so many words, by a wildcard,
// or by not saying what it takes.
func acceptsPage(r *http.Request) bool {
	header := r.Header.Values("Accept")
	return len(header) == 0 || accepts(header, "text/html", "text/*", "*/*")
}

// cacheOf is how long a file keeps.
func cacheOf(name string) string {
	if strings.HasPrefix(name, assetsFolder) {
		return forever
	}
	return askFirst
}

// notBuilt is the page of a server that was built without Node.
func notBuilt(c *gin.Context, what string) {
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusServiceUnavailable, "text/html; charset=utf-8", []byte(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Aoki: not built yet</title>
<h1>`+what+` is not in this binary yet</h1>
<p>The API is running. To build the front end into it, install Node 20 or newer and run</p>
<pre>make run</pre>
<p>in the repository, or <code>make build</code> for a finished binary at <code>bin/aoki</code>.</p>
</html>
`))
}
