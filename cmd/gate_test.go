//go:build linux && !race

package cmd

import (
	"path/filepath"
	"testing"

	"aoki/cmd/bench"
)

// How Aoki compares with the baselines of the same run. What make bench shows is far
// better: these hold with few sockets, and on a machine that is busy otherwise too.
func TestGateBesideTheBaselines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	r := bencher(t, t.Context(), nil, "--scale", "0.5", "--rounds", "1", "--stages", "connect,idle,broadcast,burst", "--json", path)
	if r.code != exitOK {
		t.Fatalf("exit code %d\n%s\n%s", r.code, r.stdout, r.stderr)
	}
	t.Log(r.stdout)
	report, err := bench.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bench.Row{}
	for _, row := range report.Rows {
		rows[row.Stage+" "+row.Figure] = row
	}
	for _, g := range []struct {
		row  string
		of   bench.Kind // "": the figure itself
		most float64
	}{
		{"connect cpu", bench.Chat, 2},
		{"idle found", bench.Chat, .8},
		{"idle heap", bench.Chat, .3},
		{"idle stack", bench.Chat, 1},
		{"broadcast cpu", bench.Floor, 2.5},
		{"broadcast lost", "", 0},
		{"burst cpu", bench.Chat, 1.5},
		{"burst lost", "", 0},
	} {
		row, ok := rows[g.row]
		value := row.Median[bench.Aoki]
		if g.of != "" {
			value, ok = row.Ratio[g.of]
		}
		if !ok || value > g.most {
			t.Errorf("%s is %v of %q, at most %v", g.row, value, g.of, g.most)
		}
	}
}
