package controllers

import (
	"encoding/base64"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"aoki/models"
)

// byOwn is what the short way says of a token.
func byOwn(tokens *Tokens, token string, now time.Time) (Claims, bool) {
	for _, key := range tokens.own {
		if claims, ok := key.verify(token, now); ok {
			return claims, true
		}
	}
	return Claims{}, false
}

// Tokens of Issue go the short way from the moment that they are made to their end, with
// the key that signs and with one that did; both ways say the same of them.
func TestOwnTokens(t *testing.T) {
	now := noon
	old, tokens := newTokens(t, &now, key1), newTokens(t, &now, key2, key1)
	for _, ids := range [][2]int64{{1, 1}, {5, 7}, {10, 100}, {1 << 40, 999_999_999_999_999}} {
		for _, issuer := range []*Tokens{old, tokens} {
			now = noon
			token, expires, err := issuer.Issue(ids[0], ids[1])
			if err != nil {
				t.Fatal(err)
			}
			for _, tt := range []struct {
				at    time.Time
				valid bool
			}{
				{noon.Truncate(time.Second).Add(-clockSkew - 1), false}, {noon.Truncate(time.Second).Add(-clockSkew), true},
				{noon, true}, {expires.Add(-1), true}, {expires, false}, {expires.Add(time.Hour), false},
			} {
				now = tt.at
				got, ok := byOwn(tokens, token, now)
				parsed, err := tokens.parse(token)
				if ok != tt.valid || ok != (err == nil) || got != parsed {
					t.Errorf("%v at %v: %+v %v, the parser says %+v %v", ids, tt.at, got, ok, parsed, err)
				}
				if again, err := tokens.Verify(token); again != parsed || (err == nil) != ok {
					t.Errorf("%v at %v: in the end %+v %v", ids, tt.at, again, err)
				}
			}
		}
	}
}

// Whoever changes a letter of a token gets nowhere.
func TestOwnTokensAreSigned(t *testing.T) {
	now := noon
	tokens := newTokens(t, &now, key1)
	token, _, _ := tokens.Issue(5, 7)
	for i := range token {
		for _, c := range []byte{'A', 'Q', '.', '=', '\n', token[i] ^ 1, token[i] + 1} {
			if c == token[i] {
				continue
			}
			if got, ok := byOwn(tokens, token[:i]+string(c)+token[i+1:], now); ok {
				t.Fatalf("letter %d as %q: %+v", i, c, got)
			}
		}
		if got, ok := byOwn(tokens, token[:i], now); ok {
			t.Fatalf("cut at %d: %+v", i, got)
		}
		if got, ok := byOwn(tokens, token[:i]+token[i+1:], now); ok {
			t.Fatalf("without letter %d: %+v", i, got)
		}
	}
	other, _, _ := newTokens(t, &now, key2).Issue(5, 7)
	for _, foreign := range []string{"", ".", "..", other, token + ".", token + "." + token, tokens.own[0].header + strings.SplitN(other, ".", 2)[1]} {
		if got, ok := byOwn(tokens, foreign, now); ok {
			t.Errorf("%q: %+v", foreign, got)
		}
	}
}

// said is what a token says, as text, signed with our key.
func said(t *testing.T, tokens *Tokens, text string) string {
	t.Helper()
	token := tokens.own[0].header + base64.RawURLEncoding.EncodeToString([]byte(text))
	signature, err := jwt.SigningMethodHS256.Sign(token, []byte(key1))
	if err != nil {
		t.Fatal(err)
	}
	return token + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// The short way says nothing but what the parser says: of tokens that are signed, whatever
// they say, and of their neighbours.
func FuzzOwnToken(f *testing.F) {
	const plain = `{"iss":"aoki","sub":"%s","aud":["aoki"],"exp":%s,"iat":%s,"sid":%s}`
	numbers := []string{"5", "0", "-5", "05", "", "5.0", "5e1", "1778674500", "1778673600", "99999999999999", "999999999999999", "9007199254740993", "9223372036854775807", "99999999999999999999", fmt.Sprint(uint64(math.MaxUint64)), "null", `"5"`, " 5", "5 "}
	for i := range numbers {
		n := func(k int) string { return numbers[(i*k)%len(numbers)] }
		f.Add(fmt.Sprintf(plain, n(1), "1778674500", "1778673600", "7"), 0)
		f.Add(fmt.Sprintf(plain, "5", n(1), "1778673600", "7"), 0)
		f.Add(fmt.Sprintf(plain, "5", "1778674500", n(1), "7"), 0)
		f.Add(fmt.Sprintf(plain, "5", "1778674500", "1778673600", n(1)), 0)
		f.Add(fmt.Sprintf(plain, n(1), n(2), n(3), n(5)), 7*i)
	}
	good := fmt.Sprintf(plain, "5", "1778674500", "1778673600", "7")
	f.Add(good+" ", 0)
	f.Add(strings.Replace(good, "aoki", "evil", 1), 0)
	f.Add(strings.Replace(good, "}", `,"sid":8}`, 1), 0)
	f.Add(strings.Replace(good, `"sid"`, `"nbf":9999999999,"sid"`, 1), 0)
	f.Fuzz(func(t *testing.T, text string, seconds int) {
		now := noon.Add(time.Duration(seconds%10_000) * time.Second)
		tokens := newTokens(t, &now, key1)
		token := said(t, tokens, text)
		got, ok := byOwn(tokens, token, now)
		parsed, err := tokens.parse(token)
		if ok && (err != nil || got != parsed) {
			t.Errorf("%s: %+v, the parser says %+v %v", text, got, parsed, err)
		}
		if again, err2 := tokens.Verify(token); again != parsed || models.ErrorCode(err2) != models.ErrorCode(err) {
			t.Errorf("%s: in the end %+v %v, the parser says %+v %v", text, again, err2, parsed, err)
		}
	})
}
