package realtime

import (
	"encoding/json"
	"fmt"
	"time"
)

// Frame is what a client got: one event with the text it came as.
type Frame struct {
	Name    string          `json:"name"`
	Message json.RawMessage `json:"message"`
	ID      json.RawMessage `json:"id"`
	Seq     int64           `json:"seq"`
	Time    time.Time       `json:"time"`
	Room    string          `json:"room"`
	Offset  int64           `json:"offset"`
	Counts  *struct {
		Unread int64 `json:"unread"`
		Unseen int64 `json:"unseen"`
	} `json:"counts"`
	Raw []byte `json:"-"`
}

// take looks at one frame and hands it on. Only the log moves the position:
// what was there already is dropped, and a gap ends the connection, so that the
// next one asks for what is missing.
func (s *link) take(data []byte) error {
	c := s.client
	var f Frame
	if err := json.Unmarshal(data, &f); err != nil {
		return fmt.Errorf("the server sent what is not a frame: %w", err)
	}
	f.Raw = data
	next := c.position
	switch {
	case f.Seq > 0:
		if c.position == nil || f.Seq <= c.position.Seq {
			return nil
		}
		if f.Seq != c.position.Seq+1 {
			return fmt.Errorf("event %d came after %d: asking again", f.Seq, c.position.Seq)
		}
		s.stale = false
		next = &Position{c.position.Epoch, f.Seq}
	case f.Name == "welcome":
		var m Welcome
		if err := json.Unmarshal(f.Message, &m); err != nil {
			return fmt.Errorf("the server's welcome can't be read: %w", err)
		}
		s.silence = time.Duration(m.PingSeconds)*time.Second + watchdogGrace
		s.expire(m.ExpiresAt)
		if c.live = c.position == nil; c.live {
			next = &Position{m.Epoch, m.Head}
		} else if c.position.Epoch == "" {
			next = &Position{m.Epoch, c.position.Seq}
		}
	case f.Name == "reset":
		var m Reset
		if err := json.Unmarshal(f.Message, &m); err != nil {
			return fmt.Errorf("the server's reset can't be read: %w", err)
		}
		c.live, next = true, &Position{m.Epoch, m.Head}
	case f.Name == "ready" || f.Name == "ping":
		if err := s.compare(&f, &next); err != nil {
			return err
		}
	case f.Name == "bye":
		s.bye = &farewell{Reconnect: true}
		_ = json.Unmarshal(f.Message, s.bye)
	case f.Name == "reply" && string(f.ID) == refreshID:
		var m struct {
			ExpiresAt time.Time `json:"expires_at"`
		}
		_ = json.Unmarshal(f.Message, &m)
		s.expire(m.ExpiresAt)
		return nil
	}
	if err := c.o.Handle(f); err != nil {
		return permanent{err}
	}
	if next == c.position {
		return nil
	}
	c.position = next
	if err := c.o.Moved(*next); err != nil {
		return permanent{err}
	}
	return nil
}

// compare holds our position against the server's word of it. A ready after a
// live start or a reset tells where the log is taken up; any other that is ahead
// of us means that events are missing. A ping's head may run ahead for a moment.
func (s *link) compare(f *Frame, next **Position) error {
	var m struct{ Seq, Head int64 }
	if err := json.Unmarshal(f.Message, &m); err != nil || s.client.position == nil {
		return fmt.Errorf("the server's %s came out of turn", f.Name)
	}
	at := s.client.position
	switch {
	case f.Name == "ready" && s.client.live:
		s.client.live = false
		*next = &Position{at.Epoch, m.Seq}
	case f.Name == "ready" && m.Seq > at.Seq, f.Name == "ping" && m.Head > at.Seq && s.stale:
		return fmt.Errorf("the server is at %d and we are at %d: asking again", max(m.Seq, m.Head), at.Seq)
	case f.Name == "ping":
		s.stale = m.Head > at.Seq
	}
	return nil
}
