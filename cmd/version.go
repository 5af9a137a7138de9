package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is told by the build (-ldflags "-X aoki/cmd.version=…"); a plain
// `go build` leaves it at this.
var version = "devel"

type versionCmd struct{}

func (versionCmd) Run(p *program) error {
	_, err := fmt.Fprintf(p.stdout, "aoki %s\ncommit %s\n%s %s/%s\n", version, commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// commit is what the binary was built from, as far as the build noted it.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	found := map[string]string{}
	for _, s := range info.Settings {
		found[s.Key] = s.Value
	}
	revision := found["vcs.revision"]
	if revision == "" {
		return "unknown"
	}
	if found["vcs.modified"] == "true" {
		revision += " with changes"
	}
	return revision
}
