package routes

import (
	"crypto/sha256"
	_ "embed" // for the documents
	"encoding/base64"
	"net/http"

	"github.com/gin-gonic/gin"
)

// What the server promises: its routes, and the frames of its socket.
var (
	//go:embed openapi.yaml
	openapi []byte
	//go:embed asyncapi.yaml
	asyncapi []byte
)

func serveYAML(document []byte) gin.HandlerFunc {
	sum := sha256.Sum256(document)
	etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	return func(c *gin.Context) {
		c.Header("ETag", etag)
		c.Header("Cache-Control", askFirst)
		if etagMatches(c.Request.Header.Values("If-None-Match"), etag) {
			c.Status(http.StatusNotModified)
			return
		}
		c.Data(http.StatusOK, "application/yaml", document)
	}
}
