package prove

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// settleFault is how long a fault's time is taken to last when devices don't come
// back earlier.
const settleFault = 30 * time.Second

// volleySize is how many changes are under way when a server is hit.
const volleySize = 24

// do makes one fault. Those of the whole world are waited for, until the devices
// are back; those of single devices go on by themselves.
func (w *world) do(ctx context.Context, s step, running *sync.WaitGroup) error {
	r := rand.New(rand.NewPCG(s.pick, 0))
	w.happened(s)
	switch s.what {
	case kill:
		return w.kill(ctx, s, r, running)
	case term:
		return w.term(ctx, s, r, running)
	case pause:
		return w.pause(ctx, s)
	case restore:
		return w.restore(ctx, s)
	case drop:
		for _, i := range r.Perm(len(w.devices))[:s.count] {
			w.devices[i].cut()
		}
	case freeze:
		for _, i := range r.Perm(len(w.devices))[:s.count] {
			w.devices[i].freeze(time.Now().Add(s.lasts))
		}
	case stuck:
		for range s.count {
			user := r.IntN(len(w.accounts))
			running.Go(func() { w.stick(ctx, w.accounts[user], s.lasts) })
		}
	}
	return nil
}

func (w *world) happened(s step) {
	detail := ""
	switch {
	case s.times > 0:
		detail = fmt.Sprintf("%d times", s.times)
	case s.count > 0:
		detail = strconv.Itoa(s.count)
	}
	if s.lasts > 0 {
		detail = strings.TrimSpace(detail + " for " + s.lasts.Round(time.Millisecond).String())
	}
	if s.lose > 0 {
		detail = strings.TrimSpace(fmt.Sprintf("%s, then %g of the doorbells lost", detail, s.lose))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, happening{time.Now(), w.name, string(s.what), detail})
	w.faults[s.what] += max(1, s.times)
}

// kill ends the server without a warning, in the middle of whatever it does.
func (w *world) kill(ctx context.Context, s step, r *rand.Rand, running *sync.WaitGroup) error {
	begun := time.Now()
	var last time.Time
	var spared map[*device]bool
	for range s.times {
		spared = w.disturbed()
		w.volley(ctx, r, running)
		w.server.kill()
		last = time.Now()
		if err := w.server.start(s.lose); err != nil {
			return err
		}
	}
	_ = w.whenAll(ctx, settleFault, func(d *device) bool { return spared[d] || d.backSince(last) })
	w.restarted(begun, s.lose > 0)
	for _, d := range w.devices {
		if spared[d] || ctx.Err() != nil {
			continue
		}
		back, up := d.back()
		if !up || back.Before(last) {
			back = last.Add(settleFault) // it is not back yet: that much it took at least
		}
		w.mu.Lock()
		w.returns = append(w.returns, back.Sub(last))
		w.mu.Unlock()
	}
	return nil
}

// volley asks for many changes at once and returns in the middle of them: what comes
// next then hits the server between a change, its commit, its ring and its answer.
func (w *world) volley(ctx context.Context, r *rand.Rand, running *sync.WaitGroup) {
	for range volleySize {
		own := rand.New(rand.NewPCG(r.Uint64(), 0))
		running.Go(func() {
			if w.gate.enter(ctx) {
				defer w.gate.leave()
				w.change(ctx, own)
			}
		})
	}
	sleepUntil(ctx, time.Now().Add(between(r, 0, 12*time.Millisecond)))
}

// disturbed are the devices that another fault holds, or held a moment ago: how soon
// they are back is not this fault's doing.
func (w *world) disturbed() map[*device]bool {
	held := map[*device]bool{}
	for _, d := range w.devices {
		held[d] = !d.calm()
	}
	return held
}

func (d *device) backSince(at time.Time) bool {
	back, up := d.back()
	return up && !back.Before(at)
}

// term stops the server as an operator would, under load, and starts it again.
func (w *world) term(ctx context.Context, s step, r *rand.Rand, running *sync.WaitGroup) error {
	begun := time.Now()
	spared := w.disturbed()
	w.volley(ctx, r, running)
	if err := w.stop(); err != nil {
		return err
	}
	if err := w.server.start(s.lose); err != nil {
		return err
	}
	_ = w.whenAll(ctx, settleFault, func(d *device) bool { return spared[d] || d.backSince(begun) })
	w.restarted(begun, s.lose > 0)
	return nil
}

// pause holds the server still, as a machine that swaps or sleeps does.
func (w *world) pause(ctx context.Context, s step) error {
	begun := time.Now()
	w.server.signal(syscall.SIGSTOP)
	sleepUntil(ctx, begun.Add(s.lasts))
	w.server.signal(syscall.SIGCONT)
	w.over(begun)
	return nil
}

// restore brings an older database back: a backup is made while all goes on, some
// time later everything so far is checked, and then the backup takes its place.
func (w *world) restore(ctx context.Context, s step) error {
	file := filepath.Join(w.folder, fmt.Sprintf("backup-%d.db", w.life()))
	backup := span{from: time.Now()}
	if err := w.server.run("backup", file); err != nil {
		return err
	}
	backup.to = time.Now()
	sleepUntil(ctx, time.Now().Add(s.lasts))

	begun := time.Now()
	w.gate.shut()
	if err := w.endLife(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	w.server.kill()
	if err := w.server.run("restore", file); err != nil {
		return err
	}
	w.backups = append(w.backups, backup)
	w.lives.Add(1)
	if err := w.server.start(0); err != nil {
		return err
	}
	spared := w.disturbed()
	_ = w.whenAll(ctx, settleFault, func(d *device) bool { return spared[d] || d.backSince(begun) && d.of(w.life()) != nil })
	w.gate.reopen()
	w.restarted(begun, false)
	return nil
}

// over notes the time of a fault.
func (w *world) over(begun time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.windows = append(w.windows, span{begun, time.Now()})
}

// restarted notes the time of a fault that ended with another server. One that
// loses doorbells is a fault until the next.
func (w *world) restarted(begun time.Time, mute bool) {
	w.over(begun)
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.muted.IsZero() {
		w.windows = append(w.windows, span{w.muted, begun})
	}
	w.muted = time.Time{}
	if mute {
		w.muted = begun
	}
}

// stick opens a socket that asks for the whole log and never reads a byte.
func (w *world) stick(ctx context.Context, a *account, lasts time.Duration) {
	token, err := a.bearer(ctx, false)
	if err != nil {
		return
	}
	conn, err := net.DialTimeout("tcp", w.server.address, 5*time.Second)
	if err != nil {
		return
	}
	tcp := conn.(*net.TCPConn)
	_ = tcp.SetReadBuffer(4096)
	_ = tcp.SetLinger(0)
	defer tcp.Close()
	fmt.Fprintf(tcp, "GET /ws?since=0 HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nAuthorization: Bearer %s\r\n\r\n", w.server.address, token)
	sleepUntil(ctx, time.Now().Add(lasts))
}
