package cmd

import (
	"net/http"
	"runtime"
)

// roomy gives the goroutine of a connection the stack that it is going to need before
// there is much on it. It begins with 2 KiB and outgrows them twice; the second time,
// deep in a handler, all that is there would have to be moved.
type roomy struct{ http.Handler }

func (h roomy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	makeRoom()
	h.Handler.ServeHTTP(w, r)
}

// makeRoom needs so much stack that it grows to 8 KiB, which a handshake has enough with.
//
//go:noinline
func makeRoom() {
	var room [3 << 10]byte
	runtime.KeepAlive(&room)
}
