package controllers

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// benchPush is a push as programs send it: its body is 256 bytes, like those of make bench.
var benchPush = `{"to":{"users":["u4711"]},"title":"bench","body":"` + strings.Repeat("x", 256) + `"}`

// BenchmarkDecode is a push's body, read and checked.
func BenchmarkDecode(b *testing.B) {
	_, decodePush := decoder(b, benchPush)
	b.ReportAllocs()
	for b.Loop() {
		decodePush()
	}
}

// decoder gives a function that decodes the body as the server would, and the request
// that it does it with.
func decoder(t testing.TB, body string) (*gin.Context, func()) {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	in := strings.NewReader(body)
	r, err := http.NewRequest("POST", "/", in)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	c := &gin.Context{Request: r}
	return c, func() {
		in.Reset(body)
		c.Keys = nil
		var req pushRequest
		if !decode(c, &req) {
			t.Fatal("a good body was refused")
		}
	}
}

// BenchmarkToken is an access token made and checked, as at each login and at each
// request.
func BenchmarkToken(b *testing.B) {
	tokens, err := NewTokens(time.Now, []byte(strings.Repeat("k", minKey)))
	if err != nil {
		b.Fatal(err)
	}
	token, _, err := tokens.Issue(1, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("issue", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := tokens.Issue(1, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("verify", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := tokens.Verify(token); err != nil {
				b.Fatal(err)
			}
		}
	})
}
