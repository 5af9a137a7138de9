package cmd

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// result is what one run of the program left behind.
type result struct {
	code           int
	stdout, stderr string
}

// run runs the program in this process with an environment of its own.
func run(t *testing.T, ctx context.Context, env map[string]string, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &program{stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr, env: env, now: time.Now}
	code := p.run(ctx, args)
	return result{code, stdout.String(), stderr.String()}
}

// oneSentence fails the test unless an error was told in one line.
func (r result) oneSentence(t *testing.T, code int, parts ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d", r.code, code)
	}
	if strings.Count(r.stderr, "\n") != 1 || !strings.HasPrefix(r.stderr, "aoki: ") {
		t.Errorf("want one line, got %q", r.stderr)
	}
	for _, part := range parts {
		if !strings.Contains(r.stderr, part) {
			t.Errorf("%q does not say %q", r.stderr, part)
		}
	}
}

func TestWrongSettings(t *testing.T) {
	dir := t.TempDir()
	short := filepath.Join(dir, "short")
	if err := os.WriteFile(short, []byte("tiny-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("k", 32)
	for name, test := range map[string]struct {
		env  map[string]string
		args []string
		want []string
	}{
		"no port":                   {env: map[string]string{"AOKI_LISTEN": "localhost"}, want: []string{"AOKI_LISTEN", `"localhost"`, "host:port"}},
		"a port too high":           {env: map[string]string{"AOKI_LISTEN": ":65536"}, want: []string{"AOKI_LISTEN", "65535"}},
		"a port in letters":         {args: []string{"--listen", "localhost:http"}, want: []string{"--listen", `"http"`}},
		"an empty port":             {args: []string{"--listen", "localhost:"}, want: []string{"--listen", "port"}},
		"a URL without a scheme":    {env: map[string]string{"AOKI_PUBLIC_URL": "cards.example.org"}, want: []string{"AOKI_PUBLIC_URL", "https://"}},
		"a URL with a path":         {env: map[string]string{"AOKI_PUBLIC_URL": "https://example.org/cards"}, want: []string{"AOKI_PUBLIC_URL", "nothing after it"}},
		"a URL of another kind":     {env: map[string]string{"AOKI_PUBLIC_URL": "ftp://example.org"}, want: []string{"AOKI_PUBLIC_URL"}},
		"a URL with a bad port":     {env: map[string]string{"AOKI_PUBLIC_URL": "https://example.org:0"}, want: []string{"AOKI_PUBLIC_URL", "port"}},
		"registration maybe":        {env: map[string]string{"AOKI_REGISTRATION": "maybe"}, want: []string{"AOKI_REGISTRATION", "closed or open"}},
		"an origin without scheme":  {env: map[string]string{"AOKI_ALLOWED_ORIGINS": "https://a.example,b.example"}, want: []string{"AOKI_ALLOWED_ORIGINS", "https://"}},
		"any origin":                {env: map[string]string{"AOKI_ALLOWED_ORIGINS": "*"}, want: []string{"AOKI_ALLOWED_ORIGINS"}},
		"a bad network":             {env: map[string]string{"AOKI_TRUSTED_PROXIES": "10.0.0.0/33"}, want: []string{"AOKI_TRUSTED_PROXIES", "10.0.0.0/8"}},
		"a proxy by name":           {env: map[string]string{"AOKI_TRUSTED_PROXIES": "127.0.0.1,proxy"}, want: []string{"AOKI_TRUSTED_PROXIES"}},
		"a short secret":            {env: map[string]string{"AOKI_SECRET": "tiny-secret"}, want: []string{"AOKI_SECRET", "11 bytes", "32"}},
		"a short second secret":     {env: map[string]string{"AOKI_SECRET": long + ",tiny-secret"}, want: []string{"AOKI_SECRET", "11 bytes"}},
		"only commas":               {env: map[string]string{"AOKI_SECRET": ","}, want: []string{"AOKI_SECRET", "no key"}},
		"secret and file":           {env: map[string]string{"AOKI_SECRET": long, "AOKI_SECRET_FILE": short}, want: []string{"AOKI_SECRET"}},
		"secret and file, both fit": {env: map[string]string{"AOKI_SECRET": long, "AOKI_SECRET_FILE": secretFile(t, long)}, want: []string{"AOKI_SECRET and AOKI_SECRET_FILE"}},
		"no secret file":            {env: map[string]string{"AOKI_SECRET_FILE": filepath.Join(dir, "none")}, want: []string{"AOKI_SECRET_FILE", "no such file"}},
		"a folder as secret file":   {env: map[string]string{"AOKI_SECRET_FILE": dir}, want: []string{"AOKI_SECRET_FILE", "directory"}},
		"a short secret in a file":  {env: map[string]string{"AOKI_SECRET_FILE": short}, want: []string{"AOKI_SECRET_FILE", "11 bytes"}},
		"a log format":              {env: map[string]string{"AOKI_LOG_FORMAT": "xml"}, want: []string{"AOKI_LOG_FORMAT", "text or json"}},
		"a log level":               {args: []string{"--log-level", "loud"}, want: []string{"--log-level", "debug, info, warn or error"}},
		"no days":                   {env: map[string]string{"AOKI_KEEP_DAYS": "0"}, want: []string{"AOKI_KEEP_DAYS", "from 1"}},
		"days in words":             {args: []string{"--keep-days", "ninety"}, want: []string{"--keep-days", `"ninety"`, "number of days"}},
		"days for ever":             {args: []string{"--keep-days", "36501"}, want: []string{"--keep-days", "36500"}},
		"no events":                 {env: map[string]string{"AOKI_KEEP_EVENTS": "0"}, want: []string{"AOKI_KEEP_EVENTS", "from 1"}},
		"half an event":             {env: map[string]string{"AOKI_KEEP_EVENTS": "0.5"}, want: []string{"AOKI_KEEP_EVENTS", "number"}},
		"no sockets":                {env: map[string]string{"AOKI_SOCKETS_PER_USER": "0"}, want: []string{"AOKI_SOCKETS_PER_USER", "from 1"}},
		"a handshake limit":         {env: map[string]string{"AOKI_SOCKETS_PER_MINUTE": "many"}, want: []string{"AOKI_SOCKETS_PER_MINUTE", `"many"`}},
		"a password limit":          {args: []string{"--passwords-per-minute=-1"}, want: []string{"--passwords-per-minute"}},
		"a blank folder":            {args: []string{"--data", " "}, want: []string{"--data", "folder"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, t.Context(), test.env, "", append([]string{"config"}, test.args...)...)
			r.oneSentence(t, exitUsage, test.want...)
			if strings.Contains(r.stderr+r.stdout, "tiny-secret") || strings.Contains(r.stderr+r.stdout, long) {
				t.Errorf("a secret was shown: %s%s", r.stdout, r.stderr)
			}
		})
	}
}

func secretFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWrongCommands(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"an unknown command":      {[]string{"dance"}, "dance"},
		"an unknown flag":         {[]string{"config", "--colour"}, "--colour"},
		"a push to nobody":        {[]string{"push", "--title", "x"}, "--to"},
		"a push to some and all":  {[]string{"push", "--title", "x", "--to", "ann", "--all"}, "together"},
		"a push without a title":  {[]string{"push", "--all"}, "--title"},
		"a push without a user":   {[]string{"push", "--all", "--title", "x"}, "--user"},
		"a push with bad data":    {[]string{"push", "--all", "--title", "x", "--data", "[1]"}, "JSON object"},
		"listening nowhere":       {[]string{"listen", "--user", "ann", "--url", "localhost"}, "--url"},
		"listening before time":   {[]string{"listen", "--user", "ann", "--since=-1"}, "--since"},
		"listening as nobody":     {[]string{"listen"}, "--user"},
		"listening, no password":  {[]string{"listen", "--user", "ann"}, "password"},
		"a limit that is no word": {[]string{"listen", "--limit", "few"}, "--limit"},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, t.Context(), nil, "", test.args...).oneSentence(t, exitUsage, test.want)
		})
	}
}

func TestConfigShowsEverySetting(t *testing.T) {
	secret := strings.Repeat("hidden", 6)
	r := run(t, t.Context(), map[string]string{
		"AOKI_SECRET": secret, "AOKI_LISTEN": ":1", "AOKI_PUBLIC_URL": "https://cards.example.org/", "AOKI_DATA": "",
	}, "", "config", "--listen", "127.0.0.1:2")
	if r.code != exitOK || r.stderr != "" {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	for _, want := range []string{
		"--listen  AOKI_LISTEN", "default: 127.0.0.1:8080", "current: 127.0.0.1:2 (from --listen)", // the flag wins
		"current: https://cards.example.org/ (from AOKI_PUBLIC_URL)",
		"current: ./data (default)", // an empty variable is an unset one
		"current: ******** (from AOKI_SECRET)",
	} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("config does not show %q", want)
		}
	}
	for _, s := range settings(&Config{}) {
		if !strings.Contains(r.stdout, "--"+s.flag+"  "+s.env+"\n    "+s.help) {
			t.Errorf("config does not show --%s with its sentence", s.flag)
		}
		if s.check == "" || checks[s.check] == nil || !strings.HasPrefix(s.env, "AOKI_") || !strings.HasSuffix(s.help, ".") {
			t.Errorf("--%s lacks its check, its variable or its sentence", s.flag)
		}
		if s.fallback != "" && checks[s.check](s.fallback) != nil {
			t.Errorf("the default of --%s is refused by its own check", s.flag)
		}
	}
	if strings.Contains(r.stdout, "hidden") {
		t.Error("config shows a secret")
	}
}

func TestReadmeHasEverySetting(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range settings(&Config{}) {
		fallback := "—"
		if s.fallback != "" {
			fallback = "`" + s.fallback + "`"
		}
		if row := "| `--" + s.flag + "` `" + s.env + "` | " + fallback + " | " + s.help + " |\n"; !strings.Contains(string(readme), row) {
			t.Errorf("README.md lacks the row %s", row)
		}
	}
}

func TestSettingsAsValues(t *testing.T) {
	c := Config{PublicURL: "https://Cards.Example.org:443/", AllowedOrigins: "http://A.example:80, https://b.example:8443", TrustedProxies: "127.0.0.1,10.1.2.3/8", LogLevel: "warn"}
	if got := c.publicURL(); got != "https://cards.example.org" {
		t.Errorf("public URL %q", got)
	}
	if got := strings.Join(c.origins(), " "); got != "http://a.example https://b.example:8443" {
		t.Errorf("origins %q", got)
	}
	if got := c.proxies(); len(got) != 2 || got[0].String() != "127.0.0.1/32" || got[1].String() != "10.0.0.0/8" {
		t.Errorf("proxies %v", got)
	}
	if got := c.level(); got.String() != "WARN" {
		t.Errorf("level %v", got)
	}
}

func TestMisspeltSettings(t *testing.T) {
	p := program{env: map[string]string{"AOKI_LISTN": "x", "AOKI_LISTEN": "y", "AOKI_URL": "z", "AOKI_TOKEN": "t", "HOME": "/"}}
	if got := strings.Join(p.unknownSettings(), " "); got != "AOKI_LISTN" {
		t.Errorf("unknown: %q", got)
	}
}

func TestKeys(t *testing.T) {
	first, second := strings.Repeat("a", 32), strings.Repeat("b", 32)
	c := Config{Secret: first + " , " + second}
	keys, err := c.secrets()
	if err != nil || len(keys) != 2 || string(keys[0]) != first || string(keys[1]) != second {
		t.Errorf("keys of a list: %q, %v", keys, err)
	}
	c = Config{SecretFile: secretFile(t, second+"\n"+first+"\n")}
	if keys, err = c.secrets(); err != nil || len(keys) != 2 || string(keys[0]) != second {
		t.Errorf("keys of a file: %q, %v", keys, err)
	}

	c = Config{Folder: Folder{Data: t.TempDir()}}
	made, err := c.secrets()
	if err != nil || len(made) != 1 || len(made[0]) != 64 {
		t.Fatalf("made keys: %q, %v", made, err)
	}
	info, err := os.Stat(filepath.Join(c.Data, "aoki.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file's mode is %v, %v", info.Mode(), err)
	}
	if again, err := c.secrets(); err != nil || string(again[0]) != string(made[0]) {
		t.Errorf("the second start has another key: %v", err)
	}
	other := Config{Folder: Folder{Data: t.TempDir()}}
	if keys, _ := other.secrets(); string(keys[0]) == string(made[0]) {
		t.Error("two folders have the same key")
	}
	if err := os.WriteFile(filepath.Join(c.Data, "aoki.key"), []byte("cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.secrets(); err == nil || !strings.Contains(err.Error(), "aoki.key") {
		t.Errorf("a damaged key file: %v", err)
	}
}

func TestVersion(t *testing.T) {
	r := run(t, t.Context(), nil, "", "version")
	if r.code != exitOK || !strings.HasPrefix(r.stdout, "aoki ") || !strings.Contains(r.stdout, "commit ") || !strings.Contains(r.stdout, "go1.") {
		t.Errorf("%+v", r)
	}
}

func TestHelpLeavesThroughRun(t *testing.T) {
	r := run(t, t.Context(), nil, "", "listen", "--help")
	if r.code != exitOK || !strings.Contains(r.stdout, "$AOKI_URL") || r.stderr != "" {
		t.Errorf("%+v", r)
	}
}

func TestPlainTextForTerminals(t *testing.T) {
	for in, want := range map[string]string{
		"hola\nmundo":              "hola mundo",
		"\x1b[2Jgone":              "[2Jgone",
		"a\u202eb":                 "ab",
		"青木 👩‍🌾":                   "青木 👩‍🌾",
		strings.Repeat("x", 300):   strings.Repeat("x", 199) + "…",
		"bell\a and \u009b31m csi": "bell and 31m csi",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}
