package models_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// inboxItem and userState are what a user's inbox and log must be, kept by the
// simplest of means.
type inboxItem struct {
	seq                  int64
	group                string
	n                    int
	seen, read, archived bool
	created              time.Time
}

type userState struct {
	log   []string // name and counts of each event
	items []inboxItem
}

func (u userState) clone() userState {
	return userState{log: slices.Clone(u.log), items: slices.Clone(u.items)}
}

func (u *userState) counts() (c models.Counts) {
	for _, it := range u.items {
		if !it.archived && !it.read {
			c.Unread++
		}
		if !it.archived && !it.seen {
			c.Unseen++
		}
	}
	return c
}

func (u *userState) event(name string, counted bool) {
	if counted {
		name += fmt.Sprintf(" %+v", u.counts())
	}
	u.log = append(u.log, name)
}

func (u *userState) notify(group string, now time.Time) {
	for i := range u.items {
		it := &u.items[i]
		if group != "" && it.group == group && !it.read && !it.archived && it.created.After(now.Add(-time.Hour)) {
			it.n++
			it.seen = false
			u.event("notification.updated", true)
			return
		}
	}
	u.items = append(u.items, inboxItem{seq: int64(len(u.log) + 1), group: group, n: 1, created: now})
	u.event("notification.created", true)
}

func (u *userState) mark(seqs []int64, upTo int64, m models.Mark) {
	changed := false
	set := func(flag *bool, to bool) {
		changed = changed || *flag != to
		*flag = to
	}
	for i := range u.items {
		it := &u.items[i]
		if seqs != nil && !slices.Contains(seqs, it.seq) || seqs == nil && it.seq > upTo {
			continue
		}
		if m.Seen || m.Read != nil && *m.Read || m.Archived != nil && *m.Archived {
			set(&it.seen, true)
		}
		if m.Read != nil {
			set(&it.read, *m.Read)
		}
		if m.Archived != nil {
			set(&it.archived, *m.Archived)
		}
	}
	if changed {
		u.event("notification.marked", true)
	}
}

// step is one thing that a closure does: in the store, and in the model of it.
type step struct {
	name  string
	do    func(tx *models.Tx) error
	model func(all map[int64]*userState)
}

// steps deals random steps against the state as it is.
type steps struct {
	*rand.Rand
	users []int64
	now   time.Time
}

func (s *steps) some() []int64 {
	picked := slices.Clone(s.users)
	s.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	return picked[:1+s.IntN(len(picked))]
}

func (s *steps) next(all map[int64]*userState) step {
	to, now := s.some(), s.now
	switch s.IntN(6) {
	case 0:
		return step{fmt.Sprint("append ", to), func(tx *models.Tx) error { return tx.Append("card.created", map[string]int{}, to...) },
			func(all map[int64]*userState) {
				for _, u := range to {
					all[u].event("card.created", false)
				}
			}}
	case 1:
		return step{"flush", (*models.Tx).Flush, func(map[int64]*userState) {}}
	case 2:
		return step{"broadcast", func(tx *models.Tx) error { return tx.Broadcast("hello") }, func(all map[int64]*userState) {
			for _, u := range all {
				u.notify("", now)
			}
		}}
	case 3, 4:
		group := []string{"", "deck:1", "deck:2"}[s.IntN(3)]
		return step{fmt.Sprint("notify ", group, to), func(tx *models.Tx) error { return tx.Notify(counted(group), to...) },
			func(all map[int64]*userState) {
				for _, u := range to {
					all[u].notify(group, now)
				}
			}}
	default:
		return s.mark(to[0], all[to[0]])
	}
}

func (s *steps) mark(user int64, state *userState) step {
	flag := func() *bool { return []*bool{nil, ptr(true), ptr(false)}[s.IntN(3)] }
	m := models.Mark{Seen: s.IntN(2) == 0, Read: flag(), Archived: flag()}
	if !m.Seen && m.Read == nil && m.Archived == nil {
		m.Seen = true
	}
	var seqs []int64
	var upTo int64
	for _, it := range state.items {
		if s.IntN(3) == 0 {
			seqs = append(seqs, it.seq)
			m.IDs = append(m.IDs, fmt.Sprintf("%d-%d", user, it.seq))
		}
	}
	if seqs == nil {
		upTo = int64(1 + s.IntN(len(state.log)+1))
		m.UpTo = fmt.Sprintf("%d-%d", user, upTo)
	}
	return step{fmt.Sprintf("mark %+v", m), func(tx *models.Tx) error { _, err := tx.Mark(user, m); return err },
		func(all map[int64]*userState) { all[user].mark(seqs, upTo, m) }}
}

// counted is a notice whose data counts how often it was merged.
func counted(group string) models.Notice {
	type count struct {
		N int `json:"n"`
	}
	return models.Notice{Kind: "deck.changed", GroupKey: group, Title: "1", Data: count{1},
		Merge: func(old json.RawMessage) (string, string, any, error) {
			var c count
			err := json.Unmarshal(old, &c)
			c.N++
			return fmt.Sprint(c.N), "", c, err
		}}
}

var errRefused = errors.New("refused")

// An error or a panic in one closure of a batch undoes that one alone, whatever
// the others and it itself did before.
func TestBatchesOfRandomChanges(t *testing.T) {
	rounds := uint64(10)
	if testing.Short() {
		rounds = 4
	}
	for seed := range rounds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := modelstest.Open(t)
			deal := &steps{Rand: rand.New(rand.NewPCG(seed, 1)), users: []int64{s.User("ann"), s.User("bob"), s.User("cem")}}
			all := map[int64]*userState{}
			for _, u := range deal.users {
				all[u] = &userState{}
			}
			rung := map[int64][]string{}
			for range 12 {
				deal.now = s.Clock.Now()
				var fns []func(*models.Tx) error
				var want []string
				var told []string
				for range 1 + deal.IntN(6) {
					fn, end, story := closure(deal, all)
					fns, want, told = append(fns, fn), append(want, end), append(told, story)
				}
				for i, err := range s.CommitTogether(fns...) {
					if code := models.ErrorCode(err); code != want[i] {
						t.Fatalf("closure %d: %v, want %q; the batch:\n%s", i, err, want[i], strings.Join(told, "\n"))
					}
				}
				compare(t, s, all, rung, told)
				if t.Failed() {
					t.FailNow()
				}
				s.Clock.Add(time.Duration(deal.IntN(40)) * time.Minute)
			}
		})
	}
}

// closure is some steps and an end. The model takes them over if it ends well.
func closure(deal *steps, all map[int64]*userState) (fn func(*models.Tx) error, code, story string) {
	draft := map[int64]*userState{}
	for id, u := range all {
		c := u.clone()
		draft[id] = &c
	}
	var taken []step
	for range 1 + deal.IntN(4) {
		st := deal.next(draft)
		st.model(draft)
		taken = append(taken, st)
		story += st.name + "; "
	}
	end := deal.IntN(4)
	switch end {
	case 0:
		code, story = models.Internal, story+"error"
	case 1:
		code, story = models.Internal, story+"panic"
	default:
		for id, u := range draft {
			all[id] = u
		}
	}
	return func(tx *models.Tx) error {
		for _, st := range taken {
			if err := st.do(tx); err != nil {
				return models.Errorf("unexpected", "%s: %v", st.name, err)
			}
		}
		switch end {
		case 0:
			return errRefused
		case 1:
			panic("on purpose")
		}
		return nil
	}, code, story
}

// compare holds the store against the model: logs, inboxes, counts, and the bell.
func compare(t *testing.T, s *modelstest.Store, all map[int64]*userState, rung map[int64][]string, told []string) {
	t.Helper()
	for user, want := range all {
		box := ok[models.Inbox](t)(s.ListNotifications(ctx, user, "all", "", 200)) // takes over what was sent to all
		archived := ok[models.Inbox](t)(s.ListNotifications(ctx, user, "archived", "", 200))
		var log []string
		for _, e := range s.Log(user) {
			log = append(log, describe(e))
		}
		if !slices.Equal(log, want.log) {
			t.Errorf("log of %d:\n%q\nwant\n%q", user, log, want.log)
		}
		if box.Counts != want.counts() || box.Head != int64(len(want.log)) {
			t.Errorf("user %d: counts %+v head %d, want %+v %d", user, box.Counts, box.Head, want.counts(), len(want.log))
		}
		got := map[int64]inboxItem{}
		for _, n := range append(box.Items, archived.Items...) {
			it := inboxItem{seq: n.Seq, group: n.GroupKey, n: 1, seen: n.SeenAt != nil, read: n.ReadAt != nil, archived: n.ArchivedAt != nil, created: n.CreatedAt}
			if n.Kind != "push" {
				fmt.Sscan(n.Title, &it.n)
			}
			got[n.Seq] = it
		}
		items := map[int64]inboxItem{}
		for _, it := range want.items {
			items[it.seq] = it
		}
		if !reflect.DeepEqual(got, items) {
			t.Errorf("inbox of %d:\n%+v\nwant\n%+v", user, got, items)
		}
	}
	entries, _ := s.Bell.Take()
	for _, e := range entries {
		rung[e.User] = append(rung[e.User], describe(e))
		if int64(len(rung[e.User])) != e.Seq {
			t.Errorf("rung for %d: seq %d as number %d", e.User, e.Seq, len(rung[e.User]))
		}
	}
	for user, want := range all {
		if !slices.Equal(rung[user], want.log) {
			t.Errorf("rung for %d:\n%q\nwant\n%q", user, rung[user], want.log)
		}
	}
	if t.Failed() {
		t.Log("the batch:\n" + strings.Join(told, "\n"))
	}
}

func describe(e models.Entry) string {
	if e.Counts == nil {
		return e.Name
	}
	return fmt.Sprintf("%s %+v", e.Name, *e.Counts)
}
