// Command aoki is a self-hosted flashcard server with realtime notifications built in.
package main

import (
	"os"

	"aoki/cmd"
)

func main() {
	os.Exit(cmd.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
