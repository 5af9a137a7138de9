package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"time"
)

// command is what a client sends.
type command struct {
	Name    string          `json:"name"`
	ID      json.RawMessage `json:"id"`
	Message json.RawMessage `json:"message"`
}

// command does what one text message says. Its error ends the socket.
func (c *conn) command(text []byte) error {
	var cmd command
	if !parse(text, &cmd) {
		c.inbound.malformed++
		if c.inbound.malformed > maxMalformed {
			c.closeWith(CloseProtocol, 0)
			return errHandled
		}
		c.fail(nil, "malformed", "a frame is one JSON object with a name, and an id that is a string or a number")
		return nil
	}
	switch cmd.Name {
	case "ack":
		c.ack(cmd)
	case "echo":
		c.echo(cmd)
	case "ping":
		c.reply(cmd.ID, struct{}{})
	case "refresh":
		c.refresh(cmd)
	default:
		c.fail(cmd.ID, "unknown_command", "there is no such command")
	}
	return nil
}

// parse reads a command; the id, where there is one, is a string or a number.
func parse(text []byte, cmd *command) bool {
	if json.Unmarshal(text, cmd) != nil || bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("null")) {
		return false
	}
	if len(cmd.ID) == 0 || string(cmd.ID) == "null" {
		cmd.ID = nil
		return true
	}
	switch b := cmd.ID[0]; {
	case len(cmd.ID) > 256:
		return false
	default:
		return b == '"' || b == '-' || '0' <= b && b <= '9'
	}
}

func (c *conn) ack(cmd command) {
	var m struct {
		Seq *int64 `json:"seq"`
	}
	if json.Unmarshal(cmd.Message, &m) != nil || m.Seq == nil || *m.Seq < 0 {
		c.fail(cmd.ID, "validation_failed", "ack takes {\"seq\": a whole number}")
		return
	}
	c.mu.Lock()
	head := c.head
	c.mu.Unlock()
	if *m.Seq > head {
		c.fail(cmd.ID, "validation_failed", "that seq is ahead of the log")
		return
	}
	c.hub.ack(c.user.ID, *m.Seq)
}

// echo gives the message back byte for byte, so it is not encoded anew. The answer
// to the largest frame is one byte over it: "reply" is longer than "echo".
func (c *conn) echo(cmd command) {
	if cmd.Message == nil {
		cmd.Message = json.RawMessage("null")
	}
	text := []byte(`{"name":"reply"`)
	if cmd.ID != nil {
		text = append(append(text, `,"id":`...), cmd.ID...)
	}
	text = append(append(append(text, `,"message":`...), cmd.Message...), '}')
	c.send(appendFrame(nil, opText, text))
}

// refresh prolongs a program's socket with a newer token of the same user.
func (c *conn) refresh(cmd command) {
	var m struct {
		Token string `json:"token"`
	}
	if json.Unmarshal(cmd.Message, &m) != nil || m.Token == "" || c.hub.o.Authenticate == nil {
		c.fail(cmd.ID, "validation_failed", "refresh takes {\"token\": a JWT}")
		return
	}
	ctx, cancel := context.WithTimeout(c.hub.ctx, c.hub.o.WriteLimit)
	defer cancel()
	who, err := c.hub.o.Authenticate(ctx, m.Token)
	if err != nil || who.User.ID != c.user.ID {
		c.fail(cmd.ID, "invalid_token", "that token is not valid for this user")
		return
	}
	c.session.Store(who.Session)
	c.expires.Store(who.Expires.Unix())
	// A session that ended between the two has not found this socket.
	if _, err := c.hub.o.Authenticate(ctx, m.Token); err != nil {
		c.closeWith(CloseExpired, 0)
		return
	}
	c.reply(cmd.ID, map[string]time.Time{"expires_at": who.Expires.UTC()})
}
