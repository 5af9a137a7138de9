package models

import (
	"slices"
	"testing"
)

// New cards are spread among the reviews as Anki spreads them.
func TestMixed(t *testing.T) {
	r := []int64{1, 2, 3, 4, 5, 6}
	for _, c := range []struct{ reviews, fresh, want []int64 }{
		{nil, nil, []int64{}},
		{r[:2], nil, []int64{1, 2}},
		{nil, []int64{-1, -2}, []int64{-1, -2}},
		{r[:1], []int64{-1}, []int64{1, -1}},
		{r[:2], []int64{-1, -2}, []int64{1, -1, 2, -2}},
		{r[:1], []int64{-1, -2, -3}, []int64{-1, 1, -2, -3}},
		{r[:3], []int64{-1}, []int64{1, 2, -1, 3}},
		{r[:6], []int64{-1, -2}, []int64{1, 2, -1, 3, 4, -2, 5, 6}},
	} {
		if got := mixed(c.reviews, c.fresh); !slices.Equal(got, c.want) {
			t.Errorf("%v with %v: %v, want %v", c.reviews, c.fresh, got, c.want)
		}
	}
}
