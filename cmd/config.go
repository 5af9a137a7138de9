package cmd

import (
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"aoki/models"
)

// settingTag names a flag's environment variable. It is not kong's own `env`,
// which reads the process's environment behind our back.
const settingTag = "setting"

// Config is every setting of the server. Each field carries its flag's name, its
// environment variable, its default, its sentence and its check; `aoki config`
// and `aoki serve --help` are made from this struct alone.
type Config struct {
	Folder
	Listen             string `name:"listen" setting:"AOKI_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" check:"address" help:"Address to serve on; port 0 takes a free one."`
	PublicURL          string `name:"public-url" setting:"AOKI_PUBLIC_URL" placeholder:"URL" check:"url" help:"Where browsers find the app, such as https://cards.example.org; needed behind a reverse proxy. Empty: the listening address."`
	Registration       string `name:"registration" setting:"AOKI_REGISTRATION" default:"closed" placeholder:"closed|open" check:"registration" help:"Who may make an account: closed (an admin adds users) or open (everybody)."`
	AllowedOrigins     string `name:"allowed-origins" setting:"AOKI_ALLOWED_ORIGINS" placeholder:"ORIGIN,…" check:"origins" help:"Other sites whose pages may open a socket, such as https://a.example,https://b.example."`
	TrustedProxies     string `name:"trusted-proxies" setting:"AOKI_TRUSTED_PROXIES" placeholder:"CIDR,…" check:"networks" help:"Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, such as 127.0.0.1,10.0.0.0/8."`
	Secret             string `name:"secret" setting:"AOKI_SECRET" placeholder:"KEY,…" check:"secret" help:"Key that signs logins, 32 bytes or more; of several, the first signs and all verify. Others can read a flag: better the variable or a file. Empty: a key made at the first start, kept in the data folder."`
	SecretFile         string `name:"secret-file" setting:"AOKI_SECRET_FILE" placeholder:"FILE" check:"secret-file" help:"File that holds what AOKI_SECRET would."`
	LogFormat          string `name:"log-format" setting:"AOKI_LOG_FORMAT" default:"text" placeholder:"text|json" check:"log-format" help:"Log lines for people (text) or for programs (json)."`
	LogLevel           string `name:"log-level" setting:"AOKI_LOG_LEVEL" default:"info" placeholder:"LEVEL" check:"log-level" help:"Least level that is logged: debug, info, warn or error."`
	SocketsPerUser     string `name:"sockets-per-user" setting:"AOKI_SOCKETS_PER_USER" default:"20" placeholder:"N" check:"count" help:"Most sockets that one user may have open."`
	SocketsPerMinute   string `name:"sockets-per-minute" setting:"AOKI_SOCKETS_PER_MINUTE" default:"120" placeholder:"N" check:"count" help:"Most sockets that one address may open in a minute; loopback is not limited."`
	KeepDays           string `name:"keep-days" setting:"AOKI_KEEP_DAYS" default:"90" placeholder:"N" check:"days" help:"How many days a device may be away and still get all that it missed; after more it loads its lists again."`
	KeepEvents         string `name:"keep-events" setting:"AOKI_KEEP_EVENTS" default:"10000" placeholder:"N" check:"count" help:"How many events of a user a device may have missed and still get them one by one; after more it loads its lists again."`
	PasswordsPerMinute string `name:"passwords-per-minute" setting:"AOKI_PASSWORDS_PER_MINUTE" default:"20" placeholder:"N" check:"count" help:"Most wrong passwords, and most new accounts, from one address in a minute; loopback is not limited."`
	MediaPerUser       string `name:"media-per-user" setting:"AOKI_MEDIA_PER_USER" default:"1024" placeholder:"MIB" check:"count" help:"Most pictures and sounds that one user may have brought, in MiB."`
}

// Folder is the one setting that commands without a server need too.
type Folder struct {
	Data string `name:"data" setting:"AOKI_DATA" default:"./data" placeholder:"FOLDER" check:"folder" help:"Folder of the database (aoki.db) and the key (aoki.key)."`
}

func (f Folder) database() string { return filepath.Join(f.Data, "aoki.db") }

// setting is one field of a struct of settings, as the tags tell it.
type setting struct {
	flag, env, fallback, help, check, value string
}

func settings(config any) []setting {
	var list []setting
	v := reflect.Indirect(reflect.ValueOf(config))
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			list = append(list, settings(v.Field(i).Addr().Interface())...)
			continue
		}
		if tag := field.Tag; tag.Get(settingTag) != "" {
			list = append(list, setting{
				flag: tag.Get("name"), env: tag.Get(settingTag), fallback: tag.Get("default"),
				help: tag.Get("help"), check: tag.Get("check"), value: v.Field(i).String(),
			})
		}
	}
	return list
}

// checked says in one sentence which setting is wrong, where it was set, and what
// would be right; it never repeats a secret. config is a pointer to a struct of settings.
func (p *program) checked(config any) error {
	for _, s := range settings(config) {
		if s.value == "" && s.fallback == "" {
			continue
		}
		err := checks[s.check](s.value)
		if err == nil {
			continue
		}
		where := p.sources[s.flag]
		if where == "" {
			where = "--" + s.flag
		}
		if s.check == "secret" {
			return usagef("%s %w", where, err)
		}
		return usagef("%s is %q: it %w", where, s.value, err)
	}
	if c, ok := config.(*Config); ok && c.Secret != "" && c.SecretFile != "" {
		return usagef("AOKI_SECRET and AOKI_SECRET_FILE are both set: only one of them can hold the key")
	}
	return nil
}

// unknownSettings are the variables that look like settings and are none. They are
// only warned of: orchestrators put words of their own into the environment.
func (p *program) unknownSettings() []string {
	known := map[string]bool{"AOKI_PASSWORD": true, "AOKI_TOKEN": true}
	for _, s := range append(settings(&Config{}), settings(&Site{})...) {
		known[s.env] = true
	}
	var unknown []string
	for name := range p.env {
		if strings.HasPrefix(name, "AOKI_") && !known[name] {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}

type configCmd struct{ Config }

func (c *configCmd) Run(p *program) error {
	if err := p.checked(&c.Config); err != nil {
		return err
	}
	return p.printSettings(p.stdout, &c.Config)
}

func (p *program) printSettings(w io.Writer, c *Config) error {
	for _, s := range settings(c) {
		now, from := s.value, "default"
		if source := p.sources[s.flag]; source != "" {
			from = "from " + source
		}
		if s.check == "secret" && now != "" {
			now = "********"
		}
		if _, err := fmt.Fprintf(w, "--%s  %s\n    %s\n    default: %s\n    current: %s (%s)\n\n",
			s.flag, s.env, s.help, or(s.fallback, "(empty)"), or(now, "(empty)"), from); err != nil {
			return err
		}
	}
	return nil
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// What follows reads the checked words as values.

func (c *Config) publicURL() string { return origin(strings.TrimSuffix(c.PublicURL, "/")) }

func (c *Config) origins() []string {
	var list []string
	for _, word := range words(c.AllowedOrigins) {
		list = append(list, origin(word))
	}
	return list
}

// origin writes an origin as browsers do: in lower case, without the scheme's own port.
func origin(s string) string {
	u, err := url.Parse(strings.ToLower(s))
	if err != nil || u.Host == "" {
		return ""
	}
	port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(u.Host, port)
}

func (c *Config) proxies() []netip.Prefix {
	var list []netip.Prefix
	for _, word := range words(c.TrustedProxies) {
		if prefix, err := network(word); err == nil {
			list = append(list, prefix)
		}
	}
	return list
}

func (c *Config) retention() models.Retention {
	return models.Retention{Days: number(c.KeepDays), Events: int64(number(c.KeepEvents))}
}

func (c *Config) level() slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // checked before
	return level
}

func number(word string) int {
	n, _ := strconv.Atoi(word) // checked before
	return n
}

// words splits a list at its commas and lines; spaces around a word don't count.
func words(list string) []string {
	var out []string
	for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == '\n' }) {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}
