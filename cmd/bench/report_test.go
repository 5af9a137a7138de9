package bench

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestGoals(t *testing.T) {
	for _, c := range []struct {
		goal  goal
		value float64
		want  string
	}{
		{atMost(10, 8), 8, "stretch"}, {atMost(10, 8), 8.1, "met"}, {atMost(10, 8), 10, "met"}, {atMost(10, 8), 10.1, "short"},
		{atLeast(3, 4), 4, "stretch"}, {atLeast(3, 4), 3.9, "met"}, {atLeast(3, 4), 3, "met"}, {atLeast(3, 4), 2.9, "short"},
		{atMost(0, 0), 0, "stretch"}, {atMost(0, 0), 1, "short"},
	} {
		if got := c.goal.met(c.value); got != c.want {
			t.Errorf("%v of %v is %s, want %s", c.value, c.goal, got, c.want)
		}
	}
}

// Every stage has a line, and no line is of a stage that there is none of.
func TestLinesAndStagesAgree(t *testing.T) {
	have := map[string]bool{}
	for _, l := range lines() {
		have[l.stage] = true
		if !slices.Contains(Stages(), l.stage) {
			t.Errorf("a line of the stage %q", l.stage)
		}
	}
	for _, name := range Stages() {
		if !have[name] {
			t.Errorf("the stage %q has no line", name)
		}
	}
	if err := CheckStages(append(Stages(), "sprint")); err == nil || CheckStages(Stages()) != nil {
		t.Error("names of stages are not checked")
	}
}

func TestHosts(t *testing.T) {
	for text, fits := range map[string][2]bool{ // as it is, and as one's own
		"http://127.0.0.1:8080": {true, true}, "http://localhost:8080/": {true, true}, "http://127.9.9.9": {true, true}, "http://[::1]:80": {true, true},
		"http://192.0.2.1:8080": {false, true}, "http://example.org": {false, true}, "http://0.0.0.0:80": {false, true}, "http://127.0.0.1.example.org": {false, true},
		"https://127.0.0.1": {}, "127.0.0.1:8080": {}, "http://": {}, "http://127.0.0.1/x": {}, "http://a:b@127.0.0.1": {}, "ftp://127.0.0.1": {}, "": {}, "http://127.0.0.1?x": {},
	} {
		for i, own := range []bool{false, true} {
			if err := CheckURL(text, own); (err == nil) != fits[i] {
				t.Errorf("%q, own %v: %v", text, own, err)
			}
		}
	}
	if CheckListen("0.0.0.0") == nil || CheckListen("") == nil || CheckListen("127.0.0.1") != nil {
		t.Error("where a server is started is not checked")
	}
}

// reportOf is a report of three rounds.
func reportOf(t *testing.T, aoki, chat []float64, lost ...float64) *Report {
	t.Helper()
	r := newReport(&Options{Version: "v1", Rounds: 3, Scale: 1})
	for i := range aoki {
		r.add("saturated", Aoki, figures{"rate": aoki[i], "cpu": math.Inf(1), "lost": lost[i]})
		r.add("saturated", Chat, figures{"rate": chat[i], "lost": 0})
	}
	r.finish()
	return r
}

func TestReportIsOfMediansAndRatios(t *testing.T) {
	r := reportOf(t, []float64{900, 500, 1000}, []float64{1000, 1, 5000}, 0, 7, 0)
	row := r.row("saturated", "rate")
	if row.Median[Aoki] != 900 || row.Median[Chat] != 1000 || row.Ratio[Chat] != .9 {
		t.Fatalf("%+v", row)
	}
	if _, ok := row.Ratio[Floor]; ok || len(row.Goals) != 1 || row.Goals[0].Met != "met" {
		t.Errorf("%+v", row)
	}
	if r.row("saturated", "cpu") != nil || r.row("connect", "rate") != nil {
		t.Error("a row of what was not found")
	}
	// One round that lost something is not hidden by two that did not.
	if lost := r.row("saturated", "lost"); lost.Median[Aoki] != 7 || lost.Goals[0].Met != "short" || r.Short() != 1 {
		t.Errorf("%+v", lost)
	}
	var out strings.Builder
	if err := r.Print(&out, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"push to one, 64 publishers", "≥ 0.80 of chat ✓\n", "≤ 0 ✗", "900", "medians of 3 rounds"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	for _, not := range []string{"NaN", "Inf", "scale", "connect", "change"} {
		if strings.Contains(out.String(), not) {
			t.Errorf("%q in\n%s", not, &out)
		}
	}
}

func TestReportsAreKeptAndCompared(t *testing.T) {
	old := reportOf(t, []float64{1000, 1000, 1000}, []float64{1000, 1000, 1000}, 0, 0, 0)
	path := filepath.Join(t.TempDir(), "old.json")
	if err := old.Write(path); err != nil {
		t.Fatal(err)
	}
	old, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	// The machine has become half as fast, and Aoki slower than that.
	var out strings.Builder
	if err := reportOf(t, []float64{400, 400, 400}, []float64{500, 500, 500}, 0, 0, 0).Print(&out, old); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"before", "1.00 ÷ chat", "-20 %"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "-60 %") {
		t.Errorf("the machine's change is taken for Aoki's:\n%s", &out)
	}
	for _, name := range []string{"report_test.go", "none.json"} {
		if _, err := Read(name); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}
