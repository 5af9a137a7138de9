// Package cmd is the operator's side: the commands, their configuration, and
// the wiring of everything below. It is the one package that knows all others.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"aoki/models"
)

// Exit codes. A wrong word from the user is 2 and can be mended by reading the
// sentence; 1 means that the words were right and the world was not.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// commands is what can be typed. Each field is one command with its own file.
type commands struct {
	Serve   serveCmd   `cmd:"" default:"withargs" help:"Serve the app (what aoki does when no command is given)."`
	User    userCmd    `cmd:"" help:"Add, list and change users; works while a server is running."`
	Listen  listenCmd  `cmd:"" help:"Print a user's events as they happen, one a line."`
	Push    pushCmd    `cmd:"" help:"Send a notification to one user, several or all."`
	Backup  backupCmd  `cmd:"" help:"Copy the database into a file; works while a server is running."`
	Restore restoreCmd `cmd:"" help:"Put a backup where the database is, which is kept under another name; no server may be running."`
	Prove   proveCmd   `cmd:"" help:"Try to break the promise that nothing acknowledged is lost, doubled or reordered."`
	Bench   benchCmd   `cmd:"" help:"Measure a server with thousands of sockets, beside baselines of the same run."`
	Config  configCmd  `cmd:"" help:"Print every setting with its sentence, default and current value."`
	Version versionCmd `cmd:"" help:"Print version, commit and Go version."`

	// What bench compares with.
	Baseline baselineCmd `cmd:"" name:"bench-baseline" hidden:""`
}

// Run does what args say and returns the exit code. It never calls os.Exit.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{
		stdin: stdin, stdout: stdout, stderr: stderr,
		env: environment(os.Environ()),
		now: func() time.Time { return time.Now().UTC() },
	}
	return p.run(context.Background(), args)
}

// program is one run: what the outside world gave, and nothing of its own.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            map[string]string
	now            func() time.Time
	listening      func(url string) // tests learn the real address here
	sources        map[string]string
}

// ahead is the same program with its clock moved.
func (p *program) ahead(offset time.Duration) *program {
	moved := *p
	moved.now = func() time.Time { return p.now().Add(offset) }
	return &moved
}

// usageError is a mistake in what was typed or configured.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func (u usageError) Unwrap() error { return u.error }

// left is thrown where kong would leave the process (after --help), and caught in run.
type left struct{ code int }

func (p *program) run(ctx context.Context, args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			l, ok := r.(left)
			if !ok {
				panic(r)
			}
			code = l.code
		}
	}()
	err := p.do(ctx, args)
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(p.stderr, "aoki: %s\n", sentence(err))
	var usage usageError
	if errors.As(err, &usage) || models.ErrorCode(err) == models.Invalid {
		return exitUsage
	}
	return exitFailed
}

func (p *program) do(ctx context.Context, args []string) error {
	p.sources = map[string]string{}
	parser, err := kong.New(&commands{},
		kong.Name("aoki"),
		kong.Description("Flashcards that arrive on every device at once."),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(code int) { panic(left{code}) }),
		kong.Resolvers(kong.ResolverFunc(p.resolve)),
		kong.ValueFormatter(formatHelp),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Bind(p),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return usageError{err}
	}
	for _, path := range parsed.Path { // a flag on the command line comes after, and wins over, the environment
		if path.Flag != nil && !path.Resolved {
			p.sources[path.Flag.Name] = "--" + path.Flag.Name
		}
	}
	return parsed.Run()
}

// resolve gives a flag its value from the environment. An empty variable counts
// as unset, as compose files write them.
func (p *program) resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	name := flag.Tag.Get(settingTag)
	value, ok := p.env[name]
	if name == "" || !ok || value == "" {
		return nil, nil
	}
	p.sources[flag.Name] = name
	return value, nil
}

func formatHelp(value *kong.Value) string {
	if name := value.Tag.Get(settingTag); name != "" {
		if value.HasDefault {
			return fmt.Sprintf("%s ($%s, default %s)", value.Help, name, value.Default)
		}
		return fmt.Sprintf("%s ($%s)", value.Help, name)
	}
	return kong.DefaultHelpValueFormatter(value)
}

func environment(list []string) map[string]string {
	env := make(map[string]string, len(list))
	for _, entry := range list {
		if name, value, ok := strings.Cut(entry, "="); ok {
			env[name] = value
		}
	}
	return env
}

// sentence makes one line of an error, whatever a library put into it. Of what
// models refuse, it is the sentence that is meant for people, and the cause.
func sentence(err error) string {
	text := err.Error()
	var refusal *models.Error
	if errors.As(err, &refusal) {
		text = refusal.Message
		if refusal.Err != nil {
			text += ": " + refusal.Err.Error()
		}
	}
	return strings.Join(strings.Fields(text), " ")
}
