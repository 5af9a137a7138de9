package controllers

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Nearly every token that comes was made by Issue, byte for byte. Of such a one all but
// the numbers is known beforehand, so it needs no JSON and hardly any memory. This way
// only ever says yes: of what it does not know, or finds wrong, the parser decides, and
// says what is wrong.

// ownKey knows the tokens that Issue makes with a key.
type ownKey struct {
	header   string // and the dot behind it
	checkers sync.Pool
}

// checker has what checking a token needs.
type checker struct {
	mac        hash.Hash
	text, said []byte
	sum        [sha256.Size]byte
}

// newOwnKey takes a token that Issue made with the key.
func newOwnKey(key []byte, token string) *ownKey {
	return &ownKey{
		header: token[:strings.IndexByte(token, '.')+1],
		checkers: sync.Pool{New: func() any {
			return &checker{mac: hmac.New(sha256.New, key)}
		}},
	}
}

// verify answers what a token says that is as Issue makes them with this key, is signed
// with it, and is valid now.
func (k *ownKey) verify(token string, now time.Time) (Claims, bool) {
	rest, ours := strings.CutPrefix(token, k.header)
	payload, signature, signed := strings.Cut(rest, ".")
	if !ours || !signed {
		return Claims{}, false
	}
	c := k.checkers.Get().(*checker)
	defer k.checkers.Put(c)
	if !c.signed(token[:len(k.header)+len(payload)], signature) {
		return Claims{}, false
	}
	return c.claims(payload, now)
}

// strictBase64 takes each text in one spelling only, as the parser does.
var strictBase64 = base64.RawURLEncoding.Strict()

func (c *checker) signed(text, signature string) bool {
	c.text = append(c.text[:0], text...)
	c.mac.Reset()
	c.mac.Write(c.text)
	return c.decode(signature) && hmac.Equal(c.said, c.mac.Sum(c.sum[:0]))
}

// decode leaves in said what a part of the token stands for.
func (c *checker) decode(part string) bool {
	c.text = append(c.text[:0], part...)
	var err error
	c.said, err = strictBase64.AppendDecode(c.said[:0], c.text)
	return err == nil
}

// claims reads {"iss":"aoki","sub":"5","aud":["aoki"],"exp":1778674500,"iat":1778673600,"sid":7}.
func (c *checker) claims(payload string, now time.Time) (Claims, bool) {
	if !c.decode(payload) {
		return Claims{}, false
	}
	said := c.said
	user, ok1 := number(&said, `{"iss":"`+tokenIssuer+`","sub":"`)
	expires, ok2 := number(&said, `","aud":["`+tokenIssuer+`"],"exp":`)
	issued, ok3 := number(&said, `,"iat":`)
	session, ok4 := number(&said, `,"sid":`)
	if !ok1 || !ok2 || !ok3 || !ok4 || string(said) != "}" {
		return Claims{}, false
	}
	until := time.Unix(expires, 0).UTC()
	if !now.Before(until) || time.Unix(issued, 0).After(now.Add(clockSkew)) {
		return Claims{}, false
	}
	return Claims{UserID: user, SessionID: session, Expires: until}, true
}

// mostDigits keeps numbers to those that JSON's readers agree about, below 2^53.
const mostDigits = 15

// number takes what is before a number, and the number, off the front of text: a
// positive one, written as the server writes it.
func number(text *[]byte, before string) (int64, bool) {
	rest, ok := bytes.CutPrefix(*text, []byte(before))
	end := 0
	for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	*text = rest[end:]
	n, err := strconv.ParseInt(string(rest[:end]), 10, 64)
	return n, ok && err == nil && rest[0] != '0' && end <= mostDigits
}
