package realtime

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// Close codes of ours. From 4000 a client comes back with its cursor, from 4500
// it does not.
const (
	CloseExpired    = 4001
	CloseNoPong     = 4002
	CloseStopping   = 4003
	CloseTooSlow    = 4004
	CloseTooMany    = 4005
	CloseKicked     = 4006
	CloseSession    = 4501
	CloseDisabled   = 4502
	CloseProtocol   = 4503
	CloseTooSockets = 4504
)

// closeReasons are sentences of at most 123 bytes.
var closeReasons = map[int]string{
	websocket.CloseProtocolError:           "that is not WebSocket",
	websocket.CloseUnsupportedData:         "only text frames are understood",
	websocket.CloseInvalidFramePayloadData: "text must be UTF-8",
	websocket.CloseMessageTooBig:           "a frame is at most 64 KiB",
	CloseExpired:                           "the token has expired",
	CloseNoPong:                            "nothing was heard for too long",
	CloseStopping:                          "the server is stopping",
	CloseTooSlow:                           "one write took too long",
	CloseTooMany:                           "too many messages",
	CloseKicked:                            "disconnected by an admin",
	CloseSession:                           "the session has ended",
	CloseDisabled:                          "the account is disabled or gone",
	CloseProtocol:                          "too many frames that are no commands",
	CloseTooSockets:                        "too many sockets for one user",
}

type bye struct {
	Code      int    `json:"code"`
	Reason    string `json:"reason"`
	Reconnect bool   `json:"reconnect"`
	AfterMS   int64  `json:"after_ms"`
}

const (
	// lingerFor is how long the peer has to answer a close frame.
	lingerFor = 2 * time.Second
	// lingerBytes is what is read and thrown away meanwhile. Closing with bytes
	// unread would reset the connection, and the close frame with it.
	lingerBytes = 1 << 20
)

// closeWith says goodbye with a code: a bye, a close frame, and a bounded wait
// for the peer. Only the first call counts.
func (c *conn) closeWith(code int, after time.Duration) {
	reason := closeReasons[code]
	frames := appendEnvelope(nil, envelope{Name: "bye", Message: bye{
		Code: code, Reason: reason, Reconnect: code >= 4000 && code < 4500, AfterMS: after.Milliseconds(),
	}})
	c.closeAfter(appendClose(frames, code, reason))
}

// closeAfter writes the last frames and lets the connection end.
func (c *conn) closeAfter(frames []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return
	}
	c.closing = true
	if c.draining {
		c.out = append(c.out, frames...)
		return
	}
	c.push(frames)
	if !c.draining {
		c.draining = true // nobody writes from here on
		c.linger()
	}
}

// linger tells the peer that nothing more comes and gives it a moment; the read
// loop then ends. (TLS says so in a record, which may wait: it always comes here
// from a drain, without the lock.)
func (c *conn) linger() {
	if half, ok := c.net.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	c.net.SetReadDeadline(time.Now().Add(lingerFor))
}

// reasonUTF8 is how gorilla says that the reason in a close frame is not UTF-8: it has
// no value to compare with.
const reasonUTF8 = "websocket: invalid utf8 payload in close frame"

// closeCode is how to answer an error of the read loop: a code to close with, or
// 0 when the peer has hung up and nothing is left to say.
func closeCode(err error) (code int, answered bool) {
	var closed *websocket.CloseError
	var network net.Error
	switch {
	case errors.As(err, &closed):
		return closed.Code, true
	case errors.Is(err, errBinary):
		return websocket.CloseUnsupportedData, false
	case errors.Is(err, errUTF8), err.Error() == reasonUTF8:
		return websocket.CloseInvalidFramePayloadData, false
	case errors.Is(err, websocket.ErrReadLimit):
		return websocket.CloseMessageTooBig, false
	case errors.Is(err, errHandled), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.As(err, &network):
		return 0, false
	}
	return websocket.CloseProtocolError, false
}

// end answers what ended the read loop, and gives the connection back.
func (c *conn) end(err error) {
	code, answered := closeCode(err)
	switch {
	case answered && code == websocket.CloseAbnormalClosure, code == 0 && !errors.Is(err, errHandled):
		c.cutOff()
		return
	case answered && code == websocket.CloseNoStatusReceived:
		c.closeAfter(appendClose(nil, 0, ""))
	case answered:
		c.closeAfter(appendClose(nil, code, ""))
	case code != 0:
		c.closeWith(code, 0)
	}
	c.discard()
	c.cutOff()
}

// discard reads what the peer still sends, within bounds of time and size.
func (c *conn) discard() {
	c.net.SetReadDeadline(time.Now().Add(lingerFor))
	io.CopyN(io.Discard, c.net, lingerBytes)
}
