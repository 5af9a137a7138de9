package cmd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// longestPassword bounds what is read from standard input; the rule itself is in models.
const longestPassword = 4096

// readPassword reads one line from standard input. On a terminal it asks, and
// does not show what is typed.
func (p *program) readPassword(prompt string) (string, error) {
	if file, ok := p.stdin.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprintf(p.stderr, "%s: ", prompt)
		line, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(p.stderr)
		if err != nil {
			return "", fmt.Errorf("the password can't be read: %w", err)
		}
		return string(line), nil
	}
	line, err := bufio.NewReader(io.LimitReader(p.stdin, longestPassword)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("the password can't be read: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", usagef("no password came from standard input")
	}
	return line, nil
}

// newPassword reads a password that is to be set; on a terminal twice, since
// nobody sees what they type.
func (p *program) newPassword(name string) (string, error) {
	first, err := p.readPassword("New password of " + name)
	if err != nil {
		return "", err
	}
	if file, ok := p.stdin.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		second, err := p.readPassword("The same again")
		if err != nil {
			return "", err
		}
		if first != second {
			return "", usagef("the two passwords differ: nothing was changed")
		}
	}
	return first, nil
}
