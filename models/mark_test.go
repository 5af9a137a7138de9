package models_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

func TestMarks(t *testing.T) {
	yes, no := ptr(true), ptr(false)
	type mark = models.Mark
	ids := func(list ...string) []string { return list }
	for _, c := range []struct {
		name   string
		before []mark // done first
		mark   mark
		code   string
		counts models.Counts // of five items
		event  string        // the message logged; "" for no event
	}{
		{"seen", nil, mark{IDs: ids("1-1", "1-2"), Seen: true}, "", models.Counts{Unread: 5, Unseen: 3}, `{"ids":["1-1","1-2"],"seen":true}`},
		{"one id twice", nil, mark{IDs: ids("1-1", "1-1"), Seen: true}, "", models.Counts{Unread: 5, Unseen: 4}, `{"ids":["1-1","1-1"],"seen":true}`},
		{"read implies seen", nil, mark{IDs: ids("1-1"), Read: yes}, "", models.Counts{Unread: 4, Unseen: 4}, `{"ids":["1-1"],"seen":true,"read":true}`},
		{"archived implies seen", nil, mark{IDs: ids("1-5"), Archived: yes}, "", models.Counts{Unread: 4, Unseen: 4}, `{"ids":["1-5"],"seen":true,"archived":true}`},
		{"up to", nil, mark{UpTo: "1-3", Seen: true}, "", models.Counts{Unread: 5, Unseen: 2}, `{"up_to":"1-3","seen":true}`},
		{"all read", nil, mark{UpTo: "1-5", Read: yes}, "", models.Counts{}, `{"up_to":"1-5","seen":true,"read":true}`},
		{"unread", []mark{{UpTo: "1-5", Read: yes}}, mark{IDs: ids("1-2"), Read: no}, "", models.Counts{Unread: 1}, `{"ids":["1-2"],"read":false}`},
		{"unarchive", []mark{{IDs: ids("1-2"), Archived: yes}}, mark{IDs: ids("1-2"), Archived: no}, "", models.Counts{Unread: 5, Unseen: 4}, `{"ids":["1-2"],"archived":false}`},
		{"archived and read", nil, mark{IDs: ids("1-2"), Archived: yes, Read: yes}, "", models.Counts{Unread: 4, Unseen: 4}, `{"ids":["1-2"],"seen":true,"read":true,"archived":true}`},
		{"archived stays unread inside", []mark{{IDs: ids("1-2"), Archived: yes}}, mark{IDs: ids("1-2"), Read: yes}, "", models.Counts{Unread: 4, Unseen: 4}, `{"ids":["1-2"],"seen":true,"read":true}`},

		{"nothing changes", []mark{{UpTo: "1-5", Read: yes}}, mark{UpTo: "1-5", Seen: true, Read: yes}, "", models.Counts{}, ""},
		{"unread that is unread", nil, mark{UpTo: "1-5", Read: no}, "", models.Counts{Unread: 5, Unseen: 5}, ""},
		{"up to before all", []mark{{UpTo: "1-1", Seen: true}}, mark{UpTo: "1-1", Seen: true}, "", models.Counts{Unread: 5, Unseen: 4}, ""},

		{"another's", nil, mark{IDs: ids("1-1", "2-1"), Read: yes}, models.NotFound, models.Counts{Unread: 5, Unseen: 5}, ""},
		{"none", nil, mark{IDs: ids("1-1", "1-77"), Read: yes}, models.NotFound, models.Counts{Unread: 5, Unseen: 5}, ""},
		{"recalled", nil, mark{IDs: ids("1-1", "1-6"), Read: yes}, models.NotFound, models.Counts{Unread: 5, Unseen: 5}, ""},
		{"up to another's", nil, mark{UpTo: "2-1", Read: yes}, models.NotFound, models.Counts{Unread: 5, Unseen: 5}, ""},
		{"no id", nil, mark{IDs: ids("x"), Read: yes}, models.NotFound, models.Counts{Unread: 5, Unseen: 5}, ""},
		{"a huge id", nil, mark{IDs: ids("1-99999999999999999999"), Read: yes}, models.NotFound, models.Counts{Unread: 5, Unseen: 5}, ""},
		{"neither ids nor up to", nil, mark{Read: yes}, models.Invalid, models.Counts{Unread: 5, Unseen: 5}, ""},
		{"both", nil, mark{IDs: ids("1-1"), UpTo: "1-2", Read: yes}, models.Invalid, models.Counts{Unread: 5, Unseen: 5}, ""},
		{"no change", nil, mark{IDs: ids("1-1")}, models.Invalid, models.Counts{Unread: 5, Unseen: 5}, ""},
		{"too many", nil, mark{IDs: strings.Split(strings.Repeat("1-1,", 500)+"1-1", ","), Seen: true}, models.Invalid, models.Counts{Unread: 5, Unseen: 5}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := modelstest.Open(t)
			ann, bob := s.User("ann"), s.User("bob")
			if err := s.Write(ctx, func(tx *models.Tx) error {
				for range 6 {
					if err := tx.Notify(counted(""), ann, bob); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if err := s.Write(ctx, func(tx *models.Tx) error { // as a recall does
				if err := tx.Exec(`UPDATE notifications SET recalled_at = ? WHERE user_id = ? AND seq = 6`, tx.Now(), ann).Error; err != nil {
					return err
				}
				return tx.Exec(`UPDATE logs SET unread = unread - 1, unseen = unseen - 1 WHERE user_id = ?`, ann).Error
			}); err != nil {
				t.Fatal(err)
			}
			for _, m := range c.before {
				ok[models.Counts](t)(s.MarkNotifications(ctx, ann, m))
			}
			before := s.Log(ann)
			counts, err := s.MarkNotifications(ctx, ann, c.mark)
			code(t, err, c.code)
			if err == nil && counts != c.counts {
				t.Errorf("answer %+v, want %+v", counts, c.counts)
			}
			var got string
			log := s.Log(ann)
			if len(log) > len(before) {
				last := log[len(log)-1]
				got = string(last.Message)
				if last.Name != "notification.marked" || last.Counts == nil || *last.Counts != c.counts || len(log) != len(before)+1 {
					t.Errorf("%d new events, the last %+v", len(log)-len(before), last)
				}
			}
			if got != c.event {
				t.Errorf("event %s, want %s", got, c.event)
			}
			if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Counts != c.counts || head.Counts != recount(t, s, ann) {
				t.Errorf("counts %+v, recounted %+v, want %+v", head.Counts, recount(t, s, ann), c.counts)
			}
			if head := ok[models.Head](t)(s.Head(ctx, bob)); head.Head != 6 || head.Counts != (models.Counts{Unread: 6, Unseen: 6}) {
				t.Errorf("bob: %+v", head)
			}
		})
	}
}

// recount is what the badge must show.
func recount(t *testing.T, s *modelstest.Store, user int64) (c models.Counts) {
	t.Helper()
	err := s.Read(ctx).Raw(`SELECT
		(SELECT COUNT(*) FROM notifications WHERE user_id = ? AND recalled_at IS NULL AND archived_at IS NULL AND read_at IS NULL) AS unread,
		(SELECT COUNT(*) FROM notifications WHERE user_id = ? AND recalled_at IS NULL AND archived_at IS NULL AND seen_at IS NULL) AS unseen`,
		user, user).Scan(&c).Error
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCountsAreAlwaysARecount(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	r := rand.New(rand.NewPCG(1, 2))
	flag := func() *bool { return []*bool{nil, ptr(true), ptr(false)}[r.IntN(3)] }
	for i := range 150 {
		switch r.IntN(4) {
		case 0:
			notify(t, s, fmt.Sprint("deck:", r.IntN(3)), ann)
		case 1:
			ok[models.Push](t)(s.CreatePush(ctx, ann, toAll, models.Reach{Audience: 1}))
		default:
			m := models.Mark{Seen: r.IntN(4) == 0, Read: flag(), Archived: flag(), UpTo: fmt.Sprintf("%d-%d", ann, 1+r.IntN(i+1))}
			if m.Seen || m.Read != nil || m.Archived != nil {
				ok[models.Counts](t)(s.MarkNotifications(ctx, ann, m))
			}
		}
		head := ok[models.Head](t)(s.Head(ctx, ann))
		if want := recount(t, s, ann); head.Counts != want {
			t.Fatalf("step %d: %+v, recounted %+v", i, head.Counts, want)
		}
	}
}
