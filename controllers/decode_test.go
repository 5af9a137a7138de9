package controllers

import (
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"aoki/models"
)

type thing struct {
	Name  string            `json:"name" validate:"required,max=5"`
	Count *int              `json:"count" validate:"omitempty,min=1,max=9"`
	Kind  string            `json:"kind" validate:"omitempty,oneof=a b"`
	Tags  []string          `json:"tags" validate:"max=2,dive,min=1,max=3"`
	Free  json.RawMessage   `json:"free"`
	Map   map[string]string `json:"map"`
	Inner *struct {
		Flag bool     `json:"flag"`
		List []inside `json:"list"`
	} `json:"inner"`
}

type inside struct {
	X int64 `json:"x"`
}

// try gives the request to a handler as the server would.
func try(t *testing.T, contentType, body string, handle func(c *gin.Context)) *httptest.ResponseRecorder {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.POST("/things", handle)
	r := httptest.NewRequest("POST", "/things", strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

func TestDecode(t *testing.T) {
	big := `{"name":"` + strings.Repeat("x", MaxBody) + `"}`
	for _, tt := range []struct {
		name, contentType, body string
		status                  int
		code, field             string
	}{
		{"plain", "application/json", `{"name":"ann"}`, 200, "", ""},
		{"with charset", "application/json; charset=UTF-8", `{"name":"ann"}`, 200, "", ""},
		{"all of it", "application/json", `{"name":"ann","count":3,"kind":"a","tags":["x"],"free":{"any":[1,{"a":null}]},"map":{"k":"v"},"inner":{"flag":true,"list":[{"x":1}]}}`, 200, "", ""},
		{"five characters, not bytes", "application/json", `{"name":"日本語青木"}`, 200, "", ""},
		{"deep", "application/json", `{"name":"a","free":` + strings.Repeat("[", 60) + strings.Repeat("]", 60) + `}`, 200, "", ""},
		{"space around", "application/json", "  {\"name\":\"ann\"}\n\t", 200, "", ""},
		{"a pair of surrogates", "application/json", `{"name":"\ud83d\ude00"}`, 200, "", ""},
		{"an escaped backslash before u", "application/json", `{"name":"\\ud"}`, 200, "", ""},

		{"no type", "", `{"name":"ann"}`, 415, "unsupported_media_type", ""},
		{"a form", "application/x-www-form-urlencoded", `name=ann`, 415, "unsupported_media_type", ""},
		{"text", "text/plain", `{"name":"ann"}`, 415, "unsupported_media_type", ""},
		{"another charset", "application/json; charset=latin1", `{"name":"ann"}`, 415, "unsupported_media_type", ""},
		{"too large", "application/json", big, 413, "too_large", ""},

		{"nothing", "application/json", ``, 400, "malformed", ""},
		{"space", "application/json", ` `, 400, "malformed", ""},
		{"cut off", "application/json", `{"name":"ann"`, 400, "malformed", ""},
		{"no JSON", "application/json", `name=ann`, 400, "malformed", ""},
		{"a comma too many", "application/json", `{"name":"ann",}`, 400, "malformed", ""},
		{"a comma too few", "application/json", `{"name":"ann" "kind":"a"}`, 400, "malformed", ""},
		{"something behind it", "application/json", `{"name":"ann"}x`, 400, "malformed", ""},
		{"two values", "application/json", `{"name":"ann"}{"name":"bob"}`, 400, "malformed", ""},
		{"bad UTF-8", "application/json", "{\"name\":\"\xff\"}", 400, "malformed", ""},
		{"half a surrogate pair", "application/json", `{"name":"\ud83d"}`, 400, "malformed", ""},
		{"the other half", "application/json", `{"name":"\ude00"}`, 400, "malformed", ""},
		{"halves in the wrong order", "application/json", `{"name":"\ude00\ud83d"}`, 400, "malformed", ""},
		{"a name twice", "application/json", `{"name":"ann","name":"bob"}`, 400, "malformed", "name"},
		{"a raw NUL", "application/json", "{\"name\":\"a\x00\"}", 400, "malformed", ""},
		{"too deep", "application/json", `{"free":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, 400, "malformed", ""},
		{"nothing but brackets", "application/json", strings.Repeat("[", MaxBody), 400, "malformed", ""},
		{"unknown", "application/json", `{"name":"ann","colour":1}`, 400, "unknown_field", "colour"},
		{"unknown inside", "application/json", `{"name":"ann","inner":{"list":[{"x":1},{"y":2}]}}`, 400, "unknown_field", "inner.list[1].y"},
		{"another case", "application/json", `{"Name":"ann"}`, 400, "unknown_field", "Name"},

		{"an escaped NUL", "application/json", `{"name":"a\u0000"}`, 422, "validation_failed", "name"},
		{"a NUL where anything goes", "application/json", `{"name":"a","free":{"x":["\u0000"]}}`, 422, "validation_failed", "free.x[0]"},
		{"a list", "application/json", `[]`, 422, "validation_failed", ""},
		{"text alone", "application/json", `"ann"`, 422, "validation_failed", ""},
		{"null", "application/json", `null`, 422, "validation_failed", "name"},
		{"wrong type", "application/json", `{"name":5}`, 422, "validation_failed", "name"},
		{"wrong type inside", "application/json", `{"name":"a","inner":{"flag":"yes"}}`, 422, "validation_failed", "inner.flag"},
		{"a fraction", "application/json", `{"name":"a","count":1.5}`, 422, "validation_failed", "count"},
		{"beyond 64 bits", "application/json", `{"name":"a","count":99999999999999999999}`, 422, "validation_failed", "count"},
		{"missing", "application/json", `{}`, 422, "validation_failed", "name"},
		{"empty", "application/json", `{"name":""}`, 422, "validation_failed", "name"},
		{"too long", "application/json", `{"name":"six666"}`, 422, "validation_failed", "name"},
		{"too small", "application/json", `{"name":"a","count":0}`, 422, "validation_failed", "count"},
		{"no choice", "application/json", `{"name":"a","kind":"c"}`, 422, "validation_failed", "kind"},
		{"too many", "application/json", `{"name":"a","tags":["a","b","c"]}`, 422, "validation_failed", "tags"},
		{"one of them too long", "application/json", `{"name":"a","tags":["a","bbbb"]}`, 422, "validation_failed", "tags[1]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := try(t, tt.contentType, tt.body, func(c *gin.Context) {
				var req thing
				if decode(c, &req) {
					send(c, 200, req)
				}
			})
			if w.Code != tt.status {
				t.Fatalf("%d, want %d: %.300s", w.Code, tt.status, w.Body)
			}
			if tt.status == 200 {
				return
			}
			var p problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			if p.Code != tt.code || p.Status != tt.status || p.Detail == "" || p.Title == "" {
				t.Errorf("problem %+v", p)
			}
			if tt.field != "" && (len(p.Fields) == 0 || p.Fields[0].Field != tt.field || p.Fields[0].Message == "") {
				t.Errorf("fields %+v, want %s", p.Fields, tt.field)
			}
		})
	}
}

func TestDecodeKeepsText(t *testing.T) {
	var got thing
	w := try(t, "application/json", `{"name":"<&>é😀"}`, func(c *gin.Context) {
		if decode(c, &got) {
			send(c, 200, got)
		}
	})
	if got.Name != "<&>é😀" || !strings.Contains(w.Body.String(), `"<&>é😀"`) {
		t.Errorf("%q became %s", got.Name, w.Body)
	}
	if w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestDecodeOptional(t *testing.T) {
	for _, tt := range []struct {
		contentType, body string
		status            int
	}{
		{"", "", 200},
		{"application/json", `{"name":"a"}`, 200},
		{"", `{"name":"a"}`, 415},
		{"application/json", ``, 200},
		{"application/json", ` `, 400},
	} {
		w := try(t, tt.contentType, tt.body, func(c *gin.Context) {
			var req thing
			if decodeOptional(c, &req) {
				done(c)
			}
		})
		if got := w.Code; got != tt.status && (tt.status != 200 || got != 204) {
			t.Errorf("%q %q: %d", tt.contentType, tt.body, got)
		}
	}
}

func TestIdempotent(t *testing.T) {
	handle := func(user int64, key string) func(c *gin.Context) {
		return func(c *gin.Context) {
			SetCaller(c, Caller{UserID: user})
			if key != "-" {
				c.Request.Header["Idempotency-Key"] = strings.Split(key, "|")
			}
			var req thing
			if !decode(c, &req) {
				return
			}
			if _, ok := idempotent(c); ok {
				done(c)
			}
		}
	}
	for key, status := range map[string]int{
		"-": 204, "a": 204, "with space and ~": 204, strings.Repeat("k", 255): 204,
		"": 422, strings.Repeat("k", 256): 422, "tab\t": 422, "ü": 422, "a|b": 422,
	} {
		w := try(t, "application/json", `{"name":"a"}`, handle(5, key))
		if w.Code != status {
			t.Errorf("key %q: %d, want %d", key, w.Code, status)
		}
	}
}

func TestFail(t *testing.T) {
	for _, tt := range []struct {
		err    error
		status int
		code   string
	}{
		{models.Errorf(models.NotFound, "x"), 404, "not_found"},
		{models.Errorf(models.Forbidden, "x"), 403, "forbidden"},
		{models.Errorf(models.Conflict, "x"), 409, "conflict"},
		{models.Errorf(models.Unavailable, "x"), 503, "unavailable"},
		{models.Errorf(models.IdempotencyConflict, "x"), 422, "idempotency_conflict"},
		{models.Errorf(codeRateLimited, "x"), 429, "rate_limited"},
		{models.Errorf(codeUnauthorized, "x"), 401, "unauthorized"},
		{models.Errorf("a_code_that_nobody_knows", "the secret"), 500, "internal"},
		{&json.UnmarshalTypeError{Value: "the secret", Type: reflect.TypeFor[int]()}, 500, "internal"},
	} {
		w := try(t, "", "", func(c *gin.Context) { fail(c, tt.err) })
		if w.Code != tt.status || !strings.Contains(w.Body.String(), `"code":"`+tt.code+`"`) {
			t.Errorf("%v: %d %s", tt.err, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v went to the client: %s", tt.err, w.Body)
		}
		retry := w.Header().Get("Retry-After")
		if wants := tt.status == 429 || tt.status == 503; wants != (retry != "") {
			t.Errorf("%d with Retry-After %q", w.Code, retry)
		}
		if (w.Header().Get("WWW-Authenticate") == "Bearer") != (tt.status == 401) {
			t.Errorf("%d with WWW-Authenticate %q", w.Code, w.Header().Get("WWW-Authenticate"))
		}
	}
}

func TestParseID(t *testing.T) {
	for s, want := range map[string]int64{"1": 1, "9223372036854775807": 1<<63 - 1} {
		if id, ok := parseID(s); !ok || id != want {
			t.Errorf("%q: %d %v", s, id, ok)
		}
	}
	for _, s := range []string{"", "0", "-1", "+1", "01", " 1", "1 ", "1.0", "1e3", "0x1", "a", "9223372036854775808", "１", "1;DROP"} {
		if id, ok := parseID(s); ok {
			t.Errorf("%q became %d", s, id)
		}
	}
}

func TestPaging(t *testing.T) {
	for query, want := range map[string]struct {
		status, limit int
	}{
		"": {200, 50}, "limit=1": {200, 1}, "limit=200": {200, 200},
		"limit=0": {422, 0}, "limit=201": {422, 0}, "limit=-5": {422, 0},
		"limit=": {400, 0}, "limit=ten": {400, 0}, "limit=1.5": {400, 0}, "limit=99999999999999999999": {400, 0},
		"after=" + strings.Repeat("x", 513): {400, 0},
	} {
		gin.SetMode(gin.ReleaseMode)
		e := gin.New()
		e.GET("/", func(c *gin.Context) {
			if _, limit, ok := paging(c); ok {
				send(c, 200, limit)
			}
		})
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest("GET", "/?"+query, nil))
		if w.Code != want.status {
			t.Errorf("%q: %d, want %d", query, w.Code, want.status)
		}
	}
	if body, _ := encode(page([]int(nil), "")); string(body) != `{"items":[],"next":null}` {
		t.Errorf("an empty page is %s", body)
	}
	if body, _ := encode(page([]int{1}, "7")); string(body) != `{"items":[1],"next":"7"}` {
		t.Errorf("a page is %s", body)
	}
}
