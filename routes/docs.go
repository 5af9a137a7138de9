package routes

import (
	"io/fs"
	"strings"

	"github.com/gin-gonic/gin"

	"aoki/controllers"
)

// docsFolder is where the front end's build leaves the OpenAPI viewer.
const docsFolder = "docs"

// The policy of the viewer. It styles its elements inline and has its icons as
// data: addresses, but like all else loads nothing from outside.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// docs serves the viewer of the OpenAPI document.
type docs struct{ *static }

func newDocs(app fs.FS) (docs, error) {
	files, err := newStatic(app, func(name string) bool { return !strings.HasPrefix(name, docsFolder+"/") })
	return docs{files}, err
}

func (d docs) page(c *gin.Context) { d.serve(c, indexPage) }

func (d docs) file(c *gin.Context) { d.serve(c, c.Param("file")) }

func (d docs) serve(c *gin.Context, name string) {
	f := d.files[docsFolder+"/"+name]
	switch {
	case f != nil:
		c.Header("Content-Security-Policy", docsPolicy)
		d.send(c, f, askFirst)
	case name == indexPage:
		notBuilt(c, "The viewer of the API's documents")
	default:
		controllers.NoRoute(c)
	}
}
