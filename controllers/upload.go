package controllers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
	"aoki/models/sniff"
)

const (
	// maxUploads is how many files may arrive at the same time, each held in memory while
	// it does, and maxUploadsEach how many of one user's. Others wait their turn.
	maxUploads     = 4
	maxUploadsEach = 2
	uploadPatience = 20 * time.Second
	// pieceLimit is how long one piece of a file may take on the wire, and uploadLimit a
	// whole one that arrives.
	pieceLimit  = 30 * time.Second
	uploadLimit = 10 * time.Minute
	pieceSize   = 64 << 10
	// formRoom is what a form may add to its file.
	formRoom = 64 << 10
)

// readUpload reads the file that a request brings, up to what such a file may have.
//
// 413 what is too large, by what is announced if possible; 415 what is no picture or
// sound, and does not say that it is; 422 what says so and is not; 400 what breaks off.
func readUpload(c *gin.Context) ([]byte, error) {
	r := c.Request
	claimed, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	// How long it takes to be stored is no matter of reading.
	defer func() { _ = http.NewResponseController(c.Writer).SetReadDeadline(time.Time{}) }()
	slow := &slowReader{Reader: r.Body, rc: http.NewResponseController(c.Writer), end: time.Now().Add(uploadLimit)}
	switch {
	case claimed == "multipart/form-data":
		if r.ContentLength > models.MaxSound+formRoom {
			return nil, tooLarge(models.MaxSound)
		}
		return readForm(multipart.NewReader(slow, params["boundary"]))
	case isMedia(claimed):
		if r.ContentLength > models.MaxSound {
			return nil, tooLarge(models.MaxSound)
		}
		return readFile(slow, claimed, r.ContentLength)
	}
	return nil, models.Errorf(codeMediaType, "the body must be a picture (image/…) or a sound (audio/…), or a form with one")
}

// isMedia reports whether somebody says that a file is a picture or a sound, or does not
// know what it is.
func isMedia(claimed string) bool {
	return strings.HasPrefix(claimed, "image/") || strings.HasPrefix(claimed, "audio/") || claimed == "application/octet-stream"
}

// readForm reads the one part that a form may have.
func readForm(form *multipart.Reader) ([]byte, error) {
	part, err := form.NextPart()
	if errors.Is(err, io.EOF) {
		return nil, models.InvalidField("file", "is missing")
	}
	if err != nil {
		return nil, brokeOff(err)
	}
	if part.FormName() != "file" {
		return nil, models.InvalidField("file", "must be the only part of the form")
	}
	claimed, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
	data, err := readFile(part, claimed, -1)
	if err != nil {
		return nil, err
	}
	switch _, err := form.NextPart(); {
	case err == nil:
		return nil, models.InvalidField("file", "must be the only part of the form")
	case !errors.Is(err, io.EOF):
		return nil, brokeOff(err)
	}
	return data, nil
}

// readFile reads a file of size bytes, -1 when nobody knows. From its beginning it knows
// how much to take.
func readFile(body io.Reader, claimed string, size int64) ([]byte, error) {
	head := make([]byte, sniff.HeadSize)
	n, err := io.ReadFull(body, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, brokeOff(err)
	}
	head = head[:n]
	if size >= 0 && int64(n) < min(size, sniff.HeadSize) {
		return nil, brokeOff(err)
	}
	if n == 0 {
		return nil, models.InvalidField("file", "is empty")
	}
	kind, known := sniff.Kind(head)
	if !known {
		return nil, unknownFile(claimed)
	}
	most := int64(models.MaxSound)
	if kind.Image() {
		most = models.MaxPicture
	}
	if size > most {
		return nil, tooLarge(most)
	}
	data := bytes.NewBuffer(make([]byte, 0, max(size, pieceSize)+bytes.MinRead))
	data.Write(head)
	if _, err := data.ReadFrom(io.LimitReader(body, most+1-int64(n))); err != nil {
		return nil, brokeOff(err)
	}
	if int64(data.Len()) > most {
		return nil, tooLarge(most)
	}
	if size >= 0 && int64(data.Len()) < size {
		return nil, brokeOff(io.ErrUnexpectedEOF)
	}
	return data.Bytes(), nil
}

// unknownFile is what is wrong with a file that is nothing we know.
func unknownFile(claimed string) error {
	const pictures, sounds = "PNG, JPEG, GIF, WebP or AVIF", "MP3, M4A, AAC, Ogg, WebM, FLAC or WAV"
	switch claimed {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif":
		return models.InvalidField("file", "is no picture: it must be %s", pictures)
	case "audio/mpeg", "audio/mp3", "audio/mp4", "audio/aac", "audio/ogg", "audio/webm", "audio/flac", "audio/wav", "audio/x-wav", "audio/x-m4a":
		return models.InvalidField("file", "is no sound: it must be %s", sounds)
	}
	return models.Errorf(codeMediaType, "such a file can't be kept: pictures must be %s, sounds %s", pictures, sounds)
}

func tooLarge(most int64) error {
	return models.Errorf(codeTooLarge, "the file is over %d MiB", most>>20)
}

func brokeOff(cause error) error {
	return &models.Error{Code: codeMalformed, Message: "the body broke off", Err: cause}
}

// slowReader reads a body that may take longer than the server's limit for a request, as
// long as there is something to read now and then.
type slowReader struct {
	io.Reader
	rc  *http.ResponseController
	end time.Time
}

func (s *slowReader) Read(into []byte) (int, error) {
	by := time.Now().Add(pieceLimit)
	if by.After(s.end) {
		by = s.end
	}
	_ = s.rc.SetReadDeadline(by)
	return s.Reader.Read(into)
}

// refuseAtOnce is fail for a body of which much may still be on its way: who listens while
// sending hears the answer now, and others when they have sent what they wanted, as far
// as they do it in time.
func refuseAtOnce(c *gin.Context, err error) {
	rest := c.Request.Body
	c.Request.Body = http.NoBody
	rc := http.NewResponseController(c.Writer)
	_ = rc.EnableFullDuplex() // else net/http reads on before it answers
	_ = rc.SetWriteDeadline(time.Now().Add(writeLimit))
	c.Header("Connection", "close")
	fail(c, err)
	if rc.Flush() != nil || c.Request.Header.Get("Expect") != "" || c.Request.ContentLength == 0 {
		return
	}
	_ = rc.SetReadDeadline(time.Now().Add(pieceLimit))
	_, _ = io.CopyN(io.Discard, rest, maxSwallowed)
}

// uploads counts the files that arrive. Its zero value is ready.
type uploads struct {
	mu    sync.Mutex
	all   int
	users map[int64]int
	freed chan struct{} // closed when a place becomes free
}

// enter waits for a place.
func (u *uploads) enter(ctx context.Context, user int64) (leave func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, uploadPatience)
	defer cancel()
	for {
		freed := u.tryEnter(user)
		if freed == nil {
			return sync.OnceFunc(func() { u.leave(user) }), nil
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, &models.Error{Code: codeRateLimited, Message: fmt.Sprintf("at most %d files can arrive at the same time: send one after the other", maxUploadsEach), RetryAfter: 2 * time.Second}
		}
	}
}

// tryEnter takes a place, or gives what is closed when it is worth trying again.
func (u *uploads) tryEnter(user int64) <-chan struct{} {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.users == nil {
		u.users, u.freed = map[int64]int{}, make(chan struct{})
	}
	if u.all >= maxUploads || u.users[user] >= maxUploadsEach {
		return u.freed
	}
	u.all++
	u.users[user]++
	return nil
}

func (u *uploads) leave(user int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.all--
	if u.users[user]--; u.users[user] == 0 {
		delete(u.users, user)
	}
	close(u.freed)
	u.freed = make(chan struct{})
}
