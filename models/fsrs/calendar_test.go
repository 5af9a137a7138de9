package fsrs_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones, on machines without them

	"aoki/models/fsrs"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestBetween(t *testing.T) {
	for _, tt := range []struct {
		name     string
		zone     string
		rollover int
		from, to string // of the local clock
		want     int
	}{
		{"within a day", "UTC", 4, "2026-03-10 04:00", "2026-03-11 03:59", 0},
		{"past midnight", "UTC", 4, "2026-03-10 23:00", "2026-03-11 01:00", 0},
		{"over the rollover", "UTC", 4, "2026-03-11 03:59", "2026-03-11 04:00", 1},
		{"rollover at midnight", "UTC", 0, "2026-03-10 23:59", "2026-03-11 00:00", 1},
		{"rollover at night", "UTC", 23, "2026-03-10 22:59", "2026-03-10 23:00", 1},
		{"almost two days", "UTC", 4, "2026-03-10 04:00", "2026-03-12 03:59", 1},
		{"back", "UTC", 4, "2026-03-12 03:59", "2026-03-10 04:00", 0},
		{"a year", "UTC", 4, "2026-03-10 12:00", "2027-03-10 12:00", 365},
		{"before 1970", "UTC", 4, "1969-12-31 03:00", "1970-01-01 05:00", 2},
		{"in the east", "Asia/Shanghai", 4, "2026-03-11 03:59", "2026-03-11 04:00", 1},
		{"in the west", "America/Los_Angeles", 4, "2026-01-11 03:59", "2026-01-11 04:00", 1},
		{"a day of 23 hours", "Europe/Berlin", 4, "2026-03-28 12:00", "2026-03-29 12:00", 1},
		{"a night of 23 hours", "Europe/Berlin", 4, "2026-03-28 04:00", "2026-03-29 04:00", 1},
		{"just not, in that night", "Europe/Berlin", 4, "2026-03-28 04:00", "2026-03-29 03:59", 0},
		{"a day of 25 hours", "Europe/Berlin", 4, "2026-10-24 12:00", "2026-10-25 12:00", 1},
		{"just not, in that night", "Europe/Berlin", 4, "2026-10-24 04:00", "2026-10-25 03:59", 0},
		{"from summer to winter", "Europe/Berlin", 4, "2026-07-01 03:59", "2026-12-01 04:00", 154},
		{"rollover in the hour that is missing", "Europe/Berlin", 2, "2026-03-29 01:59", "2026-03-29 03:00", 1},
		{"clocks changed at midnight", "America/Havana", 4, "2026-10-31 12:00", "2026-11-01 12:00", 1},
	} {
		z := zone(t, tt.zone)
		c := fsrs.Calendar{Zone: z, Rollover: tt.rollover}
		if got := c.Between(local(t, tt.from, z), local(t, tt.to, z)); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func local(t *testing.T, clock string, z *time.Location) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, z)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestNoZone: none is UTC.
func TestNoZone(t *testing.T) {
	for h := range 48 {
		at := t0.Add(time.Duration(h) * time.Hour)
		if none, utc := (fsrs.Calendar{Rollover: 4}), (fsrs.Calendar{Zone: time.UTC, Rollover: 4}); none.Day(at) != utc.Day(at) {
			t.Errorf("%v: day %d and %d", at, none.Day(at), utc.Day(at))
		}
	}
}

// TestDay goes through a year of zones by quarters of an hour: a day follows the
// day before, and is 22 to 26 hours long.
func TestDay(t *testing.T) {
	for _, name := range zones {
		for _, rollover := range []int{0, 2, 3, 4, 23} {
			if name == "America/Havana" && rollover == 0 || name == "Pacific/Chatham" && rollover == 3 {
				continue // in one night of the year their clocks show this hour twice
			}
			c := fsrs.Calendar{Zone: zone(t, name), Rollover: rollover}
			at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
			end := at.AddDate(1, 1, 0)
			for first := c.Day(at); c.Day(at) == first; {
				at = at.Add(quarter)
			}
			today, began := c.Day(at), at
			for ; at.Before(end); at = at.Add(quarter) {
				if c.Day(at) == today {
					continue
				}
				if took := at.Sub(began); c.Day(at) != today+1 || took < 22*time.Hour || took > 26*time.Hour {
					t.Fatalf("%s at %d: day %d follows %d after %v, at %v", name, rollover, c.Day(at), today, took, at)
				}
				today, began = today+1, at
			}
		}
	}
}

const quarter = 15 * time.Minute

var zones = []string{"UTC", "Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/Sao_Paulo", "America/Havana", "Asia/Kolkata",
	"Asia/Tehran", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Africa/Casablanca"}

// TestAfter: n days later is n rollovers later, however the clocks change, and never
// more than two hours beside n times 24 hours.
func TestAfter(t *testing.T) {
	for _, name := range zones {
		for _, rollover := range []int{0, 1, 2, 3, 4, 5, 12, 23} {
			c := fsrs.Calendar{Zone: zone(t, name), Rollover: rollover}
			for at := time.Date(2025, 1, 1, 0, 20, 0, 0, time.UTC); at.Year() < 2027; at = at.Add(101 * quarter) {
				for _, n := range []int{1, 2, 11, 180, 498} {
					got := c.After(at, n)
					off := got.Sub(at) - time.Duration(n)*day
					if c.Between(at, got) != n || off.Abs() > 2*time.Hour {
						t.Fatalf("%s at %d: %d days after %v is %v, %d rollovers later", name, rollover, n, at, got, c.Between(at, got))
					}
				}
			}
		}
	}
}

// TestAfterKeepsHours: without need nothing is moved.
func TestAfterKeepsHours(t *testing.T) {
	berlin := fsrs.Calendar{Zone: zone(t, "Europe/Berlin"), Rollover: 4}
	noon := time.Date(2026, 3, 28, 12, 0, 0, 0, berlin.Zone)
	if got := berlin.After(noon, 1); got.Sub(noon) != day {
		t.Errorf("over the change of the clocks %v is %v", noon, got)
	}
	night := time.Date(2026, 3, 28, 3, 30, 0, 0, berlin.Zone)
	if got := berlin.After(night, 1); got.Sub(night) != 23*time.Hour {
		t.Errorf("%v becomes %v, which is the day after", night, got)
	}
	morning := time.Date(2026, 10, 24, 4, 30, 0, 0, berlin.Zone)
	if got := berlin.After(morning, 1); got.Sub(morning) != 25*time.Hour {
		t.Errorf("%v becomes %v, which is the same day", morning, got)
	}
}

// TestSkippedDay: Samoa had no 30 December 2011, and a card is due all the same.
func TestSkippedDay(t *testing.T) {
	samoa := fsrs.Calendar{Zone: zone(t, "Pacific/Apia"), Rollover: 4}
	at := time.Date(2011, 12, 29, 12, 0, 0, 0, samoa.Zone)
	if got := samoa.After(at, 1); got.Sub(at) != day || samoa.Between(at, got) != 2 {
		t.Errorf("%v becomes %v", at, got)
	}
}

// TestAnswersByRollover: an answer after midnight is one of the same day.
func TestAnswersByRollover(t *testing.T) {
	shanghai := zone(t, "Asia/Shanghai")
	s := scheduler(t, fsrs.Default(), fsrs.Calendar{Zone: shanghai, Rollover: 4})
	card := fsrs.Card{State: fsrs.Review, Stability: 10, Difficulty: 5, LastReview: time.Date(2026, 5, 1, 23, 0, 0, 0, shanghai)}
	before := answer(t, s, card, fsrs.Good, time.Date(2026, 5, 2, 3, 59, 0, 0, shanghai))
	after := answer(t, s, card, fsrs.Good, time.Date(2026, 5, 2, 4, 0, 0, 0, shanghai))
	if before.Stability != 10 || after.Stability <= 11 {
		t.Errorf("S %v before the rollover and %v after it", before.Stability, after.Stability)
	}
	if before.LastReview.Location() != time.UTC || before.Due.Location() != time.UTC {
		t.Errorf("times are not UTC: %v, %v", before.LastReview, before.Due)
	}
}
