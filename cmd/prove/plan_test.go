package prove

import (
	"reflect"
	"testing"
	"time"
)

func TestPlanIsTheSeeds(t *testing.T) {
	for seed := range uint64(50) {
		a, b := plan(seed, 1, 10*time.Minute), plan(seed, 1, 10*time.Minute)
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("seed %d gave two plans", seed)
		}
		if reflect.DeepEqual(a, plan(seed+1000, 1, 10*time.Minute)) || reflect.DeepEqual(a, plan(seed, 2, 10*time.Minute)) {
			t.Fatalf("seed %d gives the plan of another seed or world", seed)
		}
	}
}

func TestPlanBreaksEnoughAndLeavesTimeToMend(t *testing.T) {
	for seed := range uint64(200) {
		kills := 0
		kinds := map[fault]bool{}
		for world := range 4 {
			var lastKill time.Duration
			for _, s := range plan(seed, world, 10*time.Minute) {
				kinds[s.what] = true
				kills += s.times
				if s.at < 0 || s.at > 10*time.Minute-lastFault || s.at+s.lasts > 10*time.Minute {
					t.Fatalf("seed %d: %+v is out of time", seed, s)
				}
				if s.what != kill {
					continue
				}
				if lastKill > 0 && s.at-lastKill < cycle {
					t.Fatalf("seed %d: kills at %s and %s: no backoff can start over between them", seed, lastKill, s.at)
				}
				lastKill = s.at
			}
		}
		if kills < 50 {
			t.Errorf("seed %d kills %d times in ten minutes, want 50", seed, kills)
		}
		if len(kinds) != len(faults) {
			t.Errorf("seed %d makes the faults %v only", seed, kinds)
		}
	}
}

func TestShortPlanHasEveryFault(t *testing.T) {
	kinds := map[fault]bool{}
	for world := range 3 {
		for _, s := range plan(1, world, time.Minute) {
			kinds[s.what] = true
		}
	}
	for _, what := range faults {
		if !kinds[what] {
			t.Errorf("a minute is without %s", what)
		}
	}
}
