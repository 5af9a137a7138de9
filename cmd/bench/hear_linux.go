package bench

import (
	"bytes"
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// drain reads what there is: the loop is edge-triggered.
func (c *crowd) drain(cl *client) {
	for cl.state != away {
		n, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(cl.fd), uintptr(unsafe.Pointer(&c.read[0])), uintptr(len(c.read)))
		switch {
		case errno == unix.EAGAIN:
			return
		case errno == unix.EINTR:
			continue
		case errno != 0:
			c.end(cl, errno.Error())
			return
		case n == 0:
			c.end(cl, "the server closed it")
			return
		}
		c.heard(cl, c.read[:n])
		if int(n) < len(c.read) {
			return
		}
	}
}

// heard takes what was read: whole frames where they lie, and keeps the rest.
func (c *crowd) heard(cl *client, b []byte) {
	if len(cl.rest) > 0 {
		c.joined = append(append(c.joined[:0], cl.rest...), b...)
		b, cl.rest = c.joined, nil
	}
	if cl.state == shaking {
		end := bytes.Index(b, []byte("\r\n\r\n"))
		if end < 0 {
			cl.rest = bytes.Clone(b)
			return
		}
		if !bytes.HasPrefix(b, []byte("HTTP/1.1 101")) {
			c.end(cl, "it answered the handshake with "+firstLine(b))
			return
		}
		b = b[end+4:]
		if cl.state = replaying; !c.waits {
			c.ready(cl)
		}
	}
	now := int64(0)
	for len(b) > 0 && cl.state != away {
		f, size, err := nextFrame(b)
		if err != nil {
			c.end(cl, err.Error())
			return
		}
		if size == 0 {
			cl.rest = bytes.Clone(b)
			return
		}
		b = b[size:]
		if now == 0 {
			now = time.Now().UnixNano()
		}
		c.frame(cl, f, now)
	}
}

func (c *crowd) frame(cl *client, f frame, now int64) {
	switch f.op {
	case opPing:
		_, _ = unix.Write(int(cl.fd), appendMasked(nil, opPong, f.payload))
	case opClose:
		c.end(cl, fmt.Sprintf("the server said goodbye: %q", f.payload[min(2, len(f.payload)):]))
	case opText, opContinued:
		if !f.final || len(cl.part) > 0 {
			cl.part = append(cl.part, f.payload...)
			if !f.final {
				return
			}
			f.payload, cl.part = cl.part, nil
		}
		c.text(cl, f.payload, now)
	}
}

var (
	readyWord = []byte(`"name":"ready"`)
	resetWord = []byte(`{"name":"reset"`)
)

func (c *crowd) text(cl *client, text []byte, now int64) {
	if seq := seqOf(text); seq > 0 {
		if cl.seq >= 0 && seq != cl.seq+1 {
			c.gaps++
		}
		cl.seq = seq
	} else if bytes.HasPrefix(text, resetWord) {
		c.gaps++
	} else if cl.state == replaying && bytes.Contains(text, readyWord) {
		c.ready(cl)
	}
	eachStamp(text, func(due int64) {
		c.received++
		c.latency.add(now - due)
	})
}

func firstLine(b []byte) string {
	line, _, _ := bytes.Cut(b, []byte("\r\n"))
	return string(line[:min(len(line), 100)])
}
