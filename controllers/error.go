package controllers

import (
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// Codes of errors that are about HTTP and that models know nothing of.
const (
	codeMalformed          = "malformed"
	codeUnknownField       = "unknown_field"
	codeTooLarge           = "too_large"
	codeMediaType          = "unsupported_media_type"
	codeUnauthorized       = "unauthorized"
	codeTokenExpired       = "token_expired"
	codeRegistrationClosed = "registration_closed"
	codeMethod             = "method_not_allowed"
	codeUpgrade            = "upgrade_required"
	codeRateLimited        = "rate_limited"
	codeForeignOrigin      = "foreign_origin"
	codeIdempotencyRun     = "idempotency_in_progress"
	codeStopping           = "stopping"
	codeReadOnly           = "read_only"
	codeTrimmed            = "trimmed" // of models.DB.After; never an answer
	codeNoRange            = "range_not_satisfiable"
)

// statusOf is the one table from an error's code to its HTTP status.
func statusOf(code string) int {
	switch code {
	case codeMalformed, codeUnknownField:
		return http.StatusBadRequest
	case codeUnauthorized, codeTokenExpired, models.InvalidCredentials, models.SessionEnded:
		return http.StatusUnauthorized
	case models.Forbidden, codeForeignOrigin, codeRegistrationClosed, models.WrongPassword, models.InvalidSetupToken:
		return http.StatusForbidden
	case models.NotFound:
		return http.StatusNotFound
	case codeMethod:
		return http.StatusMethodNotAllowed
	case models.Conflict, codeIdempotencyRun, models.SetupDone, models.LastAdmin, models.LimitReached, models.Suspended, models.NotLastReview:
		return http.StatusConflict
	case codeTooLarge:
		return http.StatusRequestEntityTooLarge
	case codeMediaType:
		return http.StatusUnsupportedMediaType
	case codeNoRange:
		return http.StatusRequestedRangeNotSatisfiable
	case models.Invalid, models.IdempotencyConflict:
		return http.StatusUnprocessableEntity
	case codeUpgrade:
		return http.StatusUpgradeRequired
	case codeRateLimited, "too_many_sockets":
		return http.StatusTooManyRequests
	case models.Unavailable, models.Canceled, codeStopping, codeReadOnly:
		return http.StatusServiceUnavailable
	case models.StorageFull:
		return http.StatusInsufficientStorage
	}
	return http.StatusInternalServerError
}

// problem is an error as RFC 9457 wants it. The type is always about:blank: what
// tells errors apart is the code, which needs no address to be looked up at.
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Code   string         `json:"code"`
	Fields []models.Field `json:"fields"`
}

// fail answers with an error and stops the request's chain. The cause goes to the
// log (through c.Errors), the code and the sentence to the client; of an error
// that nobody foresaw the client learns nothing but that it happened.
func fail(c *gin.Context, err error) {
	e := models.AsError(err)
	status := statusOf(e.Code)
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: e.Message, Code: e.Code, Fields: e.Fields}
	if status == http.StatusInternalServerError {
		p.Code, p.Detail, p.Fields = models.Internal, "something went wrong on the server", nil
	}
	if p.Fields == nil {
		p.Fields = []models.Field{}
	}
	stateOf(c).code = p.Code
	_ = c.Error(err)
	swallow(c.Request)

	h := c.Writer.Header()
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h.Set("Retry-After", retryAfter(max(e.RetryAfter, time.Second)))
	default:
		if e.RetryAfter > 0 {
			h.Set("Retry-After", retryAfter(e.RetryAfter))
		}
	}
	h["Cache-Control"] = noStore
	c.Abort()
	if answer(c, status, contentProblem, p) != nil {
		c.Status(status)
	}
}

// maxSwallowed is how much of a refused body is read and thrown away.
const maxSwallowed = 128 << 20

// swallow reads what a client is still sending, so that it comes to read the
// answer: closing on unread bytes would reset the connection under it. One that asks
// first (Expect) has sent nothing yet.
func swallow(r *http.Request) {
	if r.Body == nil || r.ContentLength == 0 || r.Header.Get("Expect") != "" {
		return
	}
	_, _ = io.CopyN(io.Discard, r.Body, maxSwallowed)
}

// Outcome is what went wrong with a request, for its line in the log: the code
// that the client was told, "" when all went well, and the cause when it is ours.
func Outcome(c *gin.Context) (code string, cause error) {
	code = stateOf(c).code
	if last := c.Errors.Last(); last != nil && statusOf(code) >= http.StatusInternalServerError {
		cause = last.Err
	}
	return code, cause
}

// Panicked answers a request whose controller panicked.
func Panicked(c *gin.Context) { fail(c, models.Errorf(models.Internal, "a panic")) }

// retryAfter is a wait in whole seconds, rounded up.
func retryAfter(d time.Duration) string {
	return strconv.Itoa(int(math.Ceil(d.Seconds())))
}

// NoRoute answers what is no path of the API.
func NoRoute(c *gin.Context) {
	fail(c, models.Errorf(models.NotFound, "there is no such path here"))
}

// NoMethod answers a method that the path does not know; Allow is set already.
func NoMethod(c *gin.Context) {
	fail(c, models.Errorf(codeMethod, "this path does not know the method %s", c.Request.Method))
}

// ForeignOrigin answers a changing request that a page of another site made.
func ForeignOrigin(c *gin.Context) {
	fail(c, models.Errorf(codeForeignOrigin, "pages of other sites may not do this"))
}
