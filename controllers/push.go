package controllers

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

// maxPushData bounds a push's own object, as JSON.
const maxPushData = 16 << 10

type audienceRequest struct {
	All    *bool    `json:"all"`
	Users  []string `json:"users" validate:"max=10000,dive,required,max=32"`
	Deck   *int64   `json:"deck" validate:"omitempty,min=1"`
	Online *bool    `json:"online"`
}

type pushRequest struct {
	To     *audienceRequest `json:"to" validate:"required"`
	Title  string           `json:"title" validate:"required,max=200"`
	Body   *string          `json:"body" validate:"required,max=4000"`
	Link   string           `json:"link" validate:"max=2000"`
	Data   json.RawMessage  `json:"data"`
	DryRun bool             `json:"dry_run"`
}

type pushPreview struct {
	Audience int64 `json:"audience"`
	Online   int64 `json:"online"`
}

type pushReceipt struct {
	ID    int64  `json:"id"`
	State string `json:"state"`
	pushPreview
}

// CreatePush sends a notification to an audience; dry_run only counts it.
func (a *API) CreatePush(c *gin.Context) {
	var req pushRequest
	if !decode(c, &req) {
		return
	}
	to, err := req.check()
	if err != nil {
		fail(c, err)
		return
	}
	ctx, ok := idempotent(c)
	if !ok {
		return
	}
	// A repeat is answered before the audience is looked up again: it may have
	// changed since, the answer may not.
	if !req.DryRun {
		push, done, err := models.Recall[models.Push](ctx, a.DB)
		if err != nil {
			fail(c, err)
			return
		}
		if done {
			send(c, http.StatusCreated, receipt(push))
			return
		}
	}
	if req.DryRun {
		reach, err := a.DB.Resolve(ctx, to, a.Hub)
		if err != nil {
			fail(c, err)
			return
		}
		send(c, http.StatusOK, pushPreview{reach.Audience, reach.Online})
		return
	}
	push, err := a.DB.SendPush(ctx, who(c).UserID, models.PushInput{To: to, Title: req.Title, Body: *req.Body, Link: req.Link, Data: req.Data}, a.Hub)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusCreated, receipt(push))
}

func receipt(p models.Push) pushReceipt {
	return pushReceipt{p.ID, p.State, pushPreview{p.Audience, p.Online}}
}

// ListPushes gives a page of the pushes, newest first.
func (a *API) ListPushes(c *gin.Context) {
	after, limit, ok := paging(c)
	if !ok {
		return
	}
	var last int64
	if after != "" {
		if last, ok = parseID(after); !ok {
			fail(c, malformed("after", "is no cursor of this list"))
			return
		}
	}
	pushes, err := a.DB.ListPushes(c.Request.Context(), last, limit+1)
	if err != nil {
		fail(c, err)
		return
	}
	next := ""
	if len(pushes) > limit {
		pushes = pushes[:limit]
		next = strconv.FormatInt(pushes[limit-1].ID, 10)
	}
	send(c, http.StatusOK, page(pushes, next))
}

// GetPush gives one push.
func (a *API) GetPush(c *gin.Context) {
	id, ok := idParam(c, "id")
	if !ok {
		return
	}
	push, err := a.DB.GetPush(c.Request.Context(), id)
	if err != nil {
		fail(c, err)
		return
	}
	send(c, http.StatusOK, push)
}

// check holds the rules that tags can't say, and gives the audience.
func (r *pushRequest) check() (models.Audience, error) {
	if strings.TrimSpace(r.Title) == "" {
		return models.Audience{}, models.InvalidField("title", "must not be blank")
	}
	if !safeLink(r.Link) {
		return models.Audience{}, models.InvalidField("link", "must be http(s)://… or a path of this site that begins with one /")
	}
	if bytes.Equal(r.Data, []byte("null")) {
		r.Data = nil
	}
	if len(r.Data) > maxPushData {
		return models.Audience{}, models.InvalidField("data", "must be at most %d bytes of JSON", maxPushData)
	}
	if len(r.Data) > 0 && r.Data[0] != '{' {
		return models.Audience{}, models.InvalidField("data", "must be an object")
	}
	return r.To.audience()
}

func (r *audienceRequest) audience() (models.Audience, error) {
	given := 0
	for _, is := range []bool{r.All != nil, r.Users != nil, r.Deck != nil, r.Online != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return models.Audience{}, models.InvalidField("to", "must be exactly one of all, users, deck and online")
	case r.All != nil && !*r.All:
		return models.Audience{}, models.InvalidField("to.all", "can only be true")
	case r.Online != nil && !*r.Online:
		return models.Audience{}, models.InvalidField("to.online", "can only be true")
	case r.Users != nil && len(r.Users) == 0:
		return models.Audience{}, models.InvalidField("to.users", "must name somebody")
	case r.Deck != nil:
		return models.Audience{Deck: *r.Deck}, nil
	}
	return models.Audience{All: r.All != nil, Online: r.Online != nil, Users: r.Users}, nil
}

// safeLink reports whether following a link can only lead to the web or to a page
// of this site. Browsers take "//host" and "/\host" for other sites.
func safeLink(link string) bool {
	if link == "" {
		return true
	}
	u, err := url.Parse(link)
	if err != nil || strings.ContainsAny(link, "\\ ") {
		return false
	}
	if u.Scheme == "http" || u.Scheme == "https" {
		return u.Host != ""
	}
	return strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "//")
}
