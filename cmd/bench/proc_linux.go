package bench

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// usage is what a process has used so far.
type usage struct {
	user, system time.Duration
}

func (u usage) cpu() time.Duration { return u.user + u.system }

func (u usage) since(before usage) usage {
	return usage{u.user - before.user, u.system - before.system}
}

// tick is the unit of /proc/PID/stat, on every machine that Go runs on.
const tick = 10 * time.Millisecond

func usageOf(pid int) (usage, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, err
	}
	return parseStat(text)
}

// parseStat reads a line of /proc/PID/stat. The command's name may have spaces and
// brackets in it: fields are counted from the last bracket on.
func parseStat(text []byte) (usage, error) {
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 13 {
		return usage{}, fmt.Errorf("/proc tells of no CPU time: %q", text)
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err1 != nil || err2 != nil {
		return usage{}, fmt.Errorf("/proc tells of no CPU time: %q", text)
	}
	return usage{time.Duration(user) * tick, time.Duration(system) * tick}, nil
}

// rssOf is the memory that a process has in use, in KiB.
func rssOf(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	if fields := strings.Fields(rest); len(fields) > 0 {
		return strconv.ParseFloat(fields[0], 64)
	}
	return 0, fmt.Errorf("/proc tells of no memory of process %d", pid)
}

// loadAverage is that of the last minute.
func loadAverage() float64 {
	text, _ := os.ReadFile("/proc/loadavg")
	word, _, _ := strings.Cut(string(text), " ")
	load, _ := strconv.ParseFloat(word, 64)
	return load
}

func kernel() string {
	text, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return strings.TrimSpace(string(text))
}

// spareFiles are descriptors for what is no socket: the database, logs, publishers.
const spareFiles = 200

// raiseFiles allows this process and those it starts as many descriptors as the
// machine does.
func raiseFiles(sockets int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("the limit of open files can't be raised: %w", err)
	}
	if uint64(sockets+spareFiles) > limit.Max {
		room := max(int64(limit.Max)-spareFiles, 0)
		return fmt.Errorf("%d sockets need more open files than the %d that a process may have here: raise the limit (ulimit -Hn), or ask for fewer with --scale %.2g or --stages",
			sockets, limit.Max, float64(room*100/int64(sockets))/100)
	}
	return nil
}
