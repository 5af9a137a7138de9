package bench

import (
	"context"
	"fmt"
	"io"
	"net"
)

// ServeBaseline is one of the two baselines, "floor" or "chat", until ctx ends. It
// says on out where it is. verify checks the tokens of the sockets that chat is asked
// for.
func ServeBaseline(ctx context.Context, which string, verify func(token string) (user int64, err error), out io.Writer) error {
	say := func(sockets, pushes string) error {
		_, err := fmt.Fprintf(out, "%s%s %s\n", baselineHead, sockets, pushes)
		return err
	}
	if which == string(Floor) {
		return serveFloor(ctx, say)
	}
	hub := newChat(verify)
	go hub.run(ctx)
	return serveHTTP(ctx, hub, func(address net.Addr) error { return say(address.String(), address.String()) })
}

const baselineHead = "The baseline is at "
