package prove

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// at is a moment of the tests' day.
func at(second int) time.Time { return time.Unix(1_700_000_000+int64(second), 0) }

// change is an op that was asked for and acknowledged at given seconds, 0 for not.
func change(token string, life, first, acked int, audience ...int) *op {
	o := &op{token: token, life: life, first: at(first), sent: at(first), audience: map[int]bool{}}
	if acked > 0 {
		o.acked = at(acked)
	}
	for _, user := range audience {
		o.audience[user] = true
	}
	return o
}

// well is a life in which nothing is wrong: ann (0) and ben (1), two pushes to both,
// one to ann, one that was abandoned but happened, and one that did not.
func well() *life {
	logs := [][]entry{
		{{1, "deck.created", ""}, {2, "notification.created", "a"}, {3, "notification.created", "b"}, {4, "notification.created", "c"}, {5, "notification.created", "d"}},
		{{1, "notification.created", "a"}, {2, "notification.created", "b"}},
	}
	return &life{
		world: "w0", users: []string{"ann", "ben"},
		ops: map[string]*op{
			"a": change("a", 0, 10, 11, 0, 1), "b": change("b", 0, 12, 13, 0, 1), "c": change("c", 0, 12, 14, 0),
			"d": change("d", 0, 15, 0, 0), "e": change("e", 0, 15, 0, 0, 1),
		},
		logs: logs, inboxes: [][]string{{"d", "c", "b", "a"}, {"b", "a"}}, answers: make([][]string, 2),
		records: []record{recorded("ann/socket", 0, logs[0]...), recorded("ann/poll", 0, logs[0]...), recorded("ben/socket", 1, logs[1]...)},
	}
}

func recorded(name string, user int, entries ...entry) record {
	r := record{device: name, user: user}
	for _, e := range entries {
		r.shown = append(r.shown, shown{entry: e})
	}
	return r
}

func TestCheckFindsNothingWhereAllIsWell(t *testing.T) {
	if found := well().check(); len(found) > 0 {
		t.Fatalf("found %v", found)
	}
}

// TestCheckFinds breaks a life that is well in one way each, and wants just what
// follows from it.
func TestCheckFinds(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*life)
		want  []string
	}{
		{"a push that no device showed", func(l *life) {
			l.records[0].shown = slices.Delete(l.records[0].shown, 1, 2)
		}, []string{"lost ann/socket 2 a"}},
		{"a device's last events are missing", func(l *life) {
			l.records[0].shown = l.records[0].shown[:3]
		}, []string{"lost ann/socket 4 c", "lost ann/socket 5 d"}},
		{"a device never saw anything", func(l *life) {
			l.records[2].shown = nil
		}, []string{"lost ben/socket 1 a", "lost ben/socket 2 b"}},
		{"a device showed one twice", func(l *life) {
			l.records[2].shown = append(l.records[2].shown, l.records[2].shown[0])
		}, []string{"duplicated ben/socket 1 a"}},
		{"a device showed two the other way round", func(l *life) {
			s := l.records[2].shown
			s[0], s[1] = s[1], s[0]
		}, []string{"reordered ben/socket 1 a"}},
		{"a device showed what the log has not", func(l *life) {
			l.records[2].shown = append(l.records[2].shown, shown{entry: entry{3, "notification.created", "c"}})
		}, []string{"alien ben/socket 3 c"}},
		{"a device showed another event in its place", func(l *life) {
			l.records[2].shown[1].token = "e"
		}, []string{"alien ben/socket 2 e"}},
		{"acknowledged, and not in the store", func(l *life) {
			l.logs[1], l.inboxes[1], l.records[2].shown = l.logs[1][:1], []string{"a"}, l.records[2].shown[:1]
		}, []string{"lost ben 0 b", "lost ben 0 b"}}, // log and inbox
		{"in the log, not in the inbox", func(l *life) {
			l.inboxes[1] = []string{"a"}
		}, []string{"lost ben 0 b"}},
		{"twice in the inbox", func(l *life) {
			l.inboxes[1] = []string{"b", "a", "b"}
		}, []string{"duplicated ben 0 b"}},
		{"twice in the store", func(l *life) {
			more := entry{3, "notification.created", "a"}
			l.logs[1] = append(l.logs[1], more)
			l.records[2].shown = append(l.records[2].shown, shown{entry: more})
			l.inboxes[1] = []string{"a", "b", "a"}
		}, []string{"duplicated ben 3 a", "duplicated ben 0 a", "reordered ben 3 a"}},
		{"somebody else's", func(l *life) {
			more := entry{3, "notification.created", "c"}
			l.logs[1] = append(l.logs[1], more)
			l.records[2].shown = append(l.records[2].shown, shown{entry: more})
			l.inboxes[1] = []string{"c", "b", "a"}
		}, []string{"alien ben 3 c", "alien ben 0 c"}},
		{"nobody's", func(l *life) {
			more := entry{3, "notification.created", "z"}
			l.logs[1] = append(l.logs[1], more)
			l.records[2].shown = append(l.records[2].shown, shown{entry: more})
		}, []string{"alien ben 3 z"}},
		{"acknowledged before another was asked for, and behind it", func(l *life) {
			l.logs[1][0].token, l.logs[1][1].token = "b", "a"
			l.records[2].shown[0].token, l.records[2].shown[1].token = "b", "a"
		}, []string{"reordered ben 2 a"}},
		{"a log with a gap in its numbers", func(l *life) {
			l.logs[1][1].seq = 3
			l.records[2].shown[1].seq = 3
		}, []string{"reordered ben 3 b", "alien ben/socket 3 b", "lost ben/socket 2 b"}},
		{"an answer that is not in its card's list", func(l *life) {
			l.ops["c"].place = inCard
		}, []string{"lost ann 0 c", "alien ann 0 c"}},
		{"an answer that counts twice", func(l *life) {
			l.ops["c"].place = inCard
			l.answers[0] = []string{"c", "c"}
			l.inboxes[0] = slices.DeleteFunc(l.inboxes[0], func(token string) bool { return token == "c" })
		}, []string{"duplicated ann 0 c"}},
		{"a card that is in no deck", func(l *life) {
			l.ops["c"].place = inDeck
		}, []string{"lost  0 c", "alien ann 0 c"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := well()
			c.spoil(l)
			compare(t, l.check(), c.want)
		})
	}
}

// TestCheckAfterRestore looks at a second life, which began with a backup that was
// made from second 20 to 22.
func TestCheckAfterRestore(t *testing.T) {
	restored := func() *life {
		log := []entry{{1, "notification.created", "old"}, {2, "notification.created", "new"}}
		return &life{
			world: "w0", number: 1, users: []string{"ann"}, backups: []span{{at(20), at(22)}},
			ops: map[string]*op{
				"old": change("old", 0, 10, 11, 0), "gone": change("gone", 0, 23, 24, 0), "meanwhile": change("meanwhile", 0, 20, 21, 0),
				"new": change("new", 1, 30, 31, 0),
			},
			logs: [][]entry{log}, inboxes: [][]string{{"new", "old"}}, answers: make([][]string, 1),
			records: []record{{device: "ann/socket", from: 1, list: []string{"old"}, shown: []shown{{entry: log[1]}}}},
		}
	}
	for _, c := range []struct {
		name  string
		spoil func(*life)
		want  []string
	}{
		{"well", func(*life) {}, nil},
		{"what came while the backup was made may be there", func(l *life) {
			l.logs[0] = []entry{{1, "notification.created", "old"}, {2, "notification.created", "meanwhile"}, {3, "notification.created", "new"}}
			l.inboxes[0] = []string{"new", "meanwhile", "old"}
			l.records[0] = record{device: "ann/socket", from: 2, list: []string{"meanwhile", "old"}, shown: []shown{{entry: l.logs[0][2]}}}
		}, nil},
		{"what came after it must not", func(l *life) {
			l.logs[0] = []entry{{1, "notification.created", "old"}, {2, "notification.created", "gone"}, {3, "notification.created", "new"}}
			l.inboxes[0] = []string{"new", "gone", "old"}
			l.records[0] = record{device: "ann/socket", from: 2, list: []string{"gone", "old"}, shown: []shown{{entry: l.logs[0][2]}}}
		}, []string{"alien ann 2 gone", "alien ann 0 gone"}},
		{"what was acknowledged before it is missing", func(l *life) {
			l.logs[0] = []entry{{1, "notification.created", "new"}}
			l.inboxes[0] = []string{"new"}
			l.records[0] = record{device: "ann/socket", list: []string{}, shown: []shown{{entry: l.logs[0][0]}}}
		}, []string{"lost ann 0 old", "lost ann 0 old"}},
		{"the list after the reset lacks one", func(l *life) { l.records[0].list = []string{} }, []string{"lost ann/socket 1 old"}},
		{"the list after the reset has one twice", func(l *life) { l.records[0].list = []string{"old", "old"} }, []string{"duplicated ann/socket 0 old"}},
		{"the list after the reset has one that is gone", func(l *life) { l.records[0].list = []string{"gone", "old"} }, []string{"alien ann/socket 0 gone"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := restored()
			c.spoil(l)
			compare(t, l.check(), c.want)
		})
	}
}

// compare wants findings in short: what, where, seq and token, in any order.
func compare(t *testing.T, found []violation, want []string) {
	t.Helper()
	var got []string
	for _, v := range found {
		where := v.User
		if v.Device != "" {
			where = v.Device
		}
		got = append(got, fmt.Sprintf("%s %s %d %s", v.What, where, v.Seq, v.Token))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
