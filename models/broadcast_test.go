package models_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

var toAll = models.PushInput{To: models.Audience{All: true}, Title: "to all"}

func names(entries []models.Entry) []string {
	list := []string{}
	for _, e := range entries {
		list = append(list, e.Name)
	}
	return list
}

func appendTo(users ...int64) func(*models.Tx) error {
	return func(tx *models.Tx) error { return tx.Append("card.created", map[string]int{}, users...) }
}

func TestBroadcastIsOneRowUntilALogIsTouched(t *testing.T) {
	s := modelstest.Open(t)
	ann, bob := s.User("ann"), s.User("bob")
	s.Bell.Take()
	ok[models.Push](t)(s.CreatePush(ctx, ann, toAll, models.Reach{Audience: 2}))
	if entries, all := s.Bell.Take(); len(entries) != 0 || all != 1 {
		t.Fatalf("rung %v, everyone %d times", entries, all)
	}
	if log := s.Log(ann); len(log) != 0 {
		t.Fatalf("taken over before the log was touched: %v", names(log))
	}
	if err := s.Write(ctx, appendTo(ann)); err != nil {
		t.Fatal(err)
	}
	if got := names(s.Log(ann)); !slices.Equal(got, []string{"notification.created", "card.created"}) {
		t.Errorf("log %q: order is the order of acknowledgement", got)
	}
	if log := s.Log(bob); len(log) != 0 {
		t.Errorf("another's log was touched: %v", names(log))
	}
	heads := ok[[]models.Head](t)(s.Heads(ctx, []int64{ann, bob, 999}))
	if len(heads) != 2 || heads[0].Head != 2 || heads[1].Head != 1 || heads[1].Counts != (models.Counts{Unread: 1, Unseen: 1}) {
		t.Errorf("heads %+v", heads)
	}
	entries, _ := s.Bell.Take()
	if got := names(entries); !slices.Equal(got, []string{"notification.created", "card.created", "notification.created"}) {
		t.Errorf("rung %q", got)
	}
}

func TestBroadcastKeepsTheOrderOfABatch(t *testing.T) {
	s := modelstest.Open(t)
	ann, bob := s.User("ann"), s.User("bob")
	for _, err := range s.CommitTogether(appendTo(ann), func(tx *models.Tx) error { return tx.Broadcast("hello") }, appendTo(ann, bob)) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := names(s.Log(ann)); !slices.Equal(got, []string{"card.created", "notification.created", "card.created"}) {
		t.Errorf("of who was loaded: %q", got)
	}
	if got := names(s.Log(bob)); !slices.Equal(got, []string{"notification.created", "card.created"}) {
		t.Errorf("of who was not: %q", got)
	}
}

func TestBroadcastIsNotForThoseWhoCameLater(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	ok[models.Push](t)(s.CreatePush(ctx, ann, toAll, models.Reach{Audience: 1}))
	bob := s.User("bob")
	for user, want := range map[int64]int{ann: 1, bob: 0} {
		if box := ok[models.Inbox](t)(s.ListNotifications(ctx, user, "all", "", 50)); len(box.Items) != want {
			t.Errorf("user %d has %d items, want %d", user, len(box.Items), want)
		}
	}
	ok[models.Push](t)(s.CreatePush(ctx, ann, toAll, models.Reach{Audience: 2}))
	if box := ok[models.Inbox](t)(s.ListNotifications(ctx, bob, "all", "", 50)); len(box.Items) != 1 {
		t.Errorf("bob has %d items of the second push", len(box.Items))
	}
}

// The number of a push that was undone is given again.
func TestBroadcastThatWasUndoneIsForNobody(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	var bob int64
	errs := s.CommitTogether(
		func(tx *models.Tx) error {
			if err := tx.Broadcast("never"); err != nil {
				return err
			}
			return errRefused
		},
		func(tx *models.Tx) error {
			err := tx.Raw(`INSERT INTO users (username, username_key, password_hash, role, created_at) VALUES ('bob', 'bob', '!', 'user', ?) RETURNING id`, tx.Now()).Scan(&bob).Error
			if err != nil {
				return err
			}
			return tx.OpenLog(bob)
		})
	if errs[0] == nil || errs[1] != nil {
		t.Fatal(errs)
	}
	if _, all := s.Bell.Take(); all != 0 {
		t.Error("everyone was rung")
	}
	ok[models.Push](t)(s.CreatePush(ctx, ann, toAll, models.Reach{Audience: 2}))
	for _, user := range []int64{ann, bob} {
		if box := ok[models.Inbox](t)(s.ListNotifications(ctx, user, "all", "", 50)); len(box.Items) != 1 || box.Items[0].Title != "to all" {
			t.Errorf("user %d has %+v", user, box.Items)
		}
	}
}

// Stored, it could not be taken over, and no log could be touched any more.
func TestBroadcastThatCantBeSentIsRefused(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	in := toAll
	in.Body = strings.Repeat("\x01", 4000) // six bytes each as JSON
	in.Data = json.RawMessage(`{"text":"` + strings.Repeat("\u2028", 16000) + `"}`)
	_, err := s.CreatePush(ctx, ann, in, models.Reach{Audience: 1})
	code(t, err, models.Invalid)
	if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Head != 0 {
		t.Errorf("head %+v", head)
	}
	if err := s.Write(ctx, appendTo(ann)); err != nil {
		t.Error("the next change:", err)
	}
}

func TestHeadsTakesOverForMany(t *testing.T) {
	s := modelstest.Open(t)
	users := s.Users(600) // more than a chunk
	const pushes = 3
	for range pushes {
		ok[models.Push](t)(s.CreatePush(ctx, users[0], toAll, models.Reach{Audience: 600}))
	}
	s.Bell.Take()
	for range 2 { // the second time changes nothing
		for _, h := range ok[[]models.Head](t)(s.Heads(ctx, users)) {
			if h.Head != pushes || h.Counts != (models.Counts{Unread: pushes, Unseen: pushes}) {
				t.Fatalf("%+v", h)
			}
		}
	}
	if entries, _ := s.Bell.Take(); len(entries) != pushes*len(users) {
		t.Errorf("%d entries were rung", len(entries))
	}
}

// Who only reads must not be turned away because the store can't be written to.
func TestReadingWhileAPushToAllCantBeTakenOver(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	ok[models.Push](t)(s.CreatePush(ctx, ann, toAll, models.Reach{Audience: 1}))
	if err := s.OnWriter("PRAGMA query_only = 1"); err != nil {
		t.Fatal(err)
	}
	if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Head != 0 || head.Counts.Unread != 0 {
		t.Errorf("head %+v", head)
	}
	if box := ok[models.Inbox](t)(s.ListNotifications(ctx, ann, "all", "", 10)); len(box.Items) != 0 || box.Head != 0 {
		t.Errorf("inbox %+v", box)
	}
	if err := s.OnWriter("PRAGMA query_only = 0"); err != nil {
		t.Fatal(err)
	}
	if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Head != 1 || head.Counts.Unread != 1 {
		t.Errorf("when it can be written to again: head %+v", head)
	}
	if box := ok[models.Inbox](t)(s.ListNotifications(ctx, ann, "all", "", 10)); len(box.Items) != 1 {
		t.Errorf("when it can be written to again: %d items", len(box.Items))
	}
}
