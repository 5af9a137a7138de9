package fsrs

import (
	"sort"
	"time"
)

// Start is when a day of the user begins: the first second of it. Where the clocks
// change at the rollover hour itself, it is the second from which on the day, or a later
// one, is what their clock shows.
func (c Calendar) Start(number int) time.Time {
	const seconds = int64(day / time.Second)
	noon := int64(number)*seconds + seconds/2 // by UTC; no zone is further than a day from it
	from := noon - 2*seconds
	n := sort.Search(int(4*seconds), func(i int) bool {
		return c.Day(time.Unix(from+int64(i), 0)) >= number
	})
	return time.Unix(from+int64(n), 0).UTC()
}
