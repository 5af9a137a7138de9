package routes

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// encodings are the forms in which the build leaves a file beside the plain one,
// best first.
var encodings = [...]struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}}

// static is the files of a folder, known by name when the server starts: nothing
// else is ever opened.
type static struct {
	fsys  fs.FS
	files map[string]*staticFile
}

type staticFile struct {
	contentType string
	variants    [len(encodings)]*variant // in the order of encodings; nil where there is none
}

type variant struct {
	path string
	size int64
	etag string // strong and quoted, of these very bytes
}

// newStatic reads a folder. Hidden files and what skip names are left out.
func newStatic(fsys fs.FS, skip func(name string) bool) (*static, error) {
	s := &static{fsys: fsys, files: map[string]*staticFile{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if name != "." && strings.HasPrefix(path.Base(name), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() || skip(name) {
			return nil
		}
		return s.add(name)
	})
	return s, err
}

func (s *static) add(name string) error {
	plain, which := name, len(encodings)-1
	for i, e := range encodings[:which] {
		if base, ok := strings.CutSuffix(name, e.suffix); ok && exists(s.fsys, base) {
			plain, which = base, i
			break
		}
	}
	f := s.files[plain]
	if f == nil {
		f = &staticFile{contentType: contentType(plain)}
		s.files[plain] = f
	}
	v, err := readVariant(s.fsys, name)
	f.variants[which] = v
	return err
}

func exists(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && !info.IsDir()
}

func readVariant(fsys fs.FS, name string) (*variant, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	h := sha256.New()
	size, err := io.Copy(h, file)
	if err != nil {
		return nil, err
	}
	sum := base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
	return &variant{path: name, size: size, etag: `"` + sum + `"`}, nil
}

// send answers GET and HEAD with a file in the best form that the client takes.
func (s *static) send(c *gin.Context, f *staticFile, cache string) {
	h := c.Writer.Header()
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", cache)
	which := f.choose(c.Request.Header.Values("Accept-Encoding"))
	v := f.variants[which]
	h.Set("ETag", v.etag)
	if etagMatches(c.Request.Header.Values("If-None-Match"), v.etag) {
		c.Status(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Length", strconv.FormatInt(v.size, 10))
	if name := encodings[which].name; name != "" {
		h.Set("Content-Encoding", name)
	}
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		return
	}
	file, err := s.fsys.Open(v.path)
	if err != nil {
		panic(err) // it was there when the server started
	}
	defer file.Close()
	_, _ = io.Copy(c.Writer, file)
}

// choose finds the best form that the client takes; plain is always one.
func (f *staticFile) choose(accept []string) int {
	plain := len(encodings) - 1
	for i, e := range encodings[:plain] {
		if f.variants[i] != nil && accepts(accept, e.name, "*") {
			return i
		}
	}
	return plain
}

// accepts reports whether one of the names is in a list of an Accept header with a
// weight above 0. The first of the names that is listed decides.
func accepts(header []string, names ...string) bool {
	weights := map[string]float64{}
	for _, line := range header {
		for part := range strings.SplitSeq(line, ",") {
			word, params, _ := strings.Cut(part, ";")
			weight := 1.0
			for p := range strings.SplitSeq(params, ";") {
				if q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(p)), "q="); ok {
					weight, _ = strconv.ParseFloat(q, 64)
				}
			}
			weights[strings.ToLower(strings.TrimSpace(word))] = weight
		}
	}
	for _, name := range names {
		if weight, listed := weights[name]; listed {
			return weight > 0
		}
	}
	return false
}

// etagMatches compares weakly, as If-None-Match wants it: proxies that compress
// make a strong tag weak.
func etagMatches(header []string, etag string) bool {
	for _, line := range header {
		for part := range strings.SplitSeq(line, ",") {
			if tag := strings.TrimSpace(part); tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
				return true
			}
		}
	}
	return false
}

// contentType is exact for what a front end's build makes, whatever the machine's
// own table says.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".wasm":
		return "application/wasm"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".webp":
		return "image/webp"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".woff":
		return "font/woff"
	case ".ttf":
		return "font/ttf"
	}
	return "application/octet-stream"
}
