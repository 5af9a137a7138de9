package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what came of a run.
type Report struct {
	Version string    `json:"version"`
	Time    time.Time `json:"time"`
	Machine Machine   `json:"machine"`
	Rounds  int       `json:"rounds"`
	Scale   float64   `json:"scale"`
	Rows    []Row     `json:"rows"`

	found map[string]map[Kind][]figures // by stage, in the order of the rounds
}

// Machine is what it ran on.
type Machine struct {
	Cores  int     `json:"cores"`
	Kernel string  `json:"kernel"`
	Go     string  `json:"go"`
	Load   float64 `json:"load"`     // average of the last minute, before the run
	End    float64 `json:"load_end"` // and after it
}

// Row is one figure: of each server the rounds and their median, and how it compares.
type Row struct {
	Stage  string             `json:"stage"`
	Figure string             `json:"figure"`
	Label  string             `json:"label"`
	Unit   string             `json:"unit"`
	Rounds map[Kind][]float64 `json:"rounds"`
	Median map[Kind]float64   `json:"median"`
	Ratio  map[Kind]float64   `json:"ratio"` // of Aoki's median to the baseline's
	Goals  []Goal             `json:"goals,omitempty"`
}

// Goal is a goal and whether it was met.
type Goal struct {
	goal
	Value float64 `json:"value"`
	Met   string  `json:"met"` // "short", "met" or "stretch"
}

func (r *Report) add(stage string, kind Kind, f figures) {
	if r.found[stage] == nil {
		r.found[stage] = map[Kind][]figures{}
	}
	r.found[stage][kind] = append(r.found[stage][kind], f)
}

// figures are what a stage found, by name.
type figures map[string]float64

func newReport(o *Options) *Report {
	return &Report{Version: o.Version, Time: time.Now().UTC().Truncate(time.Second), Rounds: o.Rounds, Scale: o.Scale,
		Machine: Machine{Cores: runtime.NumCPU(), Kernel: kernel(), Go: runtime.Version(), Load: loadAverage()},
		found:   map[string]map[Kind][]figures{}}
}

// finish makes the rows of what was found. CPU of a server that is not ours is not
// known, and has no row.
func (r *Report) finish() {
	r.Machine.End = loadAverage()
	for _, l := range lines() {
		row := Row{Stage: l.stage, Figure: l.figure, Label: strings.TrimSpace(l.label), Unit: l.unit, Rounds: map[Kind][]float64{}, Median: map[Kind]float64{}, Ratio: map[Kind]float64{}}
		for kind, rounds := range r.found[l.stage] {
			for _, f := range rounds {
				if v, ok := f[l.figure]; ok && !math.IsNaN(v) && !math.IsInf(v, 0) {
					row.Rounds[kind] = append(row.Rounds[kind], v)
				}
			}
			if len(row.Rounds[kind]) == 0 {
				continue
			}
			row.Median[kind] = median(row.Rounds[kind])
			if counts(l) { // one bad round is not to be hidden by two good ones
				row.Median[kind] = slices.Max(row.Rounds[kind])
			}
		}
		mine, ok := row.Median[Aoki]
		if !ok {
			continue
		}
		for _, base := range []Kind{Floor, Chat} {
			if v, ok := row.Median[base]; ok && v >= .01 && !counts(l) && l.figure != "ratio" { // less is nothing
				row.Ratio[base] = mine / v
			}
		}
		for _, g := range l.goals {
			value, ok := mine, true
			if g.Of != "" {
				value, ok = row.Ratio[g.Of]
			}
			if ok {
				row.Goals = append(row.Goals, Goal{g, value, g.met(value)})
			}
		}
		r.Rows = append(r.Rows, row)
	}
}

// counts tells whether a line counts what must not be there.
func counts(l line) bool { return l.figure == "lost" || l.figure == "missing" }

// Short is how many goals were not met.
func (r *Report) Short() (n int) {
	for _, row := range r.Rows {
		for _, g := range row.Goals {
			if g.Met == "short" {
				n++
			}
		}
	}
	return n
}

// Print writes the table. With an older report each figure has a further column: how
// Aoki's has changed since, and its ratio to the baselines.
func (r *Report) Print(out io.Writer, old *Report) error {
	m := r.Machine
	fmt.Fprintf(out, "%s · %s · %d cores, Linux %s, %s · load average %.1f, at the end %.1f\n", r.Version, r.Time.Format(time.RFC3339), m.Cores, m.Kernel, m.Go, m.Load, m.End)
	fmt.Fprintf(out, "medians of %d rounds; floor is write(2) on bare descriptors, chat is a simple hub; neither stores anything, Aoki has all on disk\n", r.Rounds)
	if r.Scale != 1 {
		fmt.Fprintf(out, "scale %g: the goals are for scale 1\n", r.Scale)
	}
	fmt.Fprintln(out)
	var aligned bytes.Buffer
	table := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	head := "figure\t\taoki\tfloor\tchat\t÷ floor\t÷ chat\tgoal"
	if old != nil {
		head += "\tbefore\tchange"
	}
	fmt.Fprintln(table, head)
	labels := map[string]string{}
	for _, l := range lines() {
		labels[l.stage+"/"+l.figure] = l.label
	}
	for _, row := range r.Rows {
		cells := []string{labels[row.Stage+"/"+row.Figure], row.Unit, cell(row.Median, Aoki), cell(row.Median, Floor), cell(row.Median, Chat), cell(row.Ratio, Floor), cell(row.Ratio, Chat), goals(row.Goals)}
		if old != nil {
			cells = append(cells, change(old.row(row.Stage, row.Figure), row)...)
		}
		fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(aligned.String()) {
		fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}
	return nil
}

func (r *Report) row(stage, figure string) *Row {
	for i := range r.Rows {
		if r.Rows[i].Stage == stage && r.Rows[i].Figure == figure {
			return &r.Rows[i]
		}
	}
	return nil
}

// change compares a row with an older one: by its ratio to a baseline where there is
// one, which is what two runs have in common, else by the figure.
func change(old *Row, row Row) []string {
	if old == nil {
		return []string{"–", ""}
	}
	for _, base := range []Kind{Floor, Chat} {
		before, ok1 := old.Ratio[base]
		now, ok2 := row.Ratio[base]
		if ok1 && ok2 && before > 0 {
			return []string{fmt.Sprintf("%s ÷ %s", number(before), base), fmt.Sprintf("%+.0f %%", (now/before-1)*100)}
		}
	}
	before := old.Median[Aoki]
	if before == 0 {
		return []string{number(before), ""}
	}
	return []string{number(before), fmt.Sprintf("%+.0f %%", (row.Median[Aoki]/before-1)*100)}
}

func goals(list []Goal) string {
	var words []string
	for _, g := range list {
		words = append(words, fmt.Sprintf("%s %s", g.goal, map[string]string{"short": "✗", "met": "✓", "stretch": "✓✓"}[g.Met]))
	}
	return strings.Join(words, ", ")
}

func cell(values map[Kind]float64, kind Kind) string {
	v, ok := values[kind]
	if !ok {
		return "–"
	}
	return number(v)
}

// number writes three digits that count.
func number(v float64) string {
	switch size := math.Abs(v); {
	case v == 0:
		return "0"
	case size >= 10_000:
		return strconv.FormatFloat(v/1000, 'f', 1, 64) + "k"
	case size >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case size >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// Write keeps the report as JSON.
func (r *Report) Write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// Read is a report that was kept.
func Read(path string) (*Report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var r Report
	if json.Unmarshal(text, &r) != nil || len(r.Rows) == 0 {
		return nil, fmt.Errorf("%s is no report of aoki bench", path)
	}
	return &r, nil
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	mid := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[mid-1] + sorted[mid]) / 2
	}
	return sorted[mid]
}
