package cmd

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// checks are the rules that settings name in their `check` tag. Each answers with
// the end of a sentence that begins with "it".
var checks = map[string]func(string) error{
	"address":      checkAddress,
	"folder":       checkFolder,
	"url":          func(s string) error { return checkOrigin(strings.TrimSuffix(s, "/")) },
	"registration": oneOf("closed", "open"),
	"origins":      each(checkOrigin),
	"networks":     each(func(s string) error { _, err := network(s); return err }),
	"secret":       checkSecret,
	"secret-file":  func(path string) error { _, err := readSecretFile(path); return err },
	"log-format":   oneOf("text", "json"),
	"log-level":    oneOf("debug", "info", "warn", "error"),
	"count":        checkCount,
	"days":         checkDays,
}

func checkAddress(s string) error {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return errors.New("must be host:port, such as 127.0.0.1:8080")
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("must end with a port from 0 to 65535, not %q", port)
	} else if strconv.FormatUint(n, 10) != port {
		return errors.New("must write the port in plain digits")
	}
	return nil
}

func checkFolder(s string) error {
	if strings.TrimSpace(s) == "" || strings.ContainsRune(s, 0) {
		return errors.New("must name a folder")
	}
	return nil
}

// checkOrigin wants scheme, host and at most a port. A path would be silently
// ignored in every comparison of origins, so it is refused.
func checkOrigin(s string) error {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" ||
		u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "#") {
		return errors.New("must be http:// or https:// with a host and nothing after it, such as https://cards.example.org")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return fmt.Errorf("must have a port from 1 to 65535, not %q", port)
		}
	}
	return nil
}

func network(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		return prefix, errors.New("must list addresses or networks, such as 127.0.0.1 or 10.0.0.0/8")
	}
	return prefix.Masked(), nil
}

func checkCount(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 1 || n > 1_000_000 {
		return errors.New("must be a number from 1 to 1000000")
	}
	return nil
}

func checkDays(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 1 || n > 36_500 {
		return errors.New("must be a number of days from 1 to 36500")
	}
	return nil
}

func oneOf(allowed ...string) func(string) error {
	return func(s string) error {
		for _, word := range allowed {
			if s == word {
				return nil
			}
		}
		last := len(allowed) - 1
		return fmt.Errorf("must be %s or %s", strings.Join(allowed[:last], ", "), allowed[last])
	}
}

func each(check func(string) error) func(string) error {
	return func(list string) error {
		for _, word := range words(list) {
			if err := check(word); err != nil {
				return err
			}
		}
		return nil
	}
}
