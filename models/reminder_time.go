package models

import (
	"fmt"
	"time"
)

// everyDay is a set of all weekdays: bit 0 is Monday.
const everyDay = 1<<7 - 1

// dailyTime is when a reminder rings: at a time of the local clock, on some weekdays.
type dailyTime struct {
	hour, minute int
	days         int64
	zone         *time.Location
}

// parseClock reads "08:00", and nothing that merely means the same.
func parseClock(s string) (hour, minute int, ok bool) {
	if _, err := fmt.Sscanf(s, "%d:%d", &hour, &minute); err != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, 0, false
	}
	return hour, minute, fmt.Sprintf("%02d:%02d", hour, minute) == s
}

// next is the first time after t; zero when there is no weekday.
func (d dailyTime) next(t time.Time) time.Time {
	day := t.In(d.zone)
	for i := -1; i <= 8; i++ {
		if at, rings := d.on(day.Year(), day.Month(), day.Day()+i); rings && at.After(t) {
			return at
		}
	}
	return time.Time{}
}

// last is the last time up to t; zero when there is no weekday.
func (d dailyTime) last(t time.Time) time.Time {
	day := t.In(d.zone)
	for i := 1; i >= -8; i-- {
		if at, rings := d.on(day.Year(), day.Month(), day.Day()+i); rings && !at.After(t) {
			return at
		}
	}
	return time.Time{}
}

// on is the time on a date, if it is one of the weekdays.
func (d dailyTime) on(year int, month time.Month, day int) (time.Time, bool) {
	weekday := (int(time.Date(year, month, day, 12, 0, 0, 0, time.UTC).Weekday()) + 6) % 7
	return clockTime(year, month, day, d.hour, d.minute, d.zone), d.days>>weekday&1 == 1
}

// clockTime is when a local clock shows a time on a date. Of a time that comes twice,
// because clocks were put back, it is the first; where they were put forward over it,
// it is the moment at which they were.
func clockTime(year int, month time.Month, day, hour, minute int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, hour, minute, 0, 0, zone)
	want := time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
	start, end := t.ZoneBounds()
	switch shown := wallTime(t); {
	case shown.After(want): // as the clock before the change has it, which lies behind the change
		return start
	case shown.Before(want):
		return end
	case start.IsZero():
		return t
	}
	// Whatever the clock was put back by, it may have shown the time before.
	earlier := t.Add(-offsetAt(start.Add(-1), zone) + offsetAt(t, zone))
	if earlier.Before(start) && wallTime(earlier).Equal(want) {
		return earlier
	}
	return t
}

// wallTime is what the clock shows, as if that were UTC.
func wallTime(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, offset := t.In(zone).Zone()
	return time.Duration(offset) * time.Second
}
