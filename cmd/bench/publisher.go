package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

const pushLimit = 30 * time.Second

// publisher is a connection that is kept alive, with requests written by hand: the
// generator shares the machine with what it measures.
type publisher struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
}

func newPublisher(address string) (*publisher, error) {
	conn, err := net.DialTimeout("tcp", address, pushLimit)
	if err != nil {
		return nil, err
	}
	return &publisher{conn: conn, in: bufio.NewReader(conn)}, nil
}

// send sends the request that is in out and waits until it is answered with a 2xx.
func (p *publisher) send() error {
	if err := p.conn.SetDeadline(time.Now().Add(pushLimit)); err != nil {
		return err
	}
	if _, err := p.conn.Write(p.out); err != nil {
		return err
	}
	status, body, err := readAnswer(p.in)
	if err == nil && status/100 != 2 {
		err = fmt.Errorf("a push was answered with %d: %s", status, body)
	}
	return err
}

func (p *publisher) close() { _ = p.conn.Close() }

var errAnswer = errors.New("an answer that is not HTTP as expected")

// readAnswer reads an answer whose length is told, and of its body as much as a
// sentence needs.
func readAnswer(in *bufio.Reader) (status int, body []byte, err error) {
	length := -1
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if first {
			if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
				return 0, nil, errAnswer
			}
			if status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return 0, nil, errAnswer
			}
			continue
		}
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil || length < 0 {
				return 0, nil, errAnswer
			}
		}
	}
	switch {
	case status == 204 || status == 304:
		return status, nil, nil
	case length < 0:
		return 0, nil, errAnswer
	}
	body = make([]byte, min(length, 300))
	if _, err := io.ReadFull(in, body); err != nil {
		return 0, nil, err
	}
	_, err = in.Discard(length - len(body))
	return status, body, err
}
