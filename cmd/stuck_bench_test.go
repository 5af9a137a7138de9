package cmd

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// BenchmarkPushBesideStuck measures what 200 healthy sockets feel of 200 that have
// stopped reading in the middle of their logs, under 500 pushes a second: in turns
// of 1,000 pushes without and with the stuck ones, every second push for them
// either way. One operation is one push. The figures:
//
//	p50-*, p99-*   from when a push falls due until it is at a healthy socket
//	ratio          the p99 with, of that without (at most 1.5)
//	ratio-median   the same for each two turns that follow each other, the median:
//	               where others use the machine too, this one is to be believed
//	cpu-*-us       the server's processor time for each push, which the machine's
//	               other work does not change
//	rss-*-MB       what the server holds at the end of the first and the last of such
//	               turns
//	stuck          how many sockets were stuck, at least, at the end of such a turn
//	lost           pushes that did not arrive at a healthy socket
//
//	go test -run - -bench PushBesideStuck -benchtime 20000x ./cmd
func BenchmarkPushBesideStuck(b *testing.B) {
	const healthy, stuckUsers, sockets, perSecond, publishers, turn = 200, 10, 20, 500, 16, 1000
	l := newLoad(b, 1+healthy+stuckUsers)
	admin := l.token(1)
	var well, slow []int
	for i := range healthy {
		well = append(well, 2+i)
	}
	for i := range stuckUsers {
		slow = append(slow, 2+healthy+i)
	}
	// More than the kernel takes for a socket: 1 MB each.
	var names []string
	for _, user := range slow {
		names = append(names, fmt.Sprintf(`"u%d"`, user))
	}
	filler := strings.Repeat("x", 15_000)
	for range 1 << 20 / len(filler) {
		l.push(admin, `{"users":[`+strings.Join(names, ",")+`]}`, "filler", fmt.Sprintf(`,"data":{"text":%q}`, filler))
	}
	var arrived, lately [2]delays // without and with
	l.connect(well, func(title string, at time.Time) {
		with, rest, _ := strings.Cut(title, " ")
		nanos, _ := strconv.ParseInt(rest, 10, 64)
		took := at.Sub(time.Unix(0, nanos))
		arrived[int(with[0]-'0')].add(took)
		lately[int(with[0]-'0')].add(took)
	})

	var rss [2][]int
	var cpu, pushes [2]float64
	var ratios []float64
	stuck, sent := healthy, 0
	b.ResetTimer()
	for done, with := 0, 0; done < b.N; with = 1 - with {
		n := min(turn, b.N-done)
		done += n
		var held []net.Conn
		files := l.files()
		if with == 1 {
			held = l.stick(slow, sockets)
		}
		time.Sleep(time.Second) // both kinds of turns begin with quiet
		type push struct {
			due time.Time
			to  int
		}
		due := make(chan push, n)
		var pushed sync.WaitGroup
		for range publishers {
			pushed.Go(func() {
				for p := range due {
					l.push(admin, fmt.Sprintf(`{"users":["u%d"]}`, p.to), fmt.Sprintf("%d %d", with, p.due.UnixNano()))
				}
			})
		}
		spent := l.cpu()
		begin := time.Now()
		for i := range n {
			at := begin.Add(time.Duration(i) * time.Second / perSecond)
			time.Sleep(time.Until(at))
			if i%2 == 0 {
				due <- push{at, well[i/2%healthy]}
				sent++
			} else {
				due <- push{at, slow[i/2%stuckUsers]}
			}
		}
		close(due)
		pushed.Wait()
		for late := time.Now().Add(5 * time.Second); arrived[0].count()+arrived[1].count() < sent && time.Now().Before(late); {
			time.Sleep(time.Millisecond)
		}
		cpu[with] += (l.cpu() - spent).Seconds()
		pushes[with] += float64(n)
		rss[with] = append(rss[with], l.rss())
		if with == 1 {
			stuck = min(stuck, l.files()-files)
			ratios = append(ratios, lately[1].ms(.99)/lately[0].ms(.99))
			lately[0].list, lately[1].list = nil, nil
		}
		for _, conn := range held {
			conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}
	}
	b.StopTimer()
	for with, word := range []string{"without", "with"} {
		b.ReportMetric(arrived[with].ms(.5), "p50-"+word+"-ms")
		b.ReportMetric(arrived[with].ms(.99), "p99-"+word+"-ms")
		b.ReportMetric(cpu[with]/pushes[with]*1e6, "cpu-"+word+"-us")
		if turns := rss[with]; len(turns) > 0 {
			b.ReportMetric(float64(turns[0])/1024, "rss-first-"+word+"-MB")
			b.ReportMetric(float64(turns[len(turns)-1])/1024, "rss-last-"+word+"-MB")
		}
	}
	b.ReportMetric(arrived[1].ms(.99)/arrived[0].ms(.99), "ratio")
	if slices.Sort(ratios); len(ratios) > 0 {
		b.ReportMetric(ratios[len(ratios)/2], "ratio-median")
	}
	b.ReportMetric(float64(stuck), "stuck")
	b.ReportMetric(float64(sent-arrived[0].count()-arrived[1].count()), "lost")
}

// stick opens sockets for each of the users, from the beginning of their logs, and
// reads nothing from them.
func (l *load) stick(users []int, sockets int) (held []net.Conn) {
	site := strings.TrimPrefix(l.url, "http://")
	// Small segments: for the large ones of loopback the kernel takes megabytes.
	dialer := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		raw.Control(func(fd uintptr) {
			err = errors.Join(syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, 1000),
				syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096))
		})
		return err
	}}
	for _, user := range users {
		for range sockets {
			conn, err := dialer.Dial("tcp", site)
			if err != nil {
				l.b.Fatal(err)
			}
			l.b.Cleanup(func() { conn.Close() })
			fmt.Fprintf(conn, "GET /ws?since=0 HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer %s\r\n\r\n", site, l.token(user))
			status := make([]byte, len("HTTP/1.1 101"))
			if _, err := conn.Read(status); err != nil || string(status) != "HTTP/1.1 101" {
				l.b.Fatalf("%q %v", status, err)
			}
			held = append(held, conn)
		}
	}
	return held
}

// files is how many descriptors the server has open.
func (l *load) files() int {
	names, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", l.pid))
	if err != nil {
		l.b.Skip("descriptors can't be counted here: /proc is absent")
	}
	return len(names)
}

// cpu is the processor time that the server has taken, to 10 ms.
func (l *load) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.pid))
	if err != nil {
		l.b.Skip("processor time can't be looked at here: /proc is absent")
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	var sum time.Duration
	for _, ticks := range strings.Fields(rest)[11:13] {
		n, err := strconv.Atoi(ticks)
		if err != nil {
			l.b.Fatal(err)
		}
		sum += time.Duration(n) * 10 * time.Millisecond
	}
	return sum
}

// rss is the memory that the server has in use, in KiB.
func (l *load) rss() int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.pid))
	if err != nil {
		l.b.Skip("memory can't be looked at here: /proc is absent")
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		l.b.Fatal(err)
	}
	return kib
}
