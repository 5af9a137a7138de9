package fsrs

import "testing"

// TestFuzzRange: the ranges are Anki's.
func TestFuzzRange(t *testing.T) {
	for _, tt := range []struct {
		interval             float64
		least, most          int
		lower, middle, upper int // for by = 0, a half, just below 1
	}{
		{1, 1, 1000, 1, 1, 1},
		{2, 1, 1000, 2, 2, 2},
		{2.49, 1, 1000, 2, 2, 2},
		{2.5, 1, 1000, 2, 3, 4},
		{6.9, 3, 1000, 5, 7, 9},
		{7, 1, 1000, 5, 7, 9},
		{7.1, 3, 1000, 5, 7, 9},
		{17, 1, 1000, 14, 17, 20},
		{19.9, 3, 1000, 17, 20, 23},
		{20, 1, 1000, 17, 20, 23},
		{20.1, 3, 1000, 17, 20, 23},
		{37, 1, 1000, 33, 37, 41},
		{100, 1, 1000, 93, 100, 107},
		// The least and the most hold, and what is within stays as likely.
		{100, 101, 1000, 101, 105, 108},
		{100, 1, 99, 92, 96, 99},
		{100, 97, 103, 97, 100, 103},
		{2, 2, 1000, 2, 2, 2},
		{2, 3, 1000, 3, 4, 4},
		{2, 3, 3, 3, 3, 3},
		{1, 3, 2, 2, 2, 2},
		{36500, 1, 36500, 34673, 35587, 36500},
	} {
		for by, want := range map[float64]int{0: tt.lower, 0.5: tt.middle, 1 - 1.0/(1<<53): tt.upper} {
			if got := fuzzed(tt.interval, tt.least, tt.most, by); got != want {
				t.Errorf("%v within %d..%d by %v: %d, want %d", tt.interval, tt.least, tt.most, by, got, want)
			}
		}
	}
}

// TestFuzzOrder: a longer interval is never moved before a shorter one.
func TestFuzzOrder(t *testing.T) {
	for by := 0.0; by < 1; by += 0.05 {
		last := 0
		for interval := 0.0; interval < 300; interval += 0.05 {
			got := fuzzed(interval, 1, 36500, by)
			if got < last {
				t.Fatalf("%v by %v: %d, and %d before it", interval, by, got, last)
			}
			last = got
		}
	}
}

// TestFuzzSpreads: neighbours differ, and all of the range is used alike.
func TestFuzzSpreads(t *testing.T) {
	const ids, reps, parts = 1000, 20, 10
	var hits [parts]int
	seen := make(map[float64]bool)
	for id := range int64(ids) {
		for n := range reps {
			by := fuzz(Card{ID: id - ids/2, Reps: n})
			if by < 0 || by >= 1 {
				t.Fatalf("card %d after %d answers: %v", id, n, by)
			}
			if by != fuzz(Card{ID: id - ids/2, Reps: n, Stability: 5, State: Review, Lapses: 3}) {
				t.Fatalf("card %d after %d answers: fuzz depends on more", id, n)
			}
			hits[int(by*parts)]++
			seen[by] = true
		}
	}
	if len(seen) != ids*reps {
		t.Errorf("%d different of %d", len(seen), ids*reps)
	}
	for i, n := range hits {
		if mean := ids * reps / parts; n < mean*9/10 || n > mean*11/10 {
			t.Errorf("%d in part %d, want about %d", n, i, mean)
		}
	}
}
