package models_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// Whom a push names is looked up by the writer.
func TestSendPushByName(t *testing.T) {
	s := modelstest.Open(t)
	root, ann, bob := s.User("root"), s.User("ann"), s.User("Bob")
	off := s.User("off")
	if err := s.Write(ctx, func(tx *models.Tx) error {
		return tx.Exec(`UPDATE users SET disabled_at = created_at WHERE id = ?`, off).Error
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		to       []string
		want     []int64
		refusal  string
		sayingIt string
	}{
		{"one", []string{"ann"}, []int64{ann}, "", ""},
		{"in any case, each once", []string{"BOB", "ann", "bob", "ANN"}, []int64{ann, bob}, "", ""},
		{"unknown", []string{"ann", "nobody", "none"}, nil, models.Invalid, "unknown: nobody, none"},
		{"disabled", []string{"off", "ann"}, nil, models.Invalid, "unknown: off"},
		{"nearly", []string{"ann "}, nil, models.Invalid, "unknown: ann "},
	} {
		before := map[int64]int{ann: len(s.Log(ann)), bob: len(s.Log(bob)), off: len(s.Log(off))}
		in := models.PushInput{To: models.Audience{Users: c.to}, Title: c.name}
		push, err := s.SendPush(ctx, root, in, present{bob})
		if models.ErrorCode(err) != c.refusal {
			t.Fatalf("%s: %v", c.name, err)
		}
		if err != nil {
			var refused *models.Error
			errors.As(err, &refused)
			if fields := refused.Fields; len(fields) != 1 || fields[0].Field != "to.users" || fields[0].Message != c.sayingIt {
				t.Errorf("%s: %+v", c.name, fields)
			}
		} else if online := int64(1); push.Audience != int64(len(c.want)) || slices.Contains(c.want, bob) && push.Online != online {
			t.Errorf("%s: %+v", c.name, push)
		}
		for user, had := range before {
			got := len(s.Log(user)) - had
			if got > 1 || got == 1 != slices.Contains(c.want, user) {
				t.Errorf("%s: %d events for %d", c.name, got, user)
			}
		}
	}
	if list := ok[[]models.Push](t)(s.ListPushes(ctx, 0, 10)); len(list) != 2 || list[0].ID != 2 || list[1].ID != 1 {
		t.Errorf("what was refused left something: %+v", list)
	}
}

// What a batch read beforehand is not believed after a change of the same batch says
// otherwise, and what fails takes nothing of the others with it.
func TestPrefetchedIsNotBelievedForEver(t *testing.T) {
	s := modelstest.Open(t)
	root, ann, bob := s.User("root"), s.User("ann"), s.User("bob")
	push := func(names ...string) func(tx *models.Tx) error {
		return func(tx *models.Tx) error { return tx.PushTo(root, names...) }
	}
	disable := func(tx *models.Tx) error { return tx.Disable(bob) }
	failing := func(tx *models.Tx) error {
		if err := tx.PushTo(root, "ann"); err != nil {
			return err
		}
		return models.Errorf(models.Conflict, "no")
	}
	errs := s.CommitTouching(models.Touches{Names: []string{"ann", "bob"}, Users: []int64{root}},
		push("ann", "bob"), failing, disable, push("bob"), push("ann"))
	want := []string{"", models.Conflict, "", models.Invalid, ""}
	for i, err := range errs {
		if models.ErrorCode(err) != want[i] {
			t.Errorf("%d: %v, want %q", i, err, want[i])
		}
	}
	for user, events := range map[int64]int{ann: 2, bob: 1, root: 0} {
		log := s.Log(user)
		if len(log) != events {
			t.Errorf("user %d has %d events, want %d", user, len(log), events)
		}
		for i, e := range log {
			if e.Seq != int64(i+1) || e.Counts == nil || e.Counts.Unread != int64(i+1) {
				t.Errorf("user %d: %+v", user, e)
			}
		}
	}
	var ids []int64
	if err := s.Read(ctx).Table("pushes").Order("id").Pluck("id", &ids).Error; err != nil || !slices.Equal(ids, []int64{1, 2}) {
		t.Error("pushes", ids, err)
	}
}

// A log that lacks a push to everyone has it before what is added to it, read
// beforehand or not; and the push of the same batch too.
func TestPrefetchAndPushesToEveryone(t *testing.T) {
	for _, touches := range []models.Touches{{}, {Names: []string{"ann"}}} {
		t.Run(fmt.Sprint(touches), func(t *testing.T) {
			s := modelstest.Open(t)
			root, ann := s.User("root"), s.User("ann")
			ok[models.Push](t)(s.CreatePush(ctx, root, toAll, models.Reach{Audience: 2}))
			push := func(tx *models.Tx) error { return tx.PushTo(root, "ann") }
			everyone := func(tx *models.Tx) error { return tx.Broadcast("second") }
			for _, err := range s.CommitTouching(touches, push, everyone, push) {
				if err != nil {
					t.Fatal(err)
				}
			}
			var titles []string
			if err := s.Read(ctx).Table("notifications").Where("user_id = ?", ann).Order("seq").Pluck("title", &titles).Error; err != nil {
				t.Fatal(err)
			}
			if want := []string{toAll.Title, "to some", "second", "to some"}; !slices.Equal(titles, want) {
				t.Errorf("%q, want %q", titles, want)
			}
		})
	}
}

// A push may name more users than an entry of a log has room for.
func TestSendPushToMany(t *testing.T) {
	const users = 8000
	s := modelstest.Open(t)
	modelstest.Populate(t, s.DB, users)
	names := make([]string, users)
	for i := range names {
		names[i] = fmt.Sprint("U", i+1)
	}
	push := ok[models.Push](t)(s.SendPush(ctx, 1, models.PushInput{To: models.Audience{Users: names}, Title: "x"}, present{7}))
	if push.Audience != users || push.Online != 1 || len(push.To) <= 60<<10 {
		t.Errorf("%d, %d, %d bytes", push.Audience, push.Online, len(push.To))
	}
	for _, user := range []int64{1, 4000, users} {
		if log := s.Log(user); len(log) != 1 {
			t.Errorf("%d has %v", user, log)
		}
	}
}
