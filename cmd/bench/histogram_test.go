package bench

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Every step begins right where the one before it ends.
func TestStepsHaveNoHoles(t *testing.T) {
	for s := 1; s < 40*steps; s++ {
		if got := step(least(s)); got != s {
			t.Fatalf("the least of step %d is counted in %d", s, got)
		}
		if got := step(least(s) - 1); got != s-1 {
			t.Fatalf("just before step %d is counted in %d", s, got)
		}
	}
	for _, ns := range []int64{-1, 0} {
		if step(ns) != 0 {
			t.Errorf("%d is counted in %d", ns, step(ns))
		}
	}
	if top := step(1<<63 - 1); top >= len(histogram{}.counts) {
		t.Errorf("the longest duration is counted in %d of %d", top, len(histogram{}.counts))
	}
}

func TestQuantilesAreNear(t *testing.T) {
	var h, one, two histogram
	random := rand.New(rand.NewPCG(1, 2))
	var list []int64
	for i := range 10_000 {
		ns := random.Int64N(1 << (10 + i%25))
		list = append(list, ns)
		if i%2 == 0 {
			one.add(ns)
		} else {
			two.add(ns)
		}
	}
	h.merge(&one)
	h.merge(&two)
	slices.Sort(list)
	for _, q := range []float64{0, .5, .9, .99, .999} {
		want := float64(list[int(q*float64(len(list)))]) / 1e6
		if got := h.ms(q); got > want || got < want*.984-1e-6 {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
	if got := h.ms(1); got != float64(list[len(list)-1])/1e6 {
		t.Errorf("the longest is %v", got)
	}
	if got := new(histogram).ms(.5); got != 0 {
		t.Errorf("of nothing the median is %v", got)
	}
}
