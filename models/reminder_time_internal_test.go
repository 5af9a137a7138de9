package models

import (
	"fmt"
	"testing"
	"time"
)

// localTime is a moment as a clock in the zone shows it, with its offset.
func localTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2006-01-02 15:04 -07:00")
}

func TestWhenAReminderRings(t *testing.T) {
	const daily = everyDay
	weekdays := func(days ...int) (set int64) {
		for _, d := range days {
			set |= 1 << (d - 1)
		}
		return set
	}
	for _, c := range []struct {
		name, zone, at string
		days           int64
		after          string   // RFC 3339
		want           []string // one after the other
	}{
		{"every day", "UTC", "08:00", daily, "2026-05-13T07:59:59Z", []string{"Wed 2026-05-13 08:00 +00:00", "Thu 2026-05-14 08:00 +00:00"}},
		{"at the very moment it is over", "UTC", "08:00", daily, "2026-05-13T08:00:00Z", []string{"Thu 2026-05-14 08:00 +00:00"}},
		{"one weekday, the same day", "UTC", "08:00", weekdays(3), "2026-05-13T00:00:00Z", []string{"Wed 2026-05-13 08:00 +00:00", "Wed 2026-05-20 08:00 +00:00"}},
		{"Monday and Sunday", "UTC", "00:00", weekdays(1, 7), "2026-05-13T00:00:00Z", []string{"Sun 2026-05-17 00:00 +00:00", "Mon 2026-05-18 00:00 +00:00", "Sun 2026-05-24 00:00 +00:00"}},
		{"the weekday is the user's, not UTC's", "Pacific/Auckland", "06:00", weekdays(1), "2026-05-13T00:00:00Z", []string{"Mon 2026-05-18 06:00 +12:00"}},
		{"the zone's own midnight", "America/Los_Angeles", "23:59", weekdays(3), "2026-05-14T00:00:00Z", []string{"Wed 2026-05-13 23:59 -07:00"}},
		{"half an hour off", "Asia/Kolkata", "08:00", daily, "2026-05-13T02:29:00Z", []string{"Wed 2026-05-13 08:00 +05:30"}},
		{"three quarters off", "Asia/Kathmandu", "08:00", daily, "2026-05-13T02:14:00Z", []string{"Wed 2026-05-13 08:00 +05:45"}},
		{"Chatham", "Pacific/Chatham", "08:00", daily, "2026-05-13T00:00:00Z", []string{"Thu 2026-05-14 08:00 +12:45"}},
		{"a leap day", "UTC", "08:00", daily, "2028-02-28T12:00:00Z", []string{"Tue 2028-02-29 08:00 +00:00", "Wed 2028-03-01 08:00 +00:00"}},
		{"over the new year", "UTC", "08:00", weekdays(5), "2026-12-31T12:00:00Z", []string{"Fri 2027-01-01 08:00 +00:00"}},

		// Clocks put forward: a time that does not come is the moment after the gap.
		{"gap", "Europe/Vienna", "02:30", daily, "2026-03-28T12:00:00Z", []string{"Sun 2026-03-29 03:00 +02:00", "Mon 2026-03-30 02:30 +02:00"}},
		{"the gap's first minute", "Europe/Vienna", "02:00", daily, "2026-03-28T12:00:00Z", []string{"Sun 2026-03-29 03:00 +02:00", "Mon 2026-03-30 02:00 +02:00"}},
		{"right behind the gap", "Europe/Vienna", "03:00", daily, "2026-03-28T12:00:00Z", []string{"Sun 2026-03-29 03:00 +02:00", "Mon 2026-03-30 03:00 +02:00"}},
		{"right before the gap", "Europe/Vienna", "01:59", daily, "2026-03-28T12:00:00Z", []string{"Sun 2026-03-29 01:59 +01:00", "Mon 2026-03-30 01:59 +02:00"}},
		{"the morning after", "Europe/Vienna", "08:00", daily, "2026-03-28T12:00:00Z", []string{"Sun 2026-03-29 08:00 +02:00"}},
		{"gap in America", "America/New_York", "02:30", daily, "2026-03-07T12:00:00Z", []string{"Sun 2026-03-08 03:00 -04:00", "Mon 2026-03-09 02:30 -04:00"}},
		{"gap of half an hour", "Australia/Lord_Howe", "02:15", daily, "2026-10-03T00:00:00Z", []string{"Sun 2026-10-04 02:30 +11:00", "Mon 2026-10-05 02:15 +11:00"}},
		{"gap at midnight", "Africa/Cairo", "00:30", daily, "2026-04-23T12:00:00Z", []string{"Fri 2026-04-24 01:00 +03:00", "Sat 2026-04-25 00:30 +03:00"}},
		{"a whole day that never was", "Pacific/Apia", "08:00", daily, "2011-12-29T12:00:00Z", []string{"Thu 2011-12-29 08:00 -10:00", "Sat 2011-12-31 00:00 +14:00", "Sat 2011-12-31 08:00 +14:00"}},

		// Clocks put back: a time that comes twice rings once, the first time.
		{"twice", "Europe/Vienna", "02:30", daily, "2026-10-24T12:00:00Z", []string{"Sun 2026-10-25 02:30 +02:00", "Mon 2026-10-26 02:30 +01:00"}},
		{"the first minute that comes twice", "Europe/Vienna", "02:00", daily, "2026-10-24T12:00:00Z", []string{"Sun 2026-10-25 02:00 +02:00", "Mon 2026-10-26 02:00 +01:00"}},
		{"between the two", "Europe/Vienna", "02:30", daily, "2026-10-25T00:45:00Z", []string{"Mon 2026-10-26 02:30 +01:00"}},
		{"twice in America", "America/New_York", "01:30", daily, "2026-10-31T12:00:00Z", []string{"Sun 2026-11-01 01:30 -04:00", "Mon 2026-11-02 01:30 -05:00"}},
		{"half an hour twice", "Australia/Lord_Howe", "01:45", daily, "2026-04-04T00:00:00Z", []string{"Sun 2026-04-05 01:45 +11:00", "Mon 2026-04-06 01:45 +10:30"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			hour, minute, ok := parseClock(c.at)
			after, err := time.Parse(time.RFC3339, c.after)
			if !ok || err != nil {
				t.Fatal(c.at, err)
			}
			d := dailyTime{hour: hour, minute: minute, days: c.days, zone: zone}
			for _, want := range c.want {
				next := d.next(after)
				if got := localTime(next, zone); got != want {
					t.Fatalf("after %s comes %s, want %s", localTime(after, zone), got, want)
				}
				if last := d.last(next); !last.Equal(next) {
					t.Errorf("the last up to %s is %s", localTime(next, zone), localTime(last, zone))
				}
				if last := d.last(next.Add(-1)); last.After(after) {
					t.Errorf("before %s there is %s", localTime(next, zone), localTime(last, zone))
				}
				after = next
			}
		})
	}
	if none := (dailyTime{zone: time.UTC}); !none.next(time.Now()).IsZero() || !none.last(time.Now()).IsZero() {
		t.Error("no weekday, and yet it rings")
	}
}

// Walking through years of clock changes, every date has its time once: at the wanted
// time, or where that is skipped right after.
func TestADailyTimeComesOnceADay(t *testing.T) {
	for _, name := range []string{"Europe/Vienna", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Chatham", "America/Havana", "Asia/Gaza"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []string{"00:00", "00:30", "01:45", "02:15", "02:30", "03:00", "23:59"} {
			hour, minute, _ := parseClock(at)
			d := dailyTime{hour: hour, minute: minute, days: everyDay, zone: zone}
			when := time.Date(2024, 1, 1, 12, 0, 0, 0, zone)
			date := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
			if hour >= 12 {
				date = date.AddDate(0, 0, -1)
			}
			for range 3 * 366 {
				when, date = d.next(when), date.AddDate(0, 0, 1)
				local := when.In(zone)
				if local.Format("2006-01-02") != date.Format("2006-01-02") {
					t.Fatalf("%s %s: %s, want the date %s", name, at, localTime(when, zone), date.Format("2006-01-02"))
				}
				if local.Format("15:04") == at {
					continue
				}
				before := when.Add(-time.Second).In(zone)
				sameDay := before.Day() == local.Day()
				if sameDay && before.Format("15:04:05") >= at || local.Format("15:04") < at {
					t.Fatalf("%s %s: %s, right before %s", name, at, localTime(when, zone), before)
				}
			}
		}
	}
}

func TestTimesOfTheDay(t *testing.T) {
	for s, want := range map[string]bool{
		"00:00": true, "08:00": true, "23:59": true,
		"": false, "8:00": false, "24:00": false, "08:60": false, "08:00 ": false, " 08:00": false, "08:00:00": false, "-1:00": false, "+8:00": false, "08-00": false,
		"0８:00": false, "08:0": false, "008:00": false, "ab:cd": false, "08:00\n": false, "0x8:00": false,
	} {
		if _, _, ok := parseClock(s); ok != want {
			t.Errorf("%q: %v", s, ok)
		}
	}
}

func TestQuietHours(t *testing.T) {
	at := func(s string) time.Time {
		t.Helper()
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ name, zone, preferences, now, until string }{
		{"off by default", "UTC", `{}`, "2026-05-13T23:00:00Z", ""},
		{"off", "UTC", `{"quiet":{"on":false,"from":"22:00","to":"07:00"}}`, "2026-05-13T23:00:00Z", ""},
		{"on, with default hours", "UTC", `{"quiet":{"on":true}}`, "2026-05-13T23:00:00Z", "2026-05-14T07:00:00Z"},
		{"of another shape", "UTC", `{"quiet":[1]}`, "2026-05-13T23:00:00Z", ""},
		{"times of another shape", "UTC", `{"quiet":{"on":true,"from":9,"to":"7"}}`, "2026-05-13T23:00:00Z", "2026-05-14T07:00:00Z"},
		{"on that is no yes", "UTC", `{"quiet":{"on":"true"}}`, "2026-05-13T23:00:00Z", ""},
		{"over midnight, before it", "UTC", `{"quiet":{"on":true,"from":"22:00","to":"07:00"}}`, "2026-05-13T22:00:00Z", "2026-05-14T07:00:00Z"},
		{"over midnight, behind it", "UTC", `{"quiet":{"on":true,"from":"22:00","to":"07:00"}}`, "2026-05-14T06:59:59.5Z", "2026-05-14T07:00:00Z"},
		{"the end is not quiet", "UTC", `{"quiet":{"on":true,"from":"22:00","to":"07:00"}}`, "2026-05-14T07:00:00Z", ""},
		{"right before", "UTC", `{"quiet":{"on":true,"from":"22:00","to":"07:00"}}`, "2026-05-13T21:59:59Z", ""},
		{"within a day", "UTC", `{"quiet":{"on":true,"from":"12:00","to":"14:00"}}`, "2026-05-13T13:00:00Z", "2026-05-13T14:00:00Z"},
		{"outside, within a day", "UTC", `{"quiet":{"on":true,"from":"12:00","to":"14:00"}}`, "2026-05-13T23:00:00Z", ""},
		{"equal ends", "UTC", `{"quiet":{"on":true,"from":"12:00","to":"12:00"}}`, "2026-05-13T12:00:00Z", ""},
		{"the user's clock", "Asia/Kathmandu", `{"quiet":{"on":true}}`, "2026-05-13T17:00:00Z", "2026-05-14T01:15:00Z"},
		{"clocks put forward", "Europe/Vienna", `{"quiet":{"on":true}}`, "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"},
		{"clocks put back", "Europe/Vienna", `{"quiet":{"on":true}}`, "2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z"},
		{"an end that does not come", "Europe/Vienna", `{"quiet":{"on":true,"from":"22:00","to":"02:30"}}`, "2026-03-28T22:00:00Z", "2026-03-29T01:00:00Z"},
		{"an end that comes twice, before", "Europe/Vienna", `{"quiet":{"on":true,"from":"22:00","to":"02:30"}}`, "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z"},
		{"between the two", "Europe/Vienna", `{"quiet":{"on":true,"from":"22:00","to":"02:30"}}`, "2026-10-25T00:45:00Z", ""},
		{"the second time", "Europe/Vienna", `{"quiet":{"on":true,"from":"22:00","to":"02:30"}}`, "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z"},
		{"Lord Howe", "Australia/Lord_Howe", `{"quiet":{"on":true,"from":"22:00","to":"02:15"}}`, "2026-10-03T13:00:00Z", "2026-10-03T15:30:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			now := at(c.now)
			want := now
			if c.until != "" {
				want = at(c.until)
			}
			if got := readQuiet(c.preferences).until(now, zone); !got.Equal(want) {
				t.Errorf("quiet until %s, want %s", localTime(got, zone), localTime(want, zone))
			}
		})
	}
}

// Whatever the hours and the zone: until is the first moment that is not quiet.
func TestQuietEndsAtTheFirstMomentThatIsNot(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Vienna", "Australia/Lord_Howe", "America/St_Johns"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []quietHours{{22 * 60, 7 * 60}, {60, 150}, {150, 135}, {0, 23*60 + 59}, {120, 180}} {
			for _, day := range []time.Time{time.Date(2026, 3, 28, 11, 0, 0, 0, zone), time.Date(2026, 10, 24, 11, 0, 0, 0, zone), time.Date(2026, 4, 4, 11, 0, 0, 0, zone), time.Date(2026, 10, 3, 11, 0, 0, 0, zone)} {
				for i := range 100 {
					now := day.Add(time.Duration(i) * 17 * time.Minute)
					want := now
					for q.at(sinceMidnight(want.In(zone))) {
						want = want.Truncate(time.Minute).Add(time.Minute)
					}
					if got := q.until(now, zone); !got.Equal(want) {
						t.Fatal(fmt.Sprint(name, q), localTime(now, zone), "until", localTime(got, zone), "want", localTime(want, zone))
					}
				}
			}
		}
	}
}
