package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// answer is what a command leads to: the frame as JSON without what is not asked
// for, "" for none.
func (c *client) answer() string {
	c.t.Helper()
	c.say(`{"name":"ping","id":"end"}`)
	_, text, err := c.ReadMessage()
	if err != nil {
		c.t.Fatal(err)
	}
	if string(text) == `{"name":"reply","id":"end","message":{}}` {
		return ""
	}
	if f := c.expect("reply"); string(f.ID) != `"end"` {
		c.t.Fatalf("more than one answer: %s %s", f.ID, f.Message)
	}
	var f struct {
		Name    string
		ID      json.RawMessage
		Message json.RawMessage
	}
	if err := json.Unmarshal(text, &f); err != nil {
		c.t.Fatalf("%s: %v", text, err)
	}
	if f.Name == "error" {
		var m struct{ Code, Detail string }
		if err := json.Unmarshal(f.Message, &m); err != nil || m.Detail == "" {
			c.t.Errorf("an error without a detail: %s", f.Message)
		}
		return strings.TrimSpace(fmt.Sprintf("error %s %s", m.Code, f.ID))
	}
	return string(text)
}

func TestCommands(t *testing.T) {
	const odd = `{ "b" : 1e400, "a":[1.0, -0, "\u00e9\/<&>", null ] , "a":{}, "n":12345678901234567890.10 }`
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	for _, c := range []struct{ say, want string }{
		{`{"name":"ping","id":"a"}`, `{"name":"reply","id":"a","message":{}}`},
		{`{"name":"ping","id":1}`, `{"name":"reply","id":1,"message":{}}`},
		{`{"name":"ping","id":-1.5e3}`, `{"name":"reply","id":-1.5e3,"message":{}}`},
		{`{"name":"ping","id":""}`, `{"name":"reply","id":"","message":{}}`},
		{`{"name":"ping","id":0}`, `{"name":"reply","id":0,"message":{}}`},
		{`{"name":"ping"}`, ``},
		{`{"name":"ping","id":null}`, ``},
		{`{"name":"ping","message":{"x":1},"id":2,"more":[]}`, `{"name":"reply","id":2,"message":{}}`},
		{" {\"name\":\"ping\",\"id\":2} \r\n", `{"name":"reply","id":2,"message":{}}`},
		{`{"name":"ping","id":{}}`, `error malformed`},
		{`{"name":"ping","id":[1]}`, `error malformed`},
		{`{"name":"ping","id":true}`, `error malformed`},
		{`{"name":"ping","id":"` + strings.Repeat("x", 254) + `"}`, `{"name":"reply","id":"` + strings.Repeat("x", 254) + `","message":{}}`},
		{`{"name":"ping","id":"` + strings.Repeat("x", 255) + `"}`, `error malformed`},

		{`{"name":"echo","id":1,"message":` + odd + `}`, `{"name":"reply","id":1,"message":` + odd + `}`},
		{`{"name":"echo","id":1,"message":"x"}`, `{"name":"reply","id":1,"message":"x"}`},
		{`{"name":"echo","id":1,"message":null}`, `{"name":"reply","id":1,"message":null}`},
		{`{"name":"echo","id":1}`, `{"name":"reply","id":1,"message":null}`},
		{`{"name":"echo","id":1,"message":` + deep + `}`, `{"name":"reply","id":1,"message":` + deep + `}`},
		{`{"name":"echo","message":[ 1 ]}`, `{"name":"reply","message":[ 1 ]}`},

		{`{"name":"jump","id":"j"}`, `error unknown_command "j"`},
		{`{"name":"jump"}`, `error unknown_command`},
		{`{"name":"","id":1}`, `error unknown_command 1`},
		{`{"id":1}`, `error unknown_command 1`},
		{`{}`, `error unknown_command`},
		{`{"name":"welcome","id":1}`, `error unknown_command 1`},

		{`{"name":"ack","id":1,"message":{"seq":3}}`, ``},
		{`{"name":"ack","message":{"seq":0}}`, ``},
		{`{"name":"ack","id":1,"message":{"seq":6}}`, `error validation_failed 1`}, // ahead
		{`{"name":"ack","id":1,"message":{"seq":-1}}`, `error validation_failed 1`},
		{`{"name":"ack","id":1,"message":{"seq":"3"}}`, `error validation_failed 1`},
		{`{"name":"ack","id":1,"message":{"seq":3.5}}`, `error validation_failed 1`},
		{`{"name":"ack","id":1,"message":{"seq":9223372036854775808}}`, `error validation_failed 1`},
		{`{"name":"ack","id":1,"message":{"seq":123456789012345678901234567890}}`, `error validation_failed 1`},
		{`{"name":"ack","id":1,"message":{"seq":null}}`, `error validation_failed 1`},
		{`{"name":"ack","id":1,"message":{}}`, `error validation_failed 1`},
		{`{"name":"ack","id":1,"message":[3]}`, `error validation_failed 1`},
		{`{"name":"ack","id":1}`, `error validation_failed 1`},
		{`{"name":"ack"}`, `error validation_failed`},

		{`not json`, `error malformed`},
		{``, `error malformed`},
		{`{`, `error malformed`},
		{`{"name":"ping","id":1} {}`, `error malformed`},
		{`[{"name":"ping","id":1}]`, `error malformed`},
		{`"ping"`, `error malformed`},
		{`1`, `error malformed`},
		{`null`, `error malformed`},
		{` null`, `error malformed`},
		{`{"name":1,"id":1}`, `error malformed`},
		{`{"name":"ping","id":01}`, `error malformed`},
		{"{\"name\":\"echo\",\"id\":1,\"message\":\"\x00\"}", `error malformed`},
	} {
		name := c.say
		if len(name) > 60 {
			name = name[:60]
		}
		t.Run(name, func(t *testing.T) {
			f := start(t, Options{})
			f.log.addMany(1, 5)
			s := f.live("")
			s.say(c.say)
			if got := s.answer(); got != c.want {
				t.Errorf("answered %.200s, want %.200s", got, c.want)
			}
		})
	}
}

func TestAcksAreStored(t *testing.T) {
	f := start(t, Options{SweepEvery: time.Hour})
	f.log.addMany(1, 5)
	a, b := f.live(""), f.live("")
	a.say(`{"name":"ack","message":{"seq":4}}`)
	a.settle()
	b.say(`{"name":"ack","message":{"seq":2}}`) // another device is behind
	b.settle()
	f.log.setFail(errors.New("the disk is gone"))
	f.flushAcks(t.Context())
	if got := f.log.ackedBy(1); got != 0 {
		t.Fatal("acked", got)
	}
	a.say(`{"name":"ack","message":{"seq":5}}`)
	a.settle()
	f.log.setFail(nil)
	f.flushAcks(t.Context()) // what could not be stored was kept
	if got := f.log.ackedBy(1); got != 5 {
		t.Error("acked", got)
	}
	f.Ring([]Event{f.log.add(1, "card.created")})
	a.expectSeqs(6, 6)
	a.say(`{"name":"ack","message":{"seq":6}}`) // what was just delivered is not ahead
	a.settle()
	a.Close()
	b.Close()
	f.Shutdown(t.Context())
	if got := f.log.ackedBy(1); got != 6 {
		t.Error("acked at the end", got)
	}
}

// The largest frame is echoed too.
func TestEchoOfTheLargestFrame(t *testing.T) {
	const before, after = `{"name":"echo","id":1,"message":"`, `"}`
	f := start(t, Options{})
	c := f.live("")
	message := strings.Repeat("x", maxFrame-len(before)-len(after))
	c.say(before + message + after)
	if got := c.expect("reply"); string(got.Message) != `"`+message+`"` {
		t.Errorf("%d bytes came back", len(got.Message))
	}
	c.settle()
}

func TestRefresh(t *testing.T) {
	now := newClock()
	ended := false
	f := start(t, Options{Now: now.Now, PingEvery: time.Hour, Authenticate: func(_ context.Context, token string) (Identity, error) {
		who := Identity{User: User{ID: 1}, Session: 70, Expires: now.Now().Add(2 * time.Hour)}
		switch {
		case token == "good" || token == "ends" && !ended:
			ended = token == "ends"
			return who, nil
		case token == "foreign":
			who.User.ID = 2
			return who, nil
		}
		return Identity{}, errors.New("no such token")
	}})
	c := f.live("expires=60")
	for say, want := range map[string]string{
		`{"name":"refresh","id":1,"message":{"token":"bad"}}`:     `error invalid_token 1`,
		`{"name":"refresh","id":1,"message":{"token":"foreign"}}`: `error invalid_token 1`,
		`{"name":"refresh","id":1,"message":{"token":""}}`:        `error validation_failed 1`,
		`{"name":"refresh","id":1,"message":{"token":5}}`:         `error validation_failed 1`,
		`{"name":"refresh","id":1}`:                               `error validation_failed 1`,
	} {
		c.say(say)
		if got := c.answer(); got != want {
			t.Errorf("%s: %s, want %s", say, got, want)
		}
	}
	c.say(`{"name":"refresh","id":1,"message":{"token":"good"}}`)
	if got := c.answer(); got != `{"name":"reply","id":1,"message":{"expires_at":"`+now.Now().Add(2*time.Hour).UTC().Format(time.RFC3339)+`"}}` {
		t.Error(got)
	}
	f.beat(now.add(61 * time.Second)) // the first token has expired
	c.answer()
	f.CloseSession(7) // the session it came with
	c.answer()
	c.say(`{"name":"refresh","id":1,"message":{"token":"ends"}}`) // ended while it was looked at
	if code := c.closed(); code != CloseExpired {
		t.Errorf("closed with %d", code)
	}
	other := f.live("")
	f.CloseSession(70)
	other.settle()
}

func TestRefreshWithoutAuthenticate(t *testing.T) {
	c := start(t, Options{}).live("")
	c.say(`{"name":"refresh","id":1,"message":{"token":"good"}}`)
	if got := c.answer(); got != `error validation_failed 1` {
		t.Error(got)
	}
}

func TestTooManyMalformed(t *testing.T) {
	f := start(t, Options{})
	c := f.live("")
	for range maxMalformed {
		c.say("nonsense")
		if e := c.expect("error"); !strings.Contains(string(e.Message), "malformed") {
			t.Fatalf("%s", e.Message)
		}
		c.settle() // what is fine in between does not matter
	}
	c.say("nonsense")
	code, last := c.farewell()
	if code != CloseProtocol || last == nil || last.Reconnect {
		t.Error(code, last)
	}
}

func TestTooManyMessages(t *testing.T) {
	for name, say := range map[string]func(*client){
		"commands": func(c *client) { c.say(`{"name":"ping"}`) },
		"nonsense": func(c *client) { c.say(`{"name":"x"}`) },
		"pings":    func(c *client) { c.WriteControl(websocket.PingMessage, nil, time.Now().Add(patience)) },
		"pongs":    func(c *client) { c.WriteControl(websocket.PongMessage, nil, time.Now().Add(patience)) },
	} {
		t.Run(name, func(t *testing.T) {
			now := newClock() // it stands: nothing is forgiven
			f := start(t, Options{Now: now.Now})
			other := f.live("")
			c := f.live("")
			for range 2*inboundBurst - 1 {
				say(c)
			}
			warnings := 0
			for read := c.reading(); warnings == 0; {
				if f := <-read; f.Name == "error" && strings.Contains(string(f.Message), "rate_limited") {
					warnings++
				}
			}
			say(c)
			eventually(t, "it is closed", func() bool { return len(f.conns(1)) == 1 })
			other.settle()
		})
	}
}

// reading gives what comes, without errors, until the end.
func (c *client) reading() <-chan frame {
	frames := make(chan frame)
	done := make(chan struct{})
	c.t.Cleanup(func() { close(done); c.Close() })
	go func() {
		defer close(frames)
		for {
			_, text, err := c.ReadMessage()
			if err != nil {
				return
			}
			var f frame
			json.Unmarshal(text, &f)
			select {
			case frames <- f:
			case <-done:
				return
			}
		}
	}()
	return frames
}

func TestRateIsForgivenWithTime(t *testing.T) {
	now := newClock()
	f := start(t, Options{Now: now.Now})
	c := f.live("")
	say := func(n int) {
		for range n {
			c.say(`{"name":"ping"}`)
		}
	}
	const settled = 1
	for range 5 {
		say(inboundBurst - settled - 1)
		c.settle() // no warning so far
		now.add(inboundBurst / inboundRate * time.Second)
	}
	c.settle()
	now.add(-time.Hour) // a clock that is set back is nobody's fault
	say(inboundBurst - 2*settled - 1)
	c.settle()
	say(1)
	if e := c.expect("error"); !strings.Contains(string(e.Message), "rate_limited") {
		t.Errorf("%s", e.Message)
	}
	say(inboundBurst) // no second warning
	code, last := c.farewell()
	if code != CloseTooMany || last == nil || !last.Reconnect || last.AfterMS != 5000 {
		t.Error(code, last)
	}
}
