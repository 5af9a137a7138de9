package prove

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// notes is a world that only writes down what it is told.
type notes struct {
	number int
	told   []string
}

func (n *notes) life() int { return n.number }

func (n *notes) violated(what wrong, d *device, seq int64, token, format string, args ...any) {
	n.told = append(n.told, fmt.Sprintf("%s %d", what, seq))
}

func TestDeviceNotesWhatIsNotNext(t *testing.T) {
	for _, c := range []struct {
		name string
		seqs []int64
		want []string
	}{
		{"in order", []int64{1, 2, 3}, nil},
		{"twice", []int64{1, 2, 2, 3}, []string{"duplicated 2"}},
		{"again from the beginning", []int64{1, 2, 1, 2, 3}, []string{"duplicated 1", "duplicated 2"}},
		{"a gap", []int64{1, 3, 4}, []string{"reordered 3"}},
		{"the other way round", []int64{2, 1, 3}, []string{"reordered 2", "duplicated 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			world := &notes{}
			d := &device{host: world}
			d.begins("e1")
			for _, seq := range c.seqs {
				d.take(&frame{Seq: seq, Name: "deck.updated"})
			}
			if !slices.Equal(world.told, c.want) {
				t.Errorf("noted %q, want %q", world.told, c.want)
			}
			if got := len(d.of(0).shown); got != len(c.seqs) {
				t.Errorf("%d events in the record, want all %d as they came", got, len(c.seqs))
			}
		})
	}
}

func TestDeviceKeepsLivesApart(t *testing.T) {
	world := &notes{}
	d := &device{host: world}
	d.begins("e1")
	d.take(&frame{Seq: 1})
	if d.of(1) != nil {
		t.Error("a life that it has not seen")
	}
	world.number = 1
	d.mu.Lock()
	d.epoch = "e2"
	d.open(7, []string{"old"})
	d.mu.Unlock()
	d.take(&frame{Seq: 8})
	if first, second := d.of(0), d.of(1); len(first.shown) != 1 || first.shown[0].seq != 1 || second.from != 7 || second.shown[0].seq != 8 {
		t.Errorf("records %+v and %+v", first, second)
	}
	if len(world.told) > 0 {
		t.Errorf("noted %q", world.told)
	}
}

func TestEntryKnowsTheToken(t *testing.T) {
	for _, c := range []struct{ name, message, token string }{
		{"notification.created", `{"notification":{"kind":"push","title":"t1","body":"t2"}}`, "t1"},
		{"notification.created", `{"notification":{"kind":"deck.changed","title":"New card","body":"t1"}}`, ""},
		{"notification.updated", `{"notification":{"kind":"push","title":"t1"}}`, ""},
		{"card.created", `{"note":{"fields":{"Front":"t1","Back":"t2"}}}`, "t1"},
		{"card.updated", `{"note":{"fields":{"Front":"t1"}}}`, ""},
		{"card.created", `{"note":`, ""},
	} {
		f := frame{Seq: 4, Name: c.name, Message: []byte(c.message)}
		if got, want := f.entry(), (entry{4, c.name, c.token}); got != want {
			t.Errorf("%s %s: %v, want %v", c.name, c.message, got, want)
		}
	}
}

func TestBackoff(t *testing.T) {
	for n := range 40 {
		least, most := backoff(n, 0), backoff(n, 0.999999)
		if least != 500*time.Millisecond || most > 20*time.Second || most < time.Second-time.Millisecond {
			t.Errorf("attempt %d waits from %s to %s", n, least, most)
		}
	}
	if got := backoff(3, .5); got != 2500*time.Millisecond {
		t.Errorf("attempt 3 waits %s in the middle", got)
	}
}
