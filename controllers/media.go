package controllers

import (
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// mediaPolicy is for a file that is opened as a page of its own: it may show itself, and
// nothing else.
var mediaPolicy = []string{"default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"}

// AddMedia takes a picture or a sound: the body as it is, or the one part "file" of a form.
func (a *API) AddMedia(c *gin.Context) {
	user := who(c).UserID
	leave, err := a.uploads.enter(c.Request.Context(), user)
	if err != nil {
		refuseAtOnce(c, err)
		return
	}
	defer leave()
	data, err := readUpload(c)
	if err != nil {
		leave() // what is still on its way is thrown away, and needs no place
		refuseAtOnce(c, err)
		return
	}
	media, isNew, err := a.DB.AddMedia(c.Request.Context(), user, data, a.MediaPerUser)
	// It may have come slowly: the answer has its own time.
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(writeLimit))
	if err != nil {
		fail(c, err)
		return
	}
	status := http.StatusOK
	if isNew {
		status = http.StatusCreated
	}
	send(c, status, media)
}

// GetMedia is a picture or a sound, whole or in part. What it is was found out from its
// bytes when it came.
func (a *API) GetMedia(c *gin.Context) {
	file, err := a.DB.OpenMedia(c.Request.Context(), who(c).UserID, c.Param("file"))
	if err != nil {
		fail(c, err)
		return
	}
	h := c.Writer.Header()
	h.Set("Content-Type", file.Type)
	h.Set("Content-Disposition", "inline")
	h["Content-Security-Policy"] = mediaPolicy
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+file.Hash+`"`)
	// A name of its own would be taken for a clue to the type, which is known.
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, patientReader{file, http.NewResponseController(c.Writer)})
}

// patientReader gives whoever reads slowly, but does, a new limit for each piece.
type patientReader struct {
	io.ReadSeeker
	rc *http.ResponseController
}

func (r patientReader) Read(into []byte) (int, error) {
	_ = r.rc.SetWriteDeadline(time.Now().Add(pieceLimit))
	return r.ReadSeeker.Read(into)
}
