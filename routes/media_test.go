package routes

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// pngFile is a picture, unlike those of other widths.
func pngFile(t *testing.T, width int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 20))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wavFile is a sound of so many bytes, unlike those of other seeds.
func wavFile(seed, size int) string {
	b := []byte("RIFF\xff\xff\xff\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\xff\xff\xff\x00")
	for i := 0; len(b) < size; i++ {
		b = binary.LittleEndian.AppendUint32(b, uint32(seed*1_000_003+i))
	}
	return string(b[:size])
}

// bring uploads a file and gives its address.
func (p *person) bring(file, contentType string) string {
	p.w.t.Helper()
	a := p.post("/api/v1/media", file, "Content-Type: "+contentType)
	if a.status != 201 {
		p.w.t.Fatal(a.status, a.body)
	}
	return a.json("url").(string)
}

func mediaWorld(t *testing.T) *world {
	w := newWorld(t)
	w.api.MediaPerUser = 1 << 30
	return w
}

func TestMedia(t *testing.T) {
	w := mediaWorld(t)
	ann := w.user("ann")
	file := pngFile(t, 30)
	a := ann.post("/api/v1/media", file, "Content-Type: image/png")
	where, _ := a.json("url").(string)
	if a.status != 201 || a.json("type") != "image/png" || a.json("size") != float64(len(file)) || a.json("width") != 30.0 || a.json("height") != 20.0 ||
		where != "/api/v1/media/"+fmt.Sprint(a.json("hash"))+".png" {
		t.Fatal(a.status, a.body)
	}
	if again := ann.post("/api/v1/media", file, "Content-Type: image/png"); again.status != 200 || again.body != a.body {
		t.Error("again:", again.status, again.body)
	}
	got := ann.get(where)
	want := map[string]string{
		"Content-Type": "image/png", "Content-Length": fmt.Sprint(len(file)), "Content-Disposition": "inline", "ETag": `"` + fmt.Sprint(a.json("hash")) + `"`,
		"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes", "Cross-Origin-Resource-Policy": "same-origin",
		"Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
	}
	for name, value := range want {
		if got.header.Get(name) != value {
			t.Errorf("%s: %q, want %q", name, got.header.Get(name), value)
		}
	}
	if got.status != 200 || got.body != file {
		t.Error(got.status, len(got.body))
	}
	if head := w.call(ann, "HEAD", where, ""); head.status != 200 || head.body != "" || head.header.Get("Content-Length") != fmt.Sprint(len(file)) {
		t.Error("HEAD:", head.status, head.header)
	}
	if same := ann.get(where, "If-None-Match: "+got.header.Get("ETag")); same.status != 304 || same.body != "" {
		t.Error("not modified:", same.status)
	}
	if out := w.call(nil, "GET", where, ""); out.status != 401 {
		t.Error("signed out:", out.status)
	}

	// What is claimed does not matter when it is something that can be kept.
	sound := ann.post("/api/v1/media", wavFile(1, 500), "Content-Type: image/png")
	if sound.status != 201 || sound.json("type") != "audio/wav" || sound.json("width") != nil {
		t.Error("a sound:", sound.status, sound.body)
	}
	if got := ann.get(sound.json("url").(string)); got.header.Get("Content-Type") != "audio/wav" {
		t.Error(got.header)
	}
}

func TestMediaRanges(t *testing.T) {
	w := mediaWorld(t)
	ann := w.user("ann")
	file := wavFile(1, 600<<10)
	where := ann.bring(file, "audio/wav")
	tag := ann.get(where).header.Get("ETag")
	const piece = 256 << 10
	for _, tt := range []struct {
		asked, ifRange string
		status         int
		body, says     string
	}{
		{"bytes=0-0", "", 206, file[:1], "bytes 0-0/614400"},
		{fmt.Sprintf("bytes=%d-%d", piece-2, piece+1), "", 206, file[piece-2 : piece+2], "bytes 262142-262145/614400"},
		{"bytes=600000-", "", 206, file[600000:], "bytes 600000-614399/614400"},
		{"bytes=-5", "", 206, file[len(file)-5:], "bytes 614395-614399/614400"},
		{"bytes=5-9999999", "", 206, file[5:], "bytes 5-614399/614400"},
		{"bytes=1-3", tag, 206, file[1:4], "bytes 1-3/614400"},
		{"bytes=1-3", `"another"`, 200, file, ""},
		{"bytes=614400-", "", 416, "", "bytes */614400"},
		{"bytes=x", "", 416, "", ""},
	} {
		headers := []string{"Range: " + tt.asked}
		if tt.ifRange != "" {
			headers = append(headers, "If-Range: "+tt.ifRange)
		}
		got := ann.get(where, headers...)
		if got.status != tt.status || got.header.Get("Content-Range") != tt.says && tt.says != "" {
			t.Errorf("%s: %d %q", tt.asked, got.status, got.header.Get("Content-Range"))
		}
		if tt.status == 416 && (got.code() != "range_not_satisfiable" || got.header.Get("Content-Type") != "application/problem+json") {
			t.Errorf("%s: %v %s", tt.asked, got.header, got.body)
		}
		if tt.status != 416 && got.body != tt.body {
			t.Errorf("%s: %d bytes that are others, want %d", tt.asked, len(got.body), len(tt.body))
		}
	}
	several := ann.get(where, "Range: bytes=0-1,5-6")
	if several.status != 206 || !strings.HasPrefix(several.header.Get("Content-Type"), "multipart/byteranges") {
		t.Error(several.status, several.header)
	}
}

// form is a body as curl -F makes it.
func form(t *testing.T, parts ...[3]string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	f := multipart.NewWriter(&b)
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="x"`, p[0]))
		h.Set("Content-Type", p[1])
		part, err := f.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(part, p[2])
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), f.FormDataContentType()
}

func TestMediaForm(t *testing.T) {
	w := mediaWorld(t)
	ann := w.user("ann")
	file := pngFile(t, 30)
	body, kind := form(t, [3]string{"file", "image/png", file})
	a := ann.post("/api/v1/media", body, "Content-Type: "+kind)
	if a.status != 201 || ann.get(a.json("url").(string)).body != file {
		t.Error(a.status, a.body)
	}
	if raw := ann.post("/api/v1/media", file, "Content-Type: image/png"); raw.status != 200 || raw.body != a.body {
		t.Error("the same as it is:", raw.status, raw.body)
	}
	for _, tt := range []struct {
		name   string
		parts  [][3]string
		status int
	}{
		{"no part", nil, 422},
		{"another part", [][3]string{{"photo", "image/png", file}}, 422},
		{"two parts", [][3]string{{"file", "image/png", file}, {"file", "image/png", file}}, 422},
		{"no picture", [][3]string{{"file", "image/png", "hello"}}, 422},
		{"something else", [][3]string{{"file", "text/plain", "hello"}}, 415},
		{"nothing", [][3]string{{"file", "image/png", ""}}, 422},
	} {
		body, kind := form(t, tt.parts...)
		if a := ann.post("/api/v1/media", body, "Content-Type: "+kind); a.status != tt.status {
			t.Errorf("%s: %d %s", tt.name, a.status, a.body)
		}
	}
	for name, kind := range map[string]string{"without a boundary": "multipart/form-data", "cut short": kind} {
		if a := ann.post("/api/v1/media", body[:len(body)-60], "Content-Type: "+kind); a.status != 400 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

// Under an Idempotency-Key the same file gets the same answer, whatever form it comes in,
// and another one is refused.
func TestMediaTakesAKey(t *testing.T) {
	w := mediaWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	file, key := pngFile(t, 30), "Idempotency-Key: one"
	first := ann.post("/api/v1/media", file, "Content-Type: image/png", key)
	if first.status != 201 {
		t.Fatal(first.status, first.body)
	}
	body, kind := form(t, [3]string{"file", "image/png", file})
	for name, again := range map[string]answer{
		"as it is": ann.post("/api/v1/media", file, "Content-Type: image/png", key), "in a form": ann.post("/api/v1/media", body, "Content-Type: "+kind, key),
	} {
		if again.status != 201 || again.body != first.body {
			t.Error(name, again.status, again.body)
		}
	}
	if other := ann.post("/api/v1/media", pngFile(t, 31), "Content-Type: image/png", key); other.status != 422 || other.code() != "idempotency_conflict" {
		t.Error("another file:", other.status, other.body)
	}
	if n := w.rows("media"); n != 1 {
		t.Errorf("%d files", n)
	}
	if his := bob.post("/api/v1/media", pngFile(t, 31), "Content-Type: image/png", key); his.status != 201 {
		t.Error("somebody else's key:", his.status, his.body)
	}
}

func TestMediaBadInput(t *testing.T) {
	w := mediaWorld(t)
	w.api.MediaPerUser = 15 << 20
	ann := w.user("ann")
	picture := pngFile(t, 30)
	for _, tt := range []struct {
		name, kind, body string
		status           int
		code             string
	}{
		{"no type", "", picture, 415, "unsupported_media_type"},
		{"json", "application/json", `{"file":"x"}`, 415, "unsupported_media_type"},
		{"text", "text/plain", picture, 415, "unsupported_media_type"},
		{"nonsense", "image", picture, 415, "unsupported_media_type"},
		{"a page", "text/html", "<script>alert(1)</script>", 415, "unsupported_media_type"},
		{"a drawing", "image/svg+xml", "<svg/>", 415, "unsupported_media_type"},
		{"a drawing that claims to be a picture", "image/png", `<svg onload="alert(1)"/>`, 422, "validation_failed"},
		{"a picture that is none", "image/png", "hello", 422, "validation_failed"},
		{"a sound that is none", "audio/mpeg", "hello", 422, "validation_failed"},
		{"whatever", "application/octet-stream", "hello", 415, "unsupported_media_type"},
		{"nothing", "image/png", " ", 422, "validation_failed"},
		{"cut short", "image/png", picture[:len(picture)-3], 422, "validation_failed"},
		{"its head alone", "image/gif", "GIF89a", 422, "validation_failed"},
		{"too large a picture", "image/png", picture + strings.Repeat("x", 10<<20), 413, "too_large"},
		{"too large a sound", "audio/wav", wavFile(1, 20<<20+1), 413, "too_large"},
		{"over the quota", "audio/wav", wavFile(1, 16<<20), 409, "limit_reached"},
	} {
		a := ann.post("/api/v1/media", tt.body, "Content-Type: "+tt.kind)
		if a.status != tt.status || a.code() != tt.code {
			t.Errorf("%s: %d %s", tt.name, a.status, a.body)
		}
		if tt.status == 422 && a.json("fields.0.field") != "file" {
			t.Errorf("%s: %s", tt.name, a.body)
		}
	}
	for _, name := range []string{"x", "x.png", strings.Repeat("0", 64), strings.Repeat("0", 64) + ".png", "..%2f..%2faoki.db"} {
		if a := ann.get("/api/v1/media/" + name); a.status != 404 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		if a := w.call(ann, method, "/api/v1/media", ""); a.status != 405 {
			t.Errorf("%s: %d", method, a.status)
		}
	}
	if a := w.call(nil, "POST", "/api/v1/media", picture, "Content-Type: image/png"); a.status != 401 {
		t.Error("signed out:", a.status)
	}
	var stored int64
	if err := w.store.Read(t.Context()).Raw(`SELECT COUNT(*) FROM media_chunks`).Scan(&stored).Error; err != nil || stored != 0 {
		t.Errorf("%d pieces are stored: %v", stored, err)
	}
}

// send writes the beginning of a request by hand.
func (w *world) begin(t *testing.T, p *person, kind, length string) (net.Conn, *bufio.Reader) {
	t.Helper()
	site, err := url.Parse(w.url)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", site.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	fmt.Fprintf(conn, "POST /api/v1/media HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n%s\r\n\r\n", site.Host, p.token, kind, length)
	return conn, bufio.NewReader(conn)
}

// What is too large is refused before it has come: by what is announced, or when it has
// become too much.
func TestTooLargeIsRefusedAtOnce(t *testing.T) {
	w := mediaWorld(t)
	ann := w.user("ann")
	answered := func(r *bufio.Reader) int {
		t.Helper()
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if body, err := io.ReadAll(resp.Body); err != nil || !resp.Close || !strings.Contains(string(body), `"too_large"`) {
			t.Errorf("%s %v", body, err)
		}
		return resp.StatusCode
	}
	_, r := w.begin(t, ann, "image/png", "Content-Length: 100000000")
	if got := answered(r); got != 413 {
		t.Error("announced:", got)
	}
	_, r = w.begin(t, ann, "multipart/form-data; boundary=x", "Content-Length: 100000000")
	if got := answered(r); got != 413 {
		t.Error("a form, announced:", got)
	}
	conn, r := w.begin(t, ann, "image/png", "Content-Length: 12000000")
	fmt.Fprint(conn, pngFile(t, 30)) // a sound might have so much
	if got := answered(r); got != 413 {
		t.Error("a picture, announced:", got)
	}
	conn, r = w.begin(t, ann, "image/png", "Transfer-Encoding: chunked")
	piece := strings.Repeat("x", 1<<20)
	fmt.Fprintf(conn, "%x\r\n%s\r\n", 60, pngFile(t, 30)[:60])
	for range 11 {
		fmt.Fprintf(conn, "%x\r\n%s\r\n", len(piece), piece)
	}
	if got := answered(r); got != 413 {
		t.Error("by and by:", got)
	}
	// Who sends all before it reads finds the answer too.
	conn, r = w.begin(t, ann, "image/png", "Content-Length: 104857600")
	for range 100 {
		if _, err := io.WriteString(conn, piece); err != nil {
			t.Fatal(err)
		}
	}
	if got := answered(r); got != 413 {
		t.Error("all sent:", got)
	}
}

// Two files of a user arrive at the same time; a third waits, other users' don't, and
// what was cut off makes room and leaves nothing.
func TestUploadsAtTheSameTime(t *testing.T) {
	w := mediaWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	var slow []net.Conn
	for range 2 {
		conn, _ := w.begin(t, ann, "audio/wav", "Content-Length: 1000\r\nExpect: 100-continue")
		// It is read, so it has its place.
		if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
			t.Fatal(line, err)
		}
		slow = append(slow, conn)
	}
	third := make(chan int)
	go func() {
		third <- ann.post("/api/v1/media", wavFile(3, 1000), "Content-Type: audio/wav").status
	}()
	bob.bring(wavFile(4, 1000), "audio/wav")
	select {
	case status := <-third:
		t.Fatal("the third has not waited:", status)
	default:
	}
	fmt.Fprint(slow[0], wavFile(1, 500))
	slow[0].Close()
	if status := <-third; status != 201 {
		t.Error("the third:", status)
	}
	fmt.Fprint(slow[1], wavFile(2, 1000))
	if resp, err := http.ReadResponse(bufio.NewReader(slow[1]), nil); err != nil || resp.StatusCode != 201 {
		t.Error("the slow one:", resp, err)
	}
	var stored int64
	if err := w.store.Read(t.Context()).Raw(`SELECT COUNT(*) FROM media`).Scan(&stored).Error; err != nil || stored != 3 {
		t.Errorf("%d files: %v", stored, err)
	}
}

func TestMediaOfSharedDecks(t *testing.T) {
	w := mediaWorld(t)
	ann, bob, cat := w.user("ann"), w.user("bob"), w.user("cat")
	where := ann.bring(pngFile(t, 30), "image/png")
	deck := ann.post("/api/v1/decks", `{"name":"Flags"}`).json("id")
	notes := fmt.Sprintf("/api/v1/decks/%v/notes", deck)
	if a := ann.post(notes, fmt.Sprintf(`{"type":"basic","fields":{"Front":"![flag](%s)","Back":"Chad"}}`, where)); a.status != 201 {
		t.Fatal(a.body)
	}
	member := fmt.Sprintf("/api/v1/decks/%v/members/bob", deck)
	sees := func(when string, p *person, want int) {
		t.Helper()
		for _, headers := range [][]string{nil, {"Range: bytes=0-3"}, {`If-None-Match: *`}} {
			status := p.get(where, headers...).status
			if (status == 404) != (want == 404) {
				t.Errorf("%s, %v: %d", when, headers, status)
			}
		}
	}
	sees("before it is shared", bob, 404)
	w.call(ann, "PUT", member, `{"role":"viewer"}`)
	sees("a viewer", bob, 200)
	sees("a stranger", cat, 404)
	w.call(bob, "DELETE", member, "")
	sees("after leaving", bob, 404)
	sees("its bringer", ann, 200)
}

// Many who read and write at the same time get what they asked for.
func TestMediaUnderLoad(t *testing.T) {
	w := mediaWorld(t)
	var all sync.WaitGroup
	for n := range 4 {
		p := w.user(fmt.Sprint("user", n))
		all.Go(func() {
			for i := range 4 {
				file := wavFile(n*100+i, 300<<10+n)
				a := p.post("/api/v1/media", file, "Content-Type: audio/wav")
				where, _ := a.json("url").(string)
				if got := p.get(where); a.status != 201 || got.body != file {
					t.Error(a.status, a.body, got.status)
				}
				p.tell("deck.created", `{}`)
			}
		})
	}
	all.Wait()
}
