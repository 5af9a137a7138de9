package routes

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"go.yaml.in/yaml/v3"
)

func parse(t *testing.T, text []byte) document {
	t.Helper()
	var d document
	if err := yaml.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// refs calls fn for every $ref in a document.
func refs(v any, fn func(string)) {
	switch v := v.(type) {
	case document:
		if ref, ok := v["$ref"].(string); ok {
			fn(ref)
		}
		for _, inner := range v {
			refs(inner, fn)
		}
	case []any:
		for _, inner := range v {
			refs(inner, fn)
		}
	}
}

func resolve(d document, ref string) bool {
	path, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return false
	}
	var at any = d
	for step := range strings.SplitSeq(path, "/") {
		in, ok := at.(document)
		if !ok {
			return false
		}
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		if at, ok = in[step]; !ok {
			return false
		}
	}
	return true
}

func TestReferencesResolve(t *testing.T) {
	for name, text := range map[string][]byte{"openapi.yaml": openapi, "asyncapi.yaml": asyncapi} {
		d := parse(t, text)
		n := 0
		refs(d, func(ref string) {
			n++
			if !resolve(d, ref) {
				t.Errorf("%s: %s leads nowhere", name, ref)
			}
		})
		if n == 0 {
			t.Errorf("%s has no references at all", name)
		}
	}
}

// What the document defines and nothing uses is a mistake or a leftover.
func TestComponentsAreUsed(t *testing.T) {
	d := parse(t, openapi)
	used := map[string]bool{}
	refs(d, func(ref string) { used[ref] = true })
	for kind, all := range d["components"].(document) {
		if kind == "securitySchemes" {
			continue
		}
		for name := range all.(document) {
			if !used["#/components/"+kind+"/"+name] {
				t.Errorf("%s/%s is not used", kind, name)
			}
		}
	}
}

var param = regexp.MustCompile(`:(\w+)`)

func TestEveryRouteIsDocumented(t *testing.T) {
	w := newWorld(t)
	handler, err := New(w.api, builtApp())
	if err != nil {
		t.Fatal(err)
	}
	served := map[string]bool{}
	for _, r := range handler.(*gin.Engine).Routes() {
		if r.Method != "HEAD" { // the same as GET, without the body
			served[r.Method+" "+param.ReplaceAllString(r.Path, "{$1}")] = true
		}
	}
	documented := map[string]bool{}
	ids := map[string]string{}
	for path, item := range parse(t, openapi)["paths"].(document) {
		for method, operation := range item.(document) {
			if method == "parameters" {
				continue
			}
			key := strings.ToUpper(method) + " " + path
			documented[key] = true
			op := operation.(document)
			id, _ := op["operationId"].(string)
			if id == "" || ids[id] != "" {
				t.Errorf("%s: operationId %q is missing or that of %s", key, id, ids[id])
			}
			ids[id] = key
			if op["summary"] == nil || op["responses"] == nil || op["tags"] == nil {
				t.Errorf("%s lacks a summary, a tag or its responses", key)
			}
		}
	}
	for key := range served {
		if !documented[key] {
			t.Errorf("%s is served and not documented", key)
		}
	}
	for key := range documented {
		if !served[key] {
			t.Errorf("%s is documented and not served", key)
		}
	}
}

// Every parameter in a path is declared, and every body and error has a schema.
func TestOperationsAreWhole(t *testing.T) {
	d := parse(t, openapi)
	inPath := regexp.MustCompile(`\{(\w+)\}`)
	names := map[string]string{}
	for name, p := range d["components"].(document)["parameters"].(document) {
		names["#/components/parameters/"+name], _ = p.(document)["name"].(string)
	}
	declared := func(list any) (out []string) {
		params, _ := list.([]any)
		for _, p := range params {
			p := p.(document)
			if ref, ok := p["$ref"].(string); ok {
				out = append(out, names[ref])
			} else {
				out = append(out, p["name"].(string))
			}
		}
		return out
	}
	public := 0
	for path, item := range d["paths"].(document) {
		common := declared(item.(document)["parameters"])
		for method, op := range item.(document) {
			if method == "parameters" {
				continue
			}
			op := op.(document)
			here := slices.Concat(common, declared(op["parameters"]))
			for _, m := range inPath.FindAllStringSubmatch(path, -1) {
				if !slices.Contains(here, m[1]) {
					t.Errorf("%s %s does not declare {%s}", method, path, m[1])
				}
			}
			if body, ok := op["requestBody"].(document); ok {
				for kind, media := range body["content"].(document) {
					if media.(document)["schema"] == nil {
						t.Errorf("%s %s: no schema for its body as %s", method, path, kind)
					}
				}
			}
			responses := op["responses"].(document)
			if security, ok := op["security"].([]any); ok && len(security) == 0 {
				public++
			} else if responses["401"] == nil {
				t.Errorf("%s %s needs a user and has no 401", method, path)
			}
			if strings.Contains(path, "/admin/") && responses["403"] == nil {
				t.Errorf("%s %s is for admins and has no 403", method, path)
			}
			if strings.Contains(path, "{id}") && responses["404"] == nil {
				t.Errorf("%s %s has an id and no 404", method, path)
			}
		}
	}
	if public == 0 {
		t.Error("nothing is public")
	}
}

// Names of events and kinds of notifications are written out in the code. Each must
// be in the documents, and the documents may promise no other.
func TestEveryEventIsDocumented(t *testing.T) {
	name := regexp.MustCompile(`"((?:card|deck|note|notification|me|schedule|preset|reminders)\.[a-z]+)"`)
	used := map[string]bool{}
	files, err := filepath.Glob("../models/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range name.FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
		}
	}
	if len(used) < 10 {
		t.Fatalf("found only %v: are names written otherwise now?", used)
	}

	schemas := parse(t, openapi)["components"].(document)["schemas"].(document)
	enum := func(schema string) (names []string) {
		for _, n := range schemas[schema].(document)["enum"].([]any) {
			names = append(names, n.(string))
		}
		return names
	}
	kinds := enum("NotificationKind")
	promised := map[string][]string{"openapi.yaml": enum("EventName")}
	for _, message := range parse(t, asyncapi)["components"].(document)["messages"].(document) {
		if n := message.(document)["name"].(string); strings.Contains(n, ".") {
			promised["asyncapi.yaml"] = append(promised["asyncapi.yaml"], n)
		}
	}
	for file, names := range promised {
		for n := range used {
			if !slices.Contains(names, n) && !slices.Contains(kinds, n) {
				t.Errorf("%s is used and not in %s", n, file)
			}
		}
		for _, n := range names {
			if !used[n] {
				t.Errorf("%s is in %s and never used", n, file)
			}
		}
	}
}

// The frames that are not in the log, and the close codes, as realtime has them.
func TestEveryFrameIsDocumented(t *testing.T) {
	d := parse(t, asyncapi)
	names := map[string]bool{}
	for _, message := range d["components"].(document)["messages"].(document) {
		names[message.(document)["name"].(string)] = true
	}
	codes := map[string]bool{}
	for _, c := range d["channels"].(document)["socket"].(document)["x-close-codes"].([]any) {
		codes[yamlText(c.(document)["code"])] = true
	}
	files, err := filepath.Glob("../realtime/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no files of realtime")
	}
	frame := regexp.MustCompile(`(?:envelope\{Name: |case |"name":)"([a-z]+)"`)
	code := regexp.MustCompile(`\bClose\w+\s+= (4\d{3})\b`)
	for _, file := range files {
		base := filepath.Base(file)
		if strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, "client") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range frame.FindAllStringSubmatch(string(text), -1) {
			if !names[m[1]] {
				t.Errorf("%s: the frame %q is not documented", base, m[1])
			}
		}
		for _, m := range code.FindAllStringSubmatch(string(text), -1) {
			if !codes[m[1]] {
				t.Errorf("%s: the close code %s is not documented", base, m[1])
			}
		}
	}
}

func yamlText(v any) string {
	out, _ := yaml.Marshal(v)
	return strings.TrimSpace(string(out))
}
