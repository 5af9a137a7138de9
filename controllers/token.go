package controllers

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"aoki/models"
)

const (
	tokenLife   = 15 * time.Minute
	tokenIssuer = "aoki"
	minKey      = 32 // bytes
	maxToken    = 4 << 10
	// clockSkew is how far ahead another node's clock may be. It is not given to
	// the expiry: that is exact.
	clockSkew = 30 * time.Second
)

// Tokens makes and checks access tokens: JWTs that name a user and a session.
// Nothing is stored; whether the session still lives is for Accounts to say.
type Tokens struct {
	now    func() time.Time
	keys   map[string][]byte
	kid    string // of the key that signs
	own    []*ownKey
	parser *jwt.Parser
}

// Claims is what a valid access token says.
type Claims struct {
	UserID    int64
	SessionID int64
	Expires   time.Time
}

type tokenClaims struct {
	jwt.RegisteredClaims
	Session int64 `json:"sid"`
}

// NewTokens takes the keys, of 32 bytes or more: the first signs, all verify, so
// that a key can be replaced without signing everybody out.
func NewTokens(now func() time.Time, keys ...[]byte) (*Tokens, error) {
	if len(keys) == 0 {
		return nil, errors.New("no key to sign logins with")
	}
	t := &Tokens{now: now, keys: map[string][]byte{}}
	for i, key := range keys {
		if len(key) < minKey {
			return nil, fmt.Errorf("a key to sign logins with has %d bytes: it needs %d", len(key), minKey)
		}
		sum := sha256.Sum256(key)
		kid := hex.EncodeToString(sum[:4])
		t.keys[kid] = key
		if i == 0 {
			t.kid = kid
		}
	}
	t.parser = jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(tokenIssuer),
		jwt.WithAudience(tokenIssuer),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(now),
	)
	for kid, key := range t.keys {
		token, _, err := issue(now(), kid, key, 1, 1)
		if err != nil {
			return nil, err
		}
		t.own = append(t.own, newOwnKey(key, token))
	}
	return t, nil
}

// Issue makes an access token for a session.
func (t *Tokens) Issue(user, session int64) (token string, expires time.Time, err error) {
	return issue(t.now(), t.kid, t.keys[t.kid], user, session)
}

func issue(now time.Time, kid string, key []byte, user, session int64) (token string, expires time.Time, err error) {
	expires = now.Add(tokenLife).Truncate(time.Second).UTC() // as the token can say it
	signed := jwt.NewWithClaims(jwt.SigningMethodHS256, tokenClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    tokenIssuer,
			Audience:  jwt.ClaimStrings{tokenIssuer},
			Subject:   strconv.FormatInt(user, 10),
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(expires),
		},
		Session: session,
	})
	signed.Header["kid"] = kid
	token, err = signed.SignedString(key)
	return token, expires, err
}

// Verify checks an access token: token_expired for one of ours that is past its
// time, unauthorized for everything else that is not valid.
func (t *Tokens) Verify(token string) (Claims, error) {
	if len(token) > maxToken {
		return Claims{}, notSignedIn(errors.New("the token is too long"))
	}
	now := t.now()
	for _, key := range t.own {
		if claims, ok := key.verify(token, now); ok {
			return claims, nil
		}
	}
	return t.parse(token)
}

// parse is Verify for every token there can be.
func (t *Tokens) parse(token string) (Claims, error) {
	var claims tokenClaims
	_, err := t.parser.ParseWithClaims(token, &claims, t.key)
	if errors.Is(err, jwt.ErrTokenExpired) {
		return Claims{}, &models.Error{Code: codeTokenExpired, Message: "the access token has expired: refresh it", Err: err}
	}
	if err != nil {
		return Claims{}, notSignedIn(err)
	}
	user, ok := parseID(claims.Subject)
	if !ok || claims.Session <= 0 {
		return Claims{}, notSignedIn(errors.New("the token names no session"))
	}
	if claims.IssuedAt == nil || claims.IssuedAt.After(t.now().Add(clockSkew)) {
		return Claims{}, notSignedIn(errors.New("the token is from the future"))
	}
	return Claims{UserID: user, SessionID: claims.Session, Expires: claims.ExpiresAt.Time.UTC()}, nil
}

// key finds the key that the token says it was signed with.
func (t *Tokens) key(token *jwt.Token) (any, error) {
	if _, critical := token.Header["crit"]; critical {
		return nil, errors.New("the token has an extension that nobody here knows")
	}
	kid, _ := token.Header["kid"].(string)
	key, ok := t.keys[kid]
	if !ok {
		return nil, errors.New("the token was signed with an unknown key")
	}
	return key, nil
}

func notSignedIn(cause error) error {
	return &models.Error{Code: codeUnauthorized, Message: "sign in first", Err: cause}
}
