package fsrs

import (
	"testing"
	"time"
)

// A day begins where its number does: the second before is of the day before, also where
// the clocks change, even at the rollover hour itself.
func TestStart(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Vienna", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo", "Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, rollover := range []int{0, 1, 2, 3, 4, 23} {
			c := Calendar{Zone: zone, Rollover: rollover}
			from := c.Day(time.Date(2010, 12, 1, 0, 0, 0, 0, time.UTC))
			for n := from; n < from+2*366; n++ {
				start := c.Start(n)
				if c.Day(start) < n || c.Day(start.Add(-time.Second)) >= n {
					t.Fatalf("%s, %d h: day %d begins at %v (%v), which is in day %d, after day %d", name, rollover, n, start, start.In(zone), c.Day(start), c.Day(start.Add(-time.Second)))
				}
			}
		}
	}
}

func BenchmarkStart(b *testing.B) {
	zone, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		b.Fatal(err)
	}
	c := Calendar{Zone: zone, Rollover: 4}
	for b.Loop() {
		c.Start(20_000)
	}
}
