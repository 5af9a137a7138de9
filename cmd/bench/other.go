//go:build !linux

package bench

import (
	"context"
	"errors"
	"io"
)

var errLinux = errors.New("aoki bench needs Linux: its load generator is an epoll loop, and CPU and memory are read from /proc")

// Run says that it can't.
func Run(context.Context, Options) (*Report, error) { return nil, errLinux }

// ServeBaseline says that it can't.
func ServeBaseline(context.Context, string, func(string) (int64, error), io.Writer) error {
	return errLinux
}

func loadAverage() float64 { return 0 }

func kernel() string { return "" }
