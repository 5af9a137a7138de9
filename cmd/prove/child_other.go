//go:build !linux

package prove

import "syscall"

// child is how a server is started. An interrupt from the keyboard is for the prover,
// who stops its servers itself.
func child() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
