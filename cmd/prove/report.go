package prove

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Report is what came of a run.
type Report struct {
	Seed         uint64
	Took         time.Duration
	Violations   []violation   // the first of them
	Wrong        map[wrong]int // how many in all
	Acknowledged int           // changes
	Pushes       int           // of them
	Cards        int
	Answers      int // to cards
	Unknown      int // changes that were asked for and never answered: they may be there or not
	Shown        int
	Servers      int
	Users        int
	Devices      int
	Faults       map[fault]int
	Calm, Faulty spread // from the sending of a change to a device's showing it
	Returns      spread // from a kill to a device's being back
	Stops        spread // from a SIGTERM to the end
	History      string // the file that holds all that was noted; "" when none was kept
	failure      error
}

func newReport(o Options, worlds []*world, took time.Duration) *Report {
	r := &Report{Seed: o.Seed, Took: took, Servers: len(worlds), Faults: map[fault]int{}, Wrong: map[wrong]int{}}
	var calm, faulty, returns, stops []time.Duration
	for _, w := range worlds {
		r.Users += len(w.accounts)
		r.Devices += len(w.devices)
		c, f := w.latencies()
		calm, faulty = append(calm, c...), append(faulty, f...)
		w.mu.Lock()
		returns, stops = append(returns, w.returns...), append(stops, w.stops...)
		r.Violations = append(r.Violations, w.found...)
		for what, n := range w.wrongs {
			r.Wrong[what] += n
		}
		for what, n := range w.faults {
			r.Faults[what] += n
		}
		for _, op := range w.ops {
			switch {
			case op.acked.IsZero():
				r.Unknown++
			case op.place == inDeck:
				r.Acknowledged++
				r.Cards++
			case op.place == inCard:
				r.Acknowledged++
				r.Answers++
			default:
				r.Acknowledged++
				r.Pushes++
			}
		}
		w.mu.Unlock()
		for _, d := range w.devices {
			d.mu.Lock()
			for _, record := range d.records {
				r.Shown += len(record.shown)
			}
			d.mu.Unlock()
		}
	}
	r.Calm, r.Faulty, r.Returns, r.Stops = sorted(calm), sorted(faulty), sorted(returns), sorted(stops)
	return r
}

// Print writes the report for people. Its last line is the verdict.
func (r *Report) Print(out io.Writer) {
	fmt.Fprintf(out, "%d changes acknowledged (%d pushes, %d cards, %d answers to cards), %d left open; shown %d times on %d devices of %d users, %d servers, in %s; seed %d\n",
		r.Acknowledged, r.Pushes, r.Cards, r.Answers, r.Unknown, r.Shown, r.Devices, r.Users, r.Servers, clock(r.Took), r.Seed)
	var list []string
	total := 0
	for _, what := range faults {
		if n := r.Faults[what]; n > 0 {
			list = append(list, fmt.Sprintf("%s %d", what, n))
			total += n
		}
	}
	if total == 0 {
		list = []string{"none, there was no time for one"}
	}
	fmt.Fprintf(out, "%d faults: %s\n", total, strings.Join(list, ", "))
	fmt.Fprintf(out, "delivery: p50 %s, p99 %s", ms(r.Calm.quantile(.5)), ms(r.Calm.quantile(.99)))
	if len(r.Faulty) > 0 {
		fmt.Fprintf(out, "; in faults p50 %s, p99 %s", ms(r.Faulty.quantile(.5)), ms(r.Faulty.quantile(.99)))
	}
	fmt.Fprintln(out)
	if len(r.Returns) > 0 {
		fmt.Fprintf(out, "devices back after a kill: p50 %s, p99 %s, last %s\n", ms(r.Returns.quantile(.5)), ms(r.Returns.quantile(.99)), ms(r.Returns.quantile(1)))
	}
	if len(r.Stops) > 0 {
		fmt.Fprintf(out, "stopped after SIGTERM: p50 %s, longest %s\n", ms(r.Stops.quantile(.5)), ms(r.Stops.quantile(1)))
	}
	if r.failure != nil {
		fmt.Fprintf(out, "the trial broke off: %v\n", r.failure)
	}
	for i, v := range r.Violations {
		if i == 10 {
			fmt.Fprintln(out, "… and more, see the history")
			break
		}
		fmt.Fprintf(out, "%s: %s\n", v.What, v.sentence())
	}
	if n := r.Wrong[other]; n > 0 {
		fmt.Fprintf(out, "other faults of the server: %d\n", n)
	}
	if r.History != "" {
		fmt.Fprintf(out, "history: %s\n", r.History)
	}
	fmt.Fprintf(out, "lost %d · duplicated %d · reordered %d · alien %d\n", r.Wrong[lost], r.Wrong[duplicated], r.Wrong[reordered], r.Wrong[alien])
}

func (v violation) sentence() string {
	where := v.World
	switch {
	case v.Device != "":
		where = v.Device
	case v.User != "":
		where += "/" + v.User
	}
	text := fmt.Sprintf("%s, life %d", where, v.Life+1)
	if v.Seq > 0 {
		text += fmt.Sprintf(", event %d", v.Seq)
	}
	if v.Token != "" {
		text += ", " + v.Token
	}
	return text + ": " + v.Detail
}

// ms writes a delay with as many digits as mean something.
func ms(d time.Duration) string {
	if d < 100*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// keep writes the history: always when it was asked for, else when something was
// wrong.
func (r *Report) keep(o Options, worlds []*world) error {
	path := o.History
	if path == "" {
		if len(r.Violations) == 0 && r.failure == nil {
			return nil
		}
		path = filepath.Join(o.Temp, fmt.Sprintf("history-%d.jsonl", o.Seed))
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	r.writeHistory(json.NewEncoder(out), worlds)
	if err := out.Flush(); err != nil {
		return err
	}
	r.History = path
	return file.Close()
}

// writeHistory writes one line for each violation, then for each fault, for each
// change, and for each thing that a device showed.
func (r *Report) writeHistory(lines *json.Encoder, worlds []*world) {
	for _, v := range r.Violations {
		_ = lines.Encode(v)
	}
	for _, w := range worlds {
		for _, e := range w.events {
			_ = lines.Encode(e)
		}
		for _, o := range w.ops {
			_ = lines.Encode(o.line(w))
		}
		for _, d := range w.devices {
			for i, record := range d.records {
				for _, s := range record.shown {
					_ = lines.Encode(map[string]any{"shown": s.token, "device": d.name, "life": d.lives[i], "seq": s.seq, "name": s.name, "at": s.at})
				}
			}
		}
	}
}

func (o *op) line(w *world) map[string]any {
	line := map[string]any{"change": o.token, "kind": o.kind, "world": w.name, "life": o.life, "first": o.first, "tries": o.tries}
	var to []string
	for user, a := range w.accounts {
		if o.audience[user] {
			to = append(to, a.name)
		}
	}
	line["audience"] = to
	if !o.acked.IsZero() {
		line["sent"], line["acknowledged"], line["answer"] = o.sent, o.acked, o.answer
	}
	return line
}
