package models_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// notify puts a grouped or single notice into inboxes.
func notify(t *testing.T, s *modelstest.Store, group string, users ...int64) {
	t.Helper()
	if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Notify(counted(group), users...) }); err != nil {
		t.Fatal(err)
	}
}

// marking changes all of a user's inbox.
func marking(t *testing.T, s *modelstest.Store, user int64, m models.Mark) models.Counts {
	t.Helper()
	m.UpTo = fmt.Sprintf("%d-%d", user, 1_000_000)
	return ok[models.Counts](t)(s.MarkNotifications(ctx, user, m))
}

func TestGroupsMergeWhileUnreadAndYoung(t *testing.T) {
	for _, c := range []struct {
		name    string
		between func(*testing.T, *modelstest.Store, int64)
		items   int
		counts  models.Counts
		last    string
	}{
		{"at once", func(*testing.T, *modelstest.Store, int64) {}, 1, models.Counts{Unread: 1, Unseen: 1}, "notification.updated"},
		{"seen: unseen again", func(t *testing.T, s *modelstest.Store, u int64) { marking(t, s, u, models.Mark{Seen: true}) }, 1, models.Counts{Unread: 1, Unseen: 1}, "notification.updated"},
		{"read", func(t *testing.T, s *modelstest.Store, u int64) { marking(t, s, u, models.Mark{Read: ptr(true)}) }, 2, models.Counts{Unread: 1, Unseen: 1}, "notification.created"},
		{"read and unread", func(t *testing.T, s *modelstest.Store, u int64) {
			marking(t, s, u, models.Mark{Read: ptr(true)})
			marking(t, s, u, models.Mark{Read: ptr(false)})
		}, 1, models.Counts{Unread: 1, Unseen: 1}, "notification.updated"},
		{"archived", func(t *testing.T, s *modelstest.Store, u int64) { marking(t, s, u, models.Mark{Archived: ptr(true)}) }, 2, models.Counts{Unread: 1, Unseen: 1}, "notification.created"},
		{"59 minutes", func(_ *testing.T, s *modelstest.Store, _ int64) { s.Clock.Add(59 * time.Minute) }, 1, models.Counts{Unread: 1, Unseen: 1}, "notification.updated"},
		{"an hour", func(_ *testing.T, s *modelstest.Store, _ int64) { s.Clock.Add(time.Hour) }, 2, models.Counts{Unread: 2, Unseen: 2}, "notification.created"},
		{"another group", func(t *testing.T, s *modelstest.Store, u int64) { notify(t, s, "deck:2", u) }, 2, models.Counts{Unread: 2, Unseen: 2}, "notification.updated"},
		{"another's group", func(t *testing.T, s *modelstest.Store, _ int64) { notify(t, s, "deck:1", s.User("cem")) }, 1, models.Counts{Unread: 1, Unseen: 1}, "notification.updated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := modelstest.Open(t)
			ann := s.User("ann")
			notify(t, s, "deck:1", ann)
			c.between(t, s, ann)
			notify(t, s, "deck:1", ann)
			box := ok[models.Inbox](t)(s.ListNotifications(ctx, ann, "all", "", 50))
			archived := ok[models.Inbox](t)(s.ListNotifications(ctx, ann, "archived", "", 50))
			if n := len(box.Items) + len(archived.Items); n != c.items || box.Counts != c.counts {
				t.Errorf("%d items, %+v; want %d, %+v", n, box.Counts, c.items, c.counts)
			}
			log := s.Log(ann)
			if last := log[len(log)-1]; last.Name != c.last || *last.Counts != c.counts {
				t.Errorf("the last event is %s %+v", last.Name, last.Counts)
			}
		})
	}
}

func TestMergedItemOnTheWire(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	notify(t, s, "deck:1", ann)
	s.Clock.Add(10 * time.Minute)
	notify(t, s, "deck:1", ann)
	const want = `{"id":"1-1","kind":"deck.changed","title":"2","body":"","link":"","data":{"n":2},` +
		`"created_at":"2026-05-13T12:00:00Z","updated_at":"2026-05-13T12:10:00Z","seen_at":null,"read_at":null,"archived_at":null}`
	log := s.Log(ann)
	if got := string(log[1].Message); got != `{"notification":`+want+`,"alert":true}` {
		t.Errorf("event %s", got)
	}
	// What the log announced is what the inbox holds.
	box := ok[models.Inbox](t)(s.ListNotifications(ctx, ann, "all", "", 50))
	if got, err := json.Marshal(box.Items[0]); err != nil || string(got) != want {
		t.Errorf("item %s", got)
	}
	const first = `{"notification":{"id":"1-1","kind":"deck.changed","title":"1","body":"","link":"","data":{"n":1},` +
		`"created_at":"2026-05-13T12:00:00Z","updated_at":"2026-05-13T12:00:00Z","seen_at":null,"read_at":null,"archived_at":null}}`
	if got := string(log[0].Message); got != first {
		t.Errorf("created %s", got)
	}
}

func TestNoticeIsTheSameForAllButItsID(t *testing.T) {
	s := modelstest.Open(t)
	ann, bob := s.User("ann"), s.User("bob")
	notice := models.Notice{Kind: "push", Title: `50% "off" <b>`, Body: "a\nb\u2028c é 漢", Link: "/decks/1", Data: json.RawMessage(`{"a":[1,2]}`), PushID: 7}
	if err := s.Write(ctx, appendTo(bob)); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Notify(notice, ann, bob) }); err != nil {
		t.Fatal(err)
	}
	for user, seq := range map[int64]int64{ann: 1, bob: 2} {
		box := ok[models.Inbox](t)(s.ListNotifications(ctx, user, "all", "", 50))
		var event struct{ Notification json.RawMessage }
		log := s.Log(user)
		if err := json.Unmarshal(log[len(log)-1].Message, &event); err != nil {
			t.Fatal(err)
		}
		var item bytes.Buffer
		plain := json.NewEncoder(&item)
		plain.SetEscapeHTML(false)
		if err := plain.Encode(box.Items[0]); err != nil || strings.TrimSpace(item.String()) != string(event.Notification) {
			t.Errorf("the inbox has\n%s\nand the log\n%s", &item, event.Notification)
		}
		if n := box.Items[0]; n.ID() != fmt.Sprintf("%d-%d", user, seq) || n.Title != notice.Title || n.Body != notice.Body || *n.PushID != 7 {
			t.Errorf("%+v", n)
		}
	}
}

func TestInboxPagesAndFilters(t *testing.T) {
	s := modelstest.Open(t)
	ann, bob := s.User("ann"), s.User("bob")
	for range 10 {
		notify(t, s, "", ann)
	}
	notify(t, s, "", bob)
	id := func(seqs ...int64) (ids []string) {
		for _, n := range seqs {
			ids = append(ids, fmt.Sprintf("%d-%d", ann, n))
		}
		return ids
	}
	ok[models.Counts](t)(s.MarkNotifications(ctx, ann, models.Mark{IDs: id(2, 3), Read: ptr(true)}))
	ok[models.Counts](t)(s.MarkNotifications(ctx, ann, models.Mark{IDs: id(5), Archived: ptr(true)}))
	if err := s.Write(ctx, func(tx *models.Tx) error { // as a recall does
		return tx.Exec(`UPDATE notifications SET recalled_at = ? WHERE user_id = ? AND seq = 7`, tx.Now(), ann).Error
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		filter, before string
		limit          int
		want           []int64
		next           string
		code           string
	}{
		{"all", "", 50, []int64{10, 9, 8, 6, 4, 3, 2, 1}, "", ""},
		{"all", "", 8, []int64{10, 9, 8, 6, 4, 3, 2, 1}, "", ""},
		{"all", "", 3, []int64{10, 9, 8}, "1-8", ""},
		{"all", "1-8", 3, []int64{6, 4, 3}, "1-3", ""},
		{"all", "1-3", 3, []int64{2, 1}, "", ""},
		{"all", "1-1", 3, nil, "", ""},
		{"all", "1-7", 1, []int64{6}, "1-6", ""}, // recalled, but a place all the same
		{"all", "1-999", 1, []int64{10}, "1-10", ""},
		{"unread", "", 50, []int64{10, 9, 8, 6, 4, 1}, "", ""},
		{"unread", "1-9", 2, []int64{8, 6}, "1-6", ""},
		{"archived", "", 50, []int64{5}, "", ""},
		{"archived", "1-5", 50, nil, "", ""},
		{"some", "", 50, nil, "", models.Invalid},
		{"", "", 50, nil, "", models.Invalid},
		{"all", "2-1", 50, nil, "", models.NotFound},
		{"all", "1-0", 50, nil, "", models.NotFound},
		{"all", "1-01", 50, nil, "", models.NotFound},
		{"all", "1", 50, nil, "", models.NotFound},
		{"all", "1-1 OR 1=1", 50, nil, "", models.NotFound},
	} {
		t.Run(fmt.Sprintf("%s before %q of %d", c.filter, c.before, c.limit), func(t *testing.T) {
			box, err := s.ListNotifications(ctx, ann, c.filter, c.before, c.limit)
			code(t, err, c.code)
			if err != nil {
				return
			}
			var got []int64
			for _, n := range box.Items {
				got = append(got, n.Seq)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			if next := box.Next; (next == nil) != (c.next == "") || next != nil && *next != c.next {
				t.Errorf("next %v, want %q", next, c.next)
			}
			if box.Items == nil || box.Epoch != s.Epoch() || box.Head != 12 {
				t.Errorf("%+v", box)
			}
		})
	}
	if _, err := s.ListNotifications(ctx, 999, "all", "", 50); models.ErrorCode(err) != models.NotFound {
		t.Error(err)
	}
}
