package prove

import (
	"reflect"
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	var s spread
	if s.quantile(.99) != 0 {
		t.Error("nothing has a quantile")
	}
	for i := range 101 {
		s = append(s, time.Duration(i))
	}
	if s.quantile(0) != 0 || s.quantile(.5) != 50 || s.quantile(.99) != 99 || s.quantile(1) != 100 {
		t.Errorf("%d %d %d %d", s.quantile(0), s.quantile(.5), s.quantile(.99), s.quantile(1))
	}
}

// TestLatenciesKnowFaults has one push in the calm, one in a fault of the world, one
// while the device was away, one without doorbells, and one of an earlier life.
func TestLatenciesKnowFaults(t *testing.T) {
	w := &world{ops: map[string]*op{}, windows: []span{{at(20), at(25)}}, muted: at(60)}
	d := &device{away: []span{{at(40), at(45)}}, lives: []int{1}, records: []*record{{}}}
	w.devices = []*device{d}
	for i, c := range []struct {
		token           string
		life, sent, got int
	}{{"calm", 1, 10, 11}, {"fault", 1, 19, 21}, {"away", 1, 44, 47}, {"mute", 1, 61, 63}, {"earlier", 0, 12, 30}} {
		o := change(c.token, c.life, c.sent, c.sent+1, 0)
		w.ops[c.token] = o
		d.records[0].shown = append(d.records[0].shown, shown{entry{int64(i + 1), "notification.created", c.token}, at(c.got)})
	}
	calm, faulty := w.latencies()
	if want := (spread{time.Second}); !reflect.DeepEqual(calm, want) {
		t.Errorf("calm: %v, want %v", calm, want)
	}
	if want := (spread{2 * time.Second, 3 * time.Second, 2 * time.Second}); !reflect.DeepEqual(faulty, want) {
		t.Errorf("in faults: %v, want %v", faulty, want)
	}
}

func TestMerge(t *testing.T) {
	got := merge([]span{{at(5), at(6)}, {at(1), at(3)}, {at(2), at(4)}, {at(4), at(4)}})
	if want := []span{{at(1), at(4)}, {at(5), at(6)}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}
