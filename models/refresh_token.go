package models

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// refreshToken is what a device shows to stay signed in. Each serves once and is
// followed by the next of its session. The secrets form a chain: the next is
// made from the one before with the server's key, so the direct predecessor leads
// to the very same successor again, and an old token proves itself by leading to
// the hash that is stored. Who reads the database alone gets neither.
type refreshToken struct {
	session    int64
	generation int64
	secret     [sha256.Size]byte
}

const (
	refreshPrefix = "aokir_" // tells people and secret scanners what was found
	// maxChain bounds the work that a token can ask for: a session that is
	// refreshed every 5 minutes for a month.
	maxChain = 10_000
)

func newRefreshToken(session int64) refreshToken {
	t := refreshToken{session: session}
	rand.Read(t.secret[:])
	return t
}

func (t refreshToken) String() string {
	return fmt.Sprintf("%s%d.%d.%s", refreshPrefix, t.session, t.generation, base64.RawURLEncoding.EncodeToString(t.secret[:]))
}

func parseRefreshToken(s string) (t refreshToken, ok bool) {
	rest, ok := strings.CutPrefix(s, refreshPrefix)
	parts := strings.Split(rest, ".")
	if !ok || len(s) > 128 || len(parts) != 3 {
		return t, false
	}
	var err1, err2 error
	t.session, err1 = strconv.ParseInt(parts[0], 10, 64)
	t.generation, err2 = strconv.ParseInt(parts[1], 10, 64)
	secret, err3 := base64.RawURLEncoding.DecodeString(parts[2])
	if err1 != nil || err2 != nil || err3 != nil || len(secret) != len(t.secret) {
		return t, false
	}
	copy(t.secret[:], secret)
	return t, t.String() == s // one spelling only
}

// hash is what is stored of a token.
func (t refreshToken) hash() string {
	sum := sha256.Sum256([]byte(t.String()))
	return hex.EncodeToString(sum[:])
}

// next is the token that follows this one.
func (t refreshToken) next(key []byte) refreshToken {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(t.String()))
	n := refreshToken{session: t.session, generation: t.generation + 1}
	mac.Sum(n.secret[:0])
	return n
}

// leadsTo follows the chain from t to the generation whose hash is stored. It
// gives that token, or false when t is not of this chain.
func (t refreshToken) leadsTo(generation int64, hash string, key []byte) (refreshToken, bool) {
	if steps := generation - t.generation; steps < 0 || steps > maxChain {
		return t, false
	}
	for t.generation < generation {
		t = t.next(key)
	}
	return t, hmac.Equal([]byte(t.hash()), []byte(hash))
}
