package controllers

import (
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
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
	sum := sha256.Sum256(data)
	stateOf(c).body = sum[:] // a form is another one each time: a repeat is the same file
	ctx, ok := idempotent(c)
	if !ok {
		return
	}
	made, err := a.addMedia(ctx, user, data)
	// It may have come slowly: the answer has its own time.
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(writeLimit))
	if err != nil {
		fail(c, err)
		return
	}
	status := http.StatusOK
	if made.New {
		status = http.StatusCreated
	}
	send(c, status, made.Media)
}

// upload is what came of one.
type upload struct {
	Media models.Media
	New   bool
}

// addMedia keeps a file, once for each Idempotency-Key. The file is named by its contents:
// of a repeat that overtakes the first, or comes after a crash, there is still one.
func (a *API) addMedia(ctx context.Context, user int64, data []byte) (made upload, err error) {
	made, done, err := models.Recall[upload](ctx, a.DB)
	if done || err != nil {
		return made, err
	}
	made.Media, made.New, err = a.DB.AddMedia(ctx, user, data, a.MediaPerUser)
	if _, once := models.KeyOf(ctx); err != nil || !once {
		return made, err
	}
	return models.Do(ctx, a.DB, func(*models.Tx) (upload, error) { return made, nil })
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
	w := &rangeWriter{ResponseWriter: c.Writer}
	http.ServeContent(w, c.Request, "", time.Time{}, patientReader{file, http.NewResponseController(c.Writer)})
	if w.refused {
		fail(c, models.Errorf(codeNoRange, "the file is %d bytes long and has no such part", file.Size))
	}
}

// rangeWriter keeps back what net/http says, as plain text, of a part that is not there.
type rangeWriter struct {
	http.ResponseWriter
	refused bool
}

func (w *rangeWriter) WriteHeader(status int) {
	if w.refused = status == http.StatusRequestedRangeNotSatisfiable; !w.refused {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *rangeWriter) Write(b []byte) (int, error) {
	if w.refused {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
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
