package prove

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReportTellsWhichEvent(t *testing.T) {
	w := &world{name: "w0", ops: map[string]*op{}, faults: map[fault]int{kill: 2}, wrongs: map[wrong]int{}, accounts: []*account{{name: "ann"}}}
	w.ops["w0-1"] = change("w0-1", 0, 1, 2, 0)
	w.mu.Lock()
	w.add(violation{What: lost, World: "w0", User: "ann", Device: "w0/ann/poll", Seq: 7, Token: "w0-1", Detail: "never shown"})
	for range maxFound {
		w.add(violation{What: duplicated, World: "w0"})
	}
	w.mu.Unlock()
	o := Options{Seed: 5, Temp: t.TempDir()}
	r := newReport(o, []*world{w}, 0)
	if err := r.keep(o, []*world{w}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	r.Print(&out)
	if !strings.HasSuffix(out.String(), "lost 1 · duplicated 10000 · reordered 0 · alien 0\n") {
		t.Errorf("said\n%s", &out)
	}
	for _, want := range []string{"lost: w0/ann/poll, life 1, event 7, w0-1: never shown\n", "kill -9 2", filepath.Join(o.Temp, "history-5.jsonl")} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	file, err := os.Open(r.History)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := json.NewDecoder(file)
	var first violation
	if err := lines.Decode(&first); err != nil || first.What != lost || first.Token != "w0-1" {
		t.Errorf("the history begins with %+v, %v", first, err)
	}
}

func TestReportKeepsNothingWhenAllIsWell(t *testing.T) {
	o := Options{Temp: t.TempDir()}
	r := newReport(o, nil, 0)
	if err := r.keep(o, nil); err != nil || r.History != "" {
		t.Errorf("history %q, %v", r.History, err)
	}
}
