package fsrs

import "math"

// fuzz is how far intervals are moved within their range, from 0 to just below 1. It
// depends on the card and on how often it was answered, and on nothing else: a
// preview moves as the answer will.
func fuzz(c Card) float64 {
	// SplitMix64, which makes neighbours unlike each other.
	x := uint64(c.ID) + uint64(c.Reps)*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	return float64(x>>11) / (1 << 53)
}

// fuzzed moves an interval in days within its range.
func fuzzed(interval float64, least, most int, by float64) int {
	low, high := fuzzRange(interval, least, most)
	return low + int(by*float64(high-low+1))
}

// fuzzRange is where an interval of days may be moved to: as far either way as its
// length allows, but not below the least, nor beyond the most, which has the last word.
func fuzzRange(interval float64, least, most int) (low, high int) {
	interval = clamp(interval, float64(least), float64(most))
	spread := fuzzSpread(interval)
	return min(max(round(interval-spread), least), most), min(max(round(interval+spread), least), most)
}

// fuzzSpread is how many days an interval may be moved either way.
func fuzzSpread(interval float64) float64 {
	if interval < 2.5 {
		return 0
	}
	part := func(from, to float64) float64 { return math.Max(0, math.Min(interval, to)-from) }
	return 1 + 0.15*part(2.5, 7) + 0.1*part(7, 20) + 0.05*part(20, math.Inf(1))
}

func round(x float64) int { return int(math.Round(x)) }
