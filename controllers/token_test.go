package controllers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"aoki/models"
)

var noon = time.Date(2026, 5, 13, 12, 0, 0, 500_000_000, time.UTC)

func newTokens(t *testing.T, now *time.Time, keys ...string) *Tokens {
	t.Helper()
	raw := make([][]byte, len(keys))
	for i, k := range keys {
		raw[i] = []byte(k)
	}
	tokens, err := NewTokens(func() time.Time { return *now }, raw...)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

const (
	key1 = "the first key, of over 32 bytes......"
	key2 = "the second key, of over 32 bytes....."
)

func TestToken(t *testing.T) {
	now := noon
	tokens := newTokens(t, &now, key1)
	token, expires, err := tokens.Issue(5, 7)
	if err != nil {
		t.Fatal(err)
	}
	if want := noon.Add(15 * time.Minute).Truncate(time.Second); !expires.Equal(want) {
		t.Errorf("expires %v, want %v", expires, want)
	}
	got, err := tokens.Verify(token)
	if want := (Claims{UserID: 5, SessionID: 7, Expires: expires}); err != nil || got != want {
		t.Errorf("%+v %v, want %+v", got, err, want)
	}
	now = expires.Add(-time.Nanosecond)
	if _, err := tokens.Verify(token); err != nil {
		t.Errorf("just before its end: %v", err)
	}
	now = expires
	if _, err := tokens.Verify(token); models.ErrorCode(err) != codeTokenExpired {
		t.Errorf("at its end: %v", err)
	}
}

func TestTokenKeysCanBeReplaced(t *testing.T) {
	now := noon
	old, _, _ := newTokens(t, &now, key1).Issue(5, 7)
	both := newTokens(t, &now, key2, key1)
	if _, err := both.Verify(old); err != nil {
		t.Errorf("the old key's token: %v", err)
	}
	fresh, _, _ := both.Issue(5, 7)
	if _, err := newTokens(t, &now, key2).Verify(fresh); err != nil {
		t.Errorf("the first key does not sign: %v", err)
	}
	if _, err := newTokens(t, &now, key2).Verify(old); err == nil {
		t.Error("a key that is gone still verifies")
	}
	for _, keys := range [][][]byte{nil, {[]byte("short")}, {[]byte(key1), nil}} {
		if _, err := NewTokens(time.Now, keys...); err == nil {
			t.Errorf("%d keys were taken", len(keys))
		}
	}
}

func TestTokenRefusals(t *testing.T) {
	now := noon
	tokens := newTokens(t, &now, key1)
	genuine, _, _ := tokens.Issue(5, 7)
	parts := strings.Split(genuine, ".")
	otherKey, _, _ := newTokens(t, &now, key2).Issue(5, 7)
	otherParts := strings.Split(otherKey, ".")
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}

	good := func() jwt.MapClaims {
		return jwt.MapClaims{"iss": "aoki", "aud": "aoki", "sub": "5", "sid": 7, "iat": noon.Unix(), "exp": noon.Add(time.Minute).Unix()}
	}
	with := func(change func(jwt.MapClaims)) string {
		c := good()
		change(c)
		return sign(t, jwt.SigningMethodHS256, []byte(key1), tokens.kid, c)
	}
	set := func(name string, v any) string { return with(func(c jwt.MapClaims) { c[name] = v }) }
	without := func(name string) string { return with(func(c jwt.MapClaims) { delete(c, name) }) }

	if _, err := tokens.Verify(with(func(jwt.MapClaims) {})); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	if _, err := tokens.Verify(set("iat", noon.Add(29*time.Second).Unix())); err != nil {
		t.Fatalf("a node whose clock is ahead: %v", err)
	}
	for _, c := range []struct{ name, token, code string }{
		{"empty", "", codeUnauthorized},
		{"garbage", "garbage", codeUnauthorized},
		{"dots", "..", codeUnauthorized},
		{"blanks", " " + genuine, codeUnauthorized},
		{"huge", genuine + strings.Repeat("A", 1<<20), codeUnauthorized},
		{"without its signature", parts[0] + "." + parts[1] + ".", codeUnauthorized},
		{"cut", genuine[:len(genuine)-1], codeUnauthorized},
		{"another's claims", parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"6"}`)) + "." + parts[2], codeUnauthorized},
		{"alg=none", sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, tokens.kid, good()), codeUnauthorized},
		{"alg=None by hand", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"None","typ":"JWT","kid":"`+tokens.kid+`"}`)) + "." + parts[1] + ".", codeUnauthorized},
		{"HS384", sign(t, jwt.SigningMethodHS384, []byte(key1), tokens.kid, good()), codeUnauthorized},
		{"HS512", sign(t, jwt.SigningMethodHS512, []byte(key1), tokens.kid, good()), codeUnauthorized},
		{"ES256", sign(t, jwt.SigningMethodES256, private, tokens.kid, good()), codeUnauthorized},
		{"another key", otherKey, codeUnauthorized},
		{"another key under our kid", sign(t, jwt.SigningMethodHS256, []byte(key2), tokens.kid, good()), codeUnauthorized},
		{"the empty key", sign(t, jwt.SigningMethodHS256, []byte{}, tokens.kid, good()), codeUnauthorized},
		{"the empty key without kid", sign(t, jwt.SigningMethodHS256, []byte{}, nil, good()), codeUnauthorized},
		{"another kid", sign(t, jwt.SigningMethodHS256, []byte(key1), "00000000", good()), codeUnauthorized},
		{"no kid", sign(t, jwt.SigningMethodHS256, []byte(key1), nil, good()), codeUnauthorized},
		{"a kid that is no text", sign(t, jwt.SigningMethodHS256, []byte(key1), 7, good()), codeUnauthorized},
		{"another header", otherParts[0] + "." + parts[1] + "." + parts[2], codeUnauthorized},
		{"expired", set("exp", noon.Add(-time.Second).Unix()), codeTokenExpired},
		{"expired, of another issuer", with(func(c jwt.MapClaims) { c["exp"], c["iss"] = 1, "evil" }), codeTokenExpired},
		{"expired with another key", sign(t, jwt.SigningMethodHS256, []byte(key2), tokens.kid, jwt.MapClaims{"exp": 1}), codeUnauthorized},
		{"no expiry", without("exp"), codeUnauthorized},
		{"expiry as text", set("exp", "tomorrow"), codeUnauthorized},
		{"not before", set("nbf", noon.Add(time.Minute).Unix()), codeUnauthorized},
		{"from the future", set("iat", noon.Add(time.Minute).Unix()), codeUnauthorized},
		{"no issue time", without("iat"), codeUnauthorized},
		{"foreign issuer", set("iss", "evil"), codeUnauthorized},
		{"no issuer", without("iss"), codeUnauthorized},
		{"foreign audience", set("aud", "other"), codeUnauthorized},
		{"no audience", without("aud"), codeUnauthorized},
		{"no subject", without("sub"), codeUnauthorized},
		{"subject 0", set("sub", "0"), codeUnauthorized},
		{"subject by name", set("sub", "ann"), codeUnauthorized},
		{"subject in another spelling", set("sub", "05"), codeUnauthorized},
		{"no session", without("sid"), codeUnauthorized},
		{"a session below 0", set("sid", -7), codeUnauthorized},
		{"session as text", set("sid", "7"), codeUnauthorized},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := tokens.Verify(c.token)
			if models.ErrorCode(err) != c.code || got != (Claims{}) {
				t.Errorf("%+v %v, want %s", got, err, c.code)
			}
			if statusOf(models.ErrorCode(err)) != 401 {
				t.Error("not 401")
			}
		})
	}
	critical := jwt.NewWithClaims(jwt.SigningMethodHS256, good())
	critical.Header["kid"], critical.Header["crit"] = tokens.kid, []string{"b64"}
	s, _ := critical.SignedString([]byte(key1))
	if _, err := tokens.Verify(s); err == nil {
		t.Error("an extension that must be understood was not")
	}
}

func sign(t *testing.T, method jwt.SigningMethod, key any, kid any, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	if kid != nil {
		token.Header["kid"] = kid
	}
	s, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
