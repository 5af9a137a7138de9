package fsrs

import "time"

const day = 24 * time.Hour

// Calendar says which day it is for a user: their days begin at the rollover hour of
// their zone, so that who studies past midnight still studies today.
type Calendar struct {
	Zone     *time.Location // nil is UTC
	Rollover int            // hour of the local clock, 0 to 23
}

// offset is how far the user's clock is ahead of UTC at t.
func (c Calendar) offset(t time.Time) time.Duration {
	if c.Zone == nil {
		return 0
	}
	_, seconds := t.In(c.Zone).Zone()
	return time.Duration(seconds) * time.Second
}

// Day numbers the days of the user. It goes by what their clock shows, so that a day
// on which the clocks change is one day, whether of 23 hours or of 25.
func (c Calendar) Day(t time.Time) int {
	const seconds = int64(day / time.Second)
	clock := t.Unix() + int64((c.offset(t)-time.Duration(c.Rollover)*time.Hour)/time.Second)
	n := clock / seconds
	if clock%seconds < 0 {
		n--
	}
	return int(n)
}

// Between is how often the day rolled over from one time to another, and 0 if the
// other is the earlier one.
func (c Calendar) Between(from, to time.Time) int {
	return max(0, c.Day(to)-c.Day(from))
}

// After is that many days later: as many times 24 hours, unless the clocks changed and
// that would be another day. Then it is the same time of day.
func (c Calendar) After(t time.Time, days int) time.Time {
	after := t.Add(time.Duration(days) * day)
	if c.Day(after)-c.Day(t) == days {
		return after
	}
	if same := after.Add(c.offset(t) - c.offset(after)); c.Day(same)-c.Day(t) == days {
		return same
	}
	return after // a zone that once skipped or repeated a whole day
}
