package prove

import "syscall"

// child is how a server is started. An interrupt from the keyboard is for the prover,
// who stops its servers itself; one that is killed takes them along.
func child() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
