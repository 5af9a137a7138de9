package prove

import (
	"slices"
	"time"
)

// spread are some delays, sorted.
type spread []time.Duration

// quantile is the delay that the share q of all did not pass.
func (s spread) quantile(q float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	return s[int(q*float64(len(s)-1)+0.5)]
}

// latencies are how long each acknowledged change took from the sending of the
// request to each device that showed it: while all was well, and otherwise.
func (w *world) latencies() (calm, faulty spread) {
	w.mu.Lock()
	defer w.mu.Unlock()
	windows := slices.Clone(w.windows)
	if !w.muted.IsZero() {
		windows = append(windows, span{w.muted, time.Now()})
	}
	windows = merge(windows)
	for _, d := range w.devices {
		d.mu.Lock()
		away := slices.Clone(d.away)
		if !d.left.IsZero() {
			away = append(away, span{d.left, time.Now()})
		}
		for i, r := range d.records {
			for _, s := range r.shown {
				o := w.ops[s.token]
				if o == nil || o.acked.IsZero() || o.life != d.lives[i] {
					continue
				}
				delay := max(0, s.at.Sub(o.sent))
				if meets(windows, o.sent, s.at) || meets(away, o.sent, s.at) {
					faulty = append(faulty, delay)
				} else {
					calm = append(calm, delay)
				}
			}
		}
		d.mu.Unlock()
	}
	return calm, faulty
}

// merge sorts spans, and joins those that meet.
func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			if s.to.After(out[n-1].to) {
				out[n-1].to = s.to
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// meets reports whether any of the spans has a moment in common with from … to.
func meets(spans []span, from, to time.Time) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return !s.from.After(to) && !s.to.Before(from) })
}
