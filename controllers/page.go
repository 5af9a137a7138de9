package controllers

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

const (
	defaultLimit = 50
	maxLimit     = 200
	maxCursor    = 512
)

// Page is one page of a list. Next is the cursor of the page behind it, null on
// the last one.
type Page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// page makes a Page; next is "" on the last one.
func page[T any](items []T, next string) Page[T] {
	if items == nil {
		items = []T{}
	}
	p := Page[T]{Items: items}
	if next != "" {
		p.Next = &next
	}
	return p
}

// paging reads ?limit= and ?after=. What after means is the list's own business.
// When ok is false the request has been answered.
func paging(c *gin.Context) (after string, limit int, ok bool) {
	if limit, ok = limitOf(c); !ok {
		return "", 0, false
	}
	after = c.Query("after")
	if len(after) > maxCursor {
		fail(c, malformed("after", "is no cursor of this list"))
		return "", 0, false
	}
	return after, limit, true
}

func limitOf(c *gin.Context) (int, bool) {
	n, given, ok := intQuery(c, "limit", 1, maxLimit)
	if !given {
		n = defaultLimit
	}
	return int(n), ok
}

// intQuery reads a number from the query: what is no number is 400, what is out
// of its range 422.
func intQuery(c *gin.Context, name string, low, high int64) (n int64, given, ok bool) {
	s, given := c.GetQuery(name)
	if !given {
		return 0, false, true
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		fail(c, malformed(name, "must be a whole number"))
		return 0, true, false
	}
	if n < low || n > high {
		fail(c, models.InvalidField(name, "must be %d to %d", low, high))
		return 0, true, false
	}
	return n, true, true
}
