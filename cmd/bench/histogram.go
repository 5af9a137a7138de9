package bench

import "math/bits"

const (
	stepBits = 6 // 64 steps between a power of two and the next: off by 1.6 % at most
	steps    = 1 << stepBits
)

// histogram counts durations in nanoseconds, in steps that grow with them.
type histogram struct {
	counts  [(64 - stepBits) * steps]uint32
	n       int64
	longest int64
}

// step is where a duration is counted; those that are negative count as 0.
func step(ns int64) int {
	if ns < steps {
		return int(max(ns, 0))
	}
	octave := bits.Len64(uint64(ns)) - 1 - stepBits
	return octave*steps + int(ns>>octave)
}

// least is the shortest duration of a step.
func least(step int) int64 {
	if step < 2*steps {
		return int64(step)
	}
	octave := step/steps - 1
	return int64(step-octave*steps) << octave
}

func (h *histogram) add(ns int64) {
	h.counts[step(ns)]++
	h.n++
	h.longest = max(h.longest, ns)
}

func (h *histogram) merge(other *histogram) {
	for i, n := range other.counts {
		h.counts[i] += n
	}
	h.n += other.n
	h.longest = max(h.longest, other.longest)
}

// ms is a quantile in milliseconds, 0 when nothing was counted.
func (h *histogram) ms(q float64) float64 {
	left := int64(q * float64(h.n))
	for i, n := range h.counts {
		if left -= int64(n); left < 0 {
			return float64(min(least(i), h.longest)) / 1e6
		}
	}
	return float64(h.longest) / 1e6
}
