package models_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// present is who has a socket.
type present []int64

func (p present) OnlineUsers() []int64 { return p }

func (p present) Online() int { return len(p) }

func (p present) CountOnline(users []int64) (n int) {
	for _, id := range users {
		if slices.Contains(p, id) {
			n++
		}
	}
	return n
}

func TestResolve(t *testing.T) {
	s := modelstest.Open(t)
	ann, bob, cem := s.User("ann"), s.User("Bob"), s.User("cem")
	off := s.User("off")
	err := s.Write(ctx, func(tx *models.Tx) error {
		for _, statement := range []string{
			`UPDATE users SET disabled_at = created_at WHERE username = 'off'`,
			`INSERT INTO decks (id, owner_id, name, created_at, updated_at) SELECT 5, id, 'Spanish', created_at, created_at FROM users WHERE username = 'ann'`,
			`INSERT INTO deck_members (deck_id, user_id, role, created_at) SELECT 5, id, 'viewer', created_at FROM users WHERE username IN ('ann', 'Bob', 'off')`,
			`INSERT INTO decks (id, owner_id, name, created_at, updated_at) SELECT 6, id, 'Empty', created_at, created_at FROM users WHERE username = 'off'`,
		} {
			if err := tx.Exec(statement).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	users := func(list ...string) models.Audience { return models.Audience{Users: list} }
	for _, c := range []struct {
		name   string
		to     models.Audience
		online present
		want   models.Reach
		field  string // of the refusal
		says   string // the refusal's end
	}{
		{"all", models.Audience{All: true}, present{ann, bob}, models.Reach{Audience: 3, Online: 2}, "", ""},
		{"one", users("ann"), present{bob}, models.Reach{Users: []int64{ann}, Audience: 1}, "", ""},
		{"several", users("cem", "ann"), present{ann, bob}, models.Reach{Users: []int64{ann, cem}, Audience: 2, Online: 1}, "", ""},
		{"in any case, once", users("ANN", "ann", "bob"), present{ann}, models.Reach{Users: []int64{ann, bob}, Audience: 2, Online: 1}, "", ""},
		{"unknown", users("ann", "nobody", "none"), nil, models.Reach{}, "to.users", "nobody, none"},
		{"disabled", users("ann", "off"), nil, models.Reach{}, "to.users", "off"},
		{"no names", users(), nil, models.Reach{}, "to", "nobody"},
		{"deck", models.Audience{Deck: 5}, present{bob, cem, off}, models.Reach{Users: []int64{ann, bob}, Audience: 2, Online: 1}, "", ""},
		{"no deck", models.Audience{Deck: 99}, nil, models.Reach{}, "to.deck", "no such deck"},
		{"a deck without members", models.Audience{Deck: 6}, nil, models.Reach{}, "to", "nobody"},
		{"online", models.Audience{Online: true}, present{ann, cem}, models.Reach{Users: []int64{ann, cem}, Audience: 2, Online: 2}, "", ""},
		{"online, disabled or gone", models.Audience{Online: true}, present{ann, off, 999}, models.Reach{Users: []int64{ann}, Audience: 1, Online: 1}, "", ""},
		{"nobody online", models.Audience{Online: true}, nil, models.Reach{}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := s.Resolve(ctx, c.to, c.online)
			if c.field != "" {
				code(t, err, models.Invalid)
				if f := models.AsError(err).Fields[0]; f.Field != c.field || !strings.HasSuffix(f.Message, c.says) {
					t.Errorf("%+v", f)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Audience != c.want.Audience || got.Online != c.want.Online || !slices.Equal(got.Users, c.want.Users) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestResolveManyNames(t *testing.T) {
	s := modelstest.Open(t)
	var names []string
	for i := range s.Users(1200) { // more than two chunks
		names = append(names, fmt.Sprint("user", i))
	}
	if reach := ok[models.Reach](t)(s.Resolve(ctx, models.Audience{Users: names}, present{})); reach.Audience != 1200 {
		t.Errorf("%d", reach.Audience)
	}
	s.Close()
	_, err := s.Resolve(ctx, models.Audience{Deck: 1}, present{})
	code(t, err, models.Unavailable)
}

func TestCreatePush(t *testing.T) {
	s := modelstest.Open(t)
	root, ann, bob, cem := s.User("root"), s.User("ann"), s.User("bob"), s.User("cem")
	in := models.PushInput{To: models.Audience{Users: []string{"ann", "bob"}}, Title: "Hello", Body: "you", Link: "/decks/1", Data: json.RawMessage(`{"a": 1}`)}
	reach := models.Reach{Users: []int64{ann, bob}, Audience: 2, Online: 1}
	send := func() models.Push {
		return ok[models.Push](t)(s.CreatePush(keyed("u:1", "k", "h"), root, in, reach))
	}
	p := send()
	if p.ID != 1 || p.State != "sent" || p.Audience != 2 || p.Online != 1 || p.Title != "Hello" || string(p.To) != `{"users":["ann","bob"]}` {
		t.Errorf("%+v", p)
	}
	again := send()
	first, _ := json.Marshal(p)
	second, _ := json.Marshal(again)
	if string(first) != string(second) {
		t.Errorf("the repeat is answered\n%s\nafter\n%s", second, first)
	}
	for user, want := range map[int64]int{ann: 1, bob: 1, cem: 0, root: 0} {
		box := ok[models.Inbox](t)(s.ListNotifications(ctx, user, "all", "", 50))
		if len(box.Items) != want || len(s.Log(user)) != want {
			t.Errorf("user %d: %d items, %d events", user, len(box.Items), len(s.Log(user)))
		}
	}
	var audits []models.Audit
	if err := s.Read(ctx).Find(&audits).Error; err != nil || len(audits) != 1 || audits[0].ActorID != root || audits[0].Action != "push.create" || audits[0].Target != "push:1" || strings.Contains(audits[0].Detail, "Hello") {
		t.Errorf("audit %+v %v", audits, err)
	}
	got := ok[models.Push](t)(s.GetPush(ctx, p.ID))
	if got.Title != "Hello" || string(got.Data) != `{"a": 1}` || !got.CreatedAt.Equal(s.Clock.Now()) || got.Sender != root {
		t.Errorf("%+v", got)
	}
	_, err := s.GetPush(ctx, 99)
	code(t, err, models.NotFound)
}

// A push that can't reach all of its audience reaches nobody.
func TestPushIsWholeOrNotAtAll(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	_, err := s.CreatePush(ctx, ann, models.PushInput{Title: "x"}, models.Reach{Users: []int64{ann, 999}, Audience: 2})
	code(t, err, models.NotFound)
	if list := ok[[]models.Push](t)(s.ListPushes(ctx, 0, 10)); len(list) != 0 || len(s.Log(ann)) != 0 {
		t.Errorf("%+v", list)
	}
	var audits int64
	if err := s.Read(ctx).Table("audit").Count(&audits).Error; err != nil || audits != 0 {
		t.Error(audits, err)
	}
}

func TestListPushes(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	for i := range 5 {
		in := toAll
		in.Title = fmt.Sprint(i + 1)
		ok[models.Push](t)(s.CreatePush(ctx, ann, in, models.Reach{Audience: 1}))
	}
	for _, c := range []struct {
		after int64
		limit int
		want  string
	}{{0, 10, "54321"}, {0, 2, "54"}, {4, 2, "32"}, {2, 2, "1"}, {1, 2, ""}} {
		got := ""
		for _, p := range ok[[]models.Push](t)(s.ListPushes(ctx, c.after, c.limit)) {
			got += p.Title
		}
		if got != c.want {
			t.Errorf("after %d: %q, want %q", c.after, got, c.want)
		}
	}
}
