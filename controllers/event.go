package controllers

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"aoki/models"
	"aoki/realtime"
)

// maxWait is how long a poll may be held, in seconds.
const maxWait = 30

// answerLimit is how long writing the answer to a poll that was held may take.
const answerLimit = time.Minute

// eventPage is the answer to a poll of the log.
type eventPage struct {
	Epoch  string            `json:"epoch"`
	Head   int64             `json:"head"`
	Events []json.RawMessage `json:"events"`
	Reset  *realtime.Reset   `json:"reset"`
}

// ListEvents gives the caller's log after a cursor, as a poll or, to who accepts
// it, as a stream.
func (a *API) ListEvents(c *gin.Context) {
	if strings.Contains(c.GetHeader("Accept"), "text/event-stream") {
		a.streamEvents(c)
		return
	}
	cursor, ok := cursorOf(c)
	if !ok {
		return
	}
	cursor.Live = false // a poll without a cursor reads from the beginning
	limit, ok := limitOf(c)
	if !ok {
		return
	}
	wait, _, ok := intQuery(c, "wait", 0, maxWait)
	if !ok {
		return
	}
	user := who(c).UserID
	var grown <-chan struct{}
	if wait > 0 {
		leave, ok := a.enterStream(c, user)
		if !ok {
			return
		}
		defer leave()
		var forget func()
		grown, forget = a.Hub.Watch(user) // before the first look, or what comes after it is missed
		defer forget()
	}
	late := time.NewTimer(time.Duration(wait) * time.Second)
	defer late.Stop()
	for last := wait == 0; ; {
		page, err := a.readEvents(c.Request.Context(), user, cursor, limit)
		if err != nil {
			fail(c, err)
			return
		}
		if last || len(page.Events) > 0 || page.Reset != nil {
			send(c, http.StatusOK, page)
			return
		}
		outlast(c)
		select {
		case <-grown:
		case <-late.C:
			last = true
		case <-a.Stopping:
			last = true
		case <-c.Request.Context().Done():
			return
		}
		limitAnswer(c)
		// Whoever signed out while waiting must not hear another word.
		if !a.stillSignedIn(c.Request.Context(), who(c)) {
			fail(c, models.Errorf(models.SessionEnded, "this session has ended: sign in again"))
			return
		}
	}
}

// readEvents is one page of the log after the cursor, or the reset that says why
// there is none.
func (a *API) readEvents(ctx context.Context, user int64, cursor realtime.Cursor, limit int) (eventPage, error) {
	page := eventPage{Epoch: a.DB.Epoch(), Events: []json.RawMessage{}}
	at, err := a.DB.Head(ctx, user)
	if err != nil {
		return page, err
	}
	head := realtime.Head{User: at.User, Head: at.Head, Trimmed: at.Trimmed}
	page.Head = head.Head
	if page.Reset = cursor.Refuse(page.Epoch, head); page.Reset != nil {
		return page, nil
	}
	entries, err := a.DB.After(ctx, user, cursor.Since, limit)
	switch {
	case models.ErrorCode(err) == codeTrimmed: // by retention, since Head looked
		page.Reset = &realtime.Reset{Epoch: page.Epoch, Head: head.Head, Reason: "trimmed"}
		return page, nil
	case err != nil:
		return page, err
	}
	for _, e := range entries {
		page.Events = append(page.Events, eventJSON(e))
		page.Head = max(page.Head, e.Seq)
	}
	return page, nil
}

// eventJSON is a log entry as a frame of the socket has it.
func eventJSON(e models.Entry) json.RawMessage {
	event := realtime.Event{User: e.User, Seq: e.Seq, Time: e.Time, Name: e.Name, Message: e.Message}
	if e.Counts != nil {
		event.Counts = &realtime.Counts{Unread: e.Counts.Unread, Unseen: e.Counts.Unseen}
	}
	return event.AppendJSON(nil)
}

// cursorOf reads ?since= and ?epoch=; without since the cursor is live. A since
// that is no number of an event is answered 400, and so is either of them given
// twice: whichever was taken could be the wrong one.
func cursorOf(c *gin.Context) (realtime.Cursor, bool) {
	query, err := url.ParseQuery(c.Request.URL.RawQuery)
	since, epoch := query["since"], query["epoch"]
	cursor := realtime.Cursor{Live: true, Epoch: query.Get("epoch")}
	switch {
	case err != nil: // what can't be read is left out, and a cursor that is left out loses events
		fail(c, malformed("query", "is not well-formed"))
		return cursor, false
	case len(epoch) > 1:
		fail(c, malformed("epoch", "must be given once"))
		return cursor, false
	case len(since) > 1:
		fail(c, malformed("since", "must be given once"))
		return cursor, false
	case len(since) == 0:
		return cursor, true
	}
	n, ok := parseSeq(since[0])
	if !ok {
		fail(c, malformed("since", "must be the number of an event, or 0 for before the first"))
		return cursor, false
	}
	cursor.Live, cursor.Since = false, n
	return cursor, true
}

// parseSeq reads an event's number, or 0 for before the first.
func parseSeq(s string) (int64, bool) {
	if s == "0" {
		return 0, true
	}
	return parseID(s)
}

// enterStream counts one who waits for a user's log, unless they are too many.
func (a *API) enterStream(c *gin.Context, user int64) (leave func(), ok bool) {
	if leave, ok = a.waiting.enter(user); !ok {
		fail(c, &models.Error{Code: codeRateLimited, Message: "too many streams of one user", RetryAfter: 5 * time.Second})
	}
	return leave, ok
}

// stillSignedIn reports whether a caller's session is alive, by now.
func (a *API) stillSignedIn(ctx context.Context, who Caller) bool {
	_, err := a.Accounts.Authenticate(ctx, who.UserID, who.SessionID)
	return models.ErrorCode(err) != models.SessionEnded
}

// outlast takes the server's time limits off a request that is meant to last.
func outlast(c *gin.Context) {
	rc := http.NewResponseController(c.Writer)
	_ = rc.SetReadDeadline(time.Time{})
	_ = rc.SetWriteDeadline(time.Time{})
}

// limitAnswer is the end of what outlast began: whoever reads nothing of the answer
// would else keep it for ever.
func limitAnswer(c *gin.Context) {
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(answerLimit))
}
