package controllers

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
)

// A body is read the same whether its length is announced or not, and however long it is.
func TestReadBody(t *testing.T) {
	for _, tt := range []struct {
		name              string
		size              int
		announced, status int // announced: -1 when it comes in chunks
	}{
		{"nothing", 0, 0, 200},
		{"nothing, in chunks", 0, -1, 200},
		{"small", 100, 100, 200},
		{"small, in chunks", 100, -1, 200},
		{"the last small one", smallBody, smallBody, 200},
		{"the first large one", smallBody + 1, smallBody + 1, 200},
		{"the largest", MaxBody, MaxBody, 200},
		{"the largest, in chunks", MaxBody, -1, 200},
		{"too large", MaxBody + 1, MaxBody + 1, 413},
		{"too large, in chunks", MaxBody + 1, -1, 413},
		{"cut off", 99, 100, 400},
		{"nothing of what was announced", 0, 100, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := strings.Repeat("x", tt.size)
			gin.SetMode(gin.ReleaseMode)
			c, _ := gin.CreateTestContext(httptest.NewRecorder())
			c.Request = httptest.NewRequest("POST", "/", strings.NewReader(body))
			c.Request.ContentLength = int64(tt.announced)
			for range 2 { // it can be asked for again
				raw, ok := readBody(c)
				if ok != (tt.status == 200) || ok && string(raw) != body || !ok && raw != nil {
					t.Errorf("%v, %d bytes", ok, len(raw))
				}
				if c.Writer.Status() != tt.status {
					t.Errorf("status %d", c.Writer.Status())
				}
				if !ok {
					break
				}
			}
		})
	}
}
