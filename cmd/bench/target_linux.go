package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// target is a server that is measured.
type target struct {
	kind      Kind
	proc      *process // nil: not ours
	sockets   unix.SockaddrInet4
	pushes    string // host:port of the HTTP API
	saysReady bool   // a socket is ready when the server says so
	admin     string // a token
	token     func(user int) (string, error)
	one       string // the one user of a server that is not ours; "" otherwise
	folder    string // where signals are answered
}

// setup is a server of the kind that a scene needs.
func (o *Options) setup(ctx context.Context, kind Kind, s scene, folder string) (*target, error) {
	t := &target{kind: kind, token: o.Token, folder: filepath.Join(folder, "asked")}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if kind != Aoki {
		return t, t.startBaseline(ctx, o)
	}
	t.saysReady = true
	if o.URL != "" {
		t.admin, t.one = o.Bearer, o.User
		t.token = func(int) (string, error) { return o.Bearer, nil }
		u, err := url.Parse(o.URL)
		if err != nil {
			return nil, err
		}
		t.pushes = u.Host
		if u.Port() == "" {
			t.pushes = net.JoinHostPort(u.Hostname(), "80")
		}
		return t, t.resolve(t.pushes)
	}
	data := filepath.Join(folder, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	if err := o.Populate(ctx, data, o.users(s), s.events); err != nil {
		return nil, fmt.Errorf("the store can't be filled: %w", err)
	}
	var err error
	if t.admin, err = o.Token(1); err != nil {
		return nil, err
	}
	t.proc, err = launch("Aoki's server", o.Program, []string{"AOKI_SECRET=" + o.Secret},
		"serve", "--listen", o.Listen, "--data", data, "--log-level", "error", "--keep-events", "1000000",
		"--sockets-per-user", strconv.Itoa(o.socketsPerUser(s)), "--test-attend="+t.folder)
	if err != nil {
		return nil, err
	}
	at, err := t.proc.says(ctx, "Aoki is at http://")
	if err != nil {
		t.stop()
		return nil, err
	}
	t.pushes = at
	if err := t.resolve(at); err != nil {
		t.stop()
		return nil, err
	}
	return t, nil
}

func (t *target) startBaseline(ctx context.Context, o *Options) (err error) {
	t.proc, err = launch("the baseline "+string(t.kind), o.Program, []string{"AOKI_SECRET=" + o.Secret}, "bench-baseline", string(t.kind), "--attend="+t.folder)
	if err != nil {
		return err
	}
	at, err := t.proc.says(ctx, baselineHead)
	if err == nil {
		sockets, pushes, _ := strings.Cut(at, " ")
		t.pushes = pushes
		err = t.resolve(sockets)
	}
	if err != nil {
		t.stop()
	}
	return err
}

func (t *target) resolve(address string) error {
	at, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		return fmt.Errorf("%s is no address that can be reached over IPv4: %w", address, err)
	}
	t.sockets.Port = at.Port
	copy(t.sockets.Addr[:], at.IP.To4())
	return nil
}

func (t *target) stop() {
	if t.proc != nil {
		t.proc.stop()
	}
}

// hello is the handshake of a user's socket that has all events up to since.
func (t *target) hello(user int, since int64) ([]byte, error) {
	path, authorization := fmt.Sprintf("/ws?since=%d", since), ""
	switch {
	case t.kind == Floor:
		path = fmt.Sprintf("/ws?u=%d", user)
	case t.kind == Chat:
		path = "/ws"
	case t.one != "": // whose log is not empty
		path = "/ws"
	}
	if t.kind != Floor {
		token, err := t.token(user)
		if err != nil {
			return nil, err
		}
		authorization = "Authorization: Bearer " + token + "\r\n"
	}
	return []byte("GET " + path + " HTTP/1.1\r\nHost: " + t.pushes + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + authorization + "\r\n"), nil
}

// appendPush appends the request of a push for some users. Of the baselines, one user
// or else everyone; of none, everyone.
func (t *target) appendPush(dst []byte, users []int, payload []byte) []byte {
	if t.kind != Aoki {
		path := "/push"
		if len(users) == 1 {
			path = "/push?u=" + strconv.Itoa(users[0])
		}
		dst = fmt.Appendf(dst, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n", path, t.pushes, len(payload))
		return append(dst, payload...)
	}
	to := []byte(`{"all":true}`)
	if len(users) > 0 {
		to = append(to[:0], `{"users":[`...)
		for i, user := range users {
			if i > 0 {
				to = append(to, ',')
			}
			if t.one != "" {
				to = strconv.AppendQuote(to, t.one)
				break
			}
			to = append(to, `"u`...)
			to = append(strconv.AppendInt(to, int64(user), 10), '"')
		}
		to = append(to, `]}`...)
	}
	const before, between, behind = `{"to":`, `,"title":"bench","body":"`, `"}`
	dst = fmt.Appendf(dst, "POST /api/v1/admin/pushes HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		t.pushes, t.admin, len(before)+len(to)+len(between)+len(payload)+len(behind))
	dst = append(append(append(dst, before...), to...), between...)
	return append(append(dst, payload...), behind...)
}

// usage is the CPU time of the server so far; of one that is not ours, none.
func (t *target) usage() (usage, error) {
	if t.proc == nil {
		return usage{}, nil
	}
	return usageOf(t.proc.cmd.Process.Pid)
}

func (t *target) rss() (float64, error) { return rssOf(t.proc.cmd.Process.Pid) }

// collect has the server collect its garbage and give the memory back.
func (t *target) collect(ctx context.Context) (memory, error) {
	file := filepath.Join(t.folder, memoryFile)
	if err := t.proc.ask(ctx, syscall.SIGUSR1, file); err != nil {
		return memory{}, err
	}
	var m memory
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	return m, err
}

// profile begins a profile of the server, and end puts it into a folder, with the
// stage in its name.
func (t *target) profile(ctx context.Context, folder, stage string) (end func() error, err error) {
	if err := t.proc.ask(ctx, syscall.SIGUSR2, filepath.Join(t.folder, startedFile)); err != nil {
		return nil, err
	}
	return func() error {
		if err := t.proc.ask(ctx, syscall.SIGUSR2, filepath.Join(t.folder, cpuFile)); err != nil {
			return err
		}
		return errors.Join(move(filepath.Join(t.folder, cpuFile), filepath.Join(folder, stage+"."+cpuFile)),
			move(filepath.Join(t.folder, heapFile), filepath.Join(folder, stage+"."+heapFile)))
	}, nil
}

// move works from one file system to another too.
func move(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}

// probe finds out whether a server that is not ours is Aoki, and takes the token. It
// gives the user's name.
func probe(ctx context.Context, base, bearer string) (user string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+"/api/v1/me", nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return "", fmt.Errorf("nobody answers at %s: %w", base, err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	var me struct{ Code, Username, Role string }
	if json.Unmarshal(text, &me) != nil || me.Code == "" && me.Username == "" {
		return "", fmt.Errorf("what answers at %s is no Aoki server", base)
	}
	switch {
	case me.Code != "":
		return "", fmt.Errorf("the server at %s refuses the token in AOKI_TOKEN: %s", base, me.Code)
	case me.Role != "admin":
		return "", fmt.Errorf("%s is no admin, and only admins can push", me.Username)
	}
	return me.Username, nil
}
