package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// User is who a socket belongs to.
type User struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	Role     string `json:"role"`
}

// Identity is what the door found out about a request.
type Identity struct {
	User    User
	Session int64
	Expires time.Time // when the token does
}

// Counts are a user's badge figures, absolute.
type Counts struct {
	Unread int64
	Unseen int64
}

// Event is one entry of a user's log.
type Event struct {
	User    int64
	Seq     int64
	Time    time.Time
	Name    string
	Counts  *Counts         // nil when the event left them as they were
	Message json.RawMessage // shared by all receivers, never changed
}

// Head is where a user's log stands.
type Head struct {
	User    int64
	Head    int64 // the newest seq
	Trimmed int64 // the newest seq that is gone
}

// Errors of a [Log].
var (
	ErrTrimmed = errors.New("realtime: the log does not reach back that far")
	ErrNoUser  = errors.New("realtime: no such user")
)

// Log is the store as the wire sees it. All methods may be called at once from
// many goroutines.
type Log interface {
	// Epoch names the life of the database that the seqs belong to.
	Epoch() string
	// Head is where the user's log stands, with all that everyone was sent.
	Head(ctx context.Context, user int64) (Head, error)
	// Heads is the same for many; a user that is gone is left out.
	Heads(ctx context.Context, users []int64) ([]Head, error)
	// TakeOver brings what everyone was sent into the logs of the users, and has the
	// hub rung for it.
	TakeOver(ctx context.Context, users []int64) error
	// After is the next page: events after a seq, in order, without a gap; empty at
	// the head. ErrTrimmed when the next one is gone.
	After(ctx context.Context, user, seq int64, limit int) ([]Event, error)
	// Delivered notes up to where a device of each user has everything.
	Delivered(ctx context.Context, upTo map[int64]int64) error
}

// AppendJSON appends the event's frame as JSON text.
func (e *Event) AppendJSON(dst []byte) []byte {
	dst = e.appendHead(dst)
	dst = append(dst, e.Message...)
	return append(dst, '}')
}

// appendHead appends all that comes before the message: what differs from one
// receiver to the next is here.
func (e *Event) appendHead(dst []byte) []byte {
	dst = append(dst, `{"seq":`...)
	dst = strconv.AppendInt(dst, e.Seq, 10)
	dst = append(dst, `,"time":"`...)
	dst = e.Time.AppendFormat(dst, time.RFC3339Nano)
	dst = append(dst, `","name":"`...)
	dst = append(dst, e.Name...)
	dst = append(dst, '"')
	if e.Counts != nil {
		dst = append(dst, `,"counts":{"unread":`...)
		dst = strconv.AppendInt(dst, e.Counts.Unread, 10)
		dst = append(dst, `,"unseen":`...)
		dst = strconv.AppendInt(dst, e.Counts.Unseen, 10)
		dst = append(dst, '}')
	}
	return append(dst, `,"message":`...)
}

// headSize is room for all of a frame that is not the message.
const headSize = 192

// appendFrame appends the event as a WebSocket frame.
func (e *Event) appendFrame(dst []byte) []byte {
	var head [headSize]byte
	h := e.appendHead(head[:0])
	dst = appendFrameHeader(dst, opText, len(h)+len(e.Message)+1)
	dst = append(dst, h...)
	dst = append(dst, e.Message...)
	return append(dst, '}')
}
