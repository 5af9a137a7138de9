package models_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// history deals changes, tells the world of them, and hands them to one of two
// processes that have the store open.
type history struct {
	*rand.Rand
	t     *testing.T
	world world
	root  int64
	made  int // of titles
	story []string
}

var everybody = []string{"ann", "bob", "cem", "dan", "eve"}

// some are names, in any case, now and then one twice or one of nobody.
func (h *history) some() []string {
	var names []string
	for range 1 + h.IntN(3) {
		name := everybody[h.IntN(len(everybody))]
		if h.IntN(3) == 0 {
			name = strings.ToUpper(name)
		}
		names = append(names, name)
	}
	if h.IntN(12) == 0 {
		names = append(names, "nobody")
	}
	return names
}

func (h *history) title() string {
	h.made++
	return fmt.Sprint("t", h.made)
}

// there is a user who is there, with the id.
func (h *history) there(w world) (string, int64) {
	names := slices.Sorted(maps.Keys(w.users))
	name := names[h.IntN(len(names))]
	return name, w.users[name].id
}

// change is a call, and what its error and answer have to be.
type change struct {
	story string
	call  func() (id int64, err error)
	id    int64
	code  string
}

func (h *history) next(db *models.DB, accounts *models.Accounts) change {
	w := &h.world
	no := func(err error) (int64, error) { return 0, err }
	switch h.IntN(12) {
	case 0, 1, 2:
		return h.named(db, context.Background(), h.some())
	case 3:
		return h.keyed(db)
	case 4:
		title := h.title()
		c := change{story: "push to all", id: w.broadcast(title)}
		w.audits++
		c.call = func() (int64, error) {
			push, err := db.SendPush(ctx, h.root, models.PushInput{To: models.Audience{All: true}, Title: title}, present{})
			return push.ID, err
		}
		return c
	case 5:
		name := everybody[h.IntN(len(everybody))]
		p, there := w.users[name]
		if !there {
			w.users[name] = person{} // its id is known when it is there
			w.audits++
			return change{story: "create " + name, call: func() (int64, error) {
				return no(second(accounts.CreateUser(ctx, 0, models.NewUser{Username: name, Password: modelstest.Password})))
			}}
		}
		if p.id == 0 {
			return h.closure(db)
		}
		w.audits++
		if h.IntN(3) == 0 {
			delete(w.users, name)
			return change{story: "delete " + name, call: func() (int64, error) { return no(accounts.DeleteUser(ctx, 0, p.id)) }}
		}
		p.disabled = !p.disabled
		w.users[name] = p
		return change{story: fmt.Sprint("disable ", name, p.disabled), call: func() (int64, error) {
			return no(second(accounts.UpdateUser(ctx, 0, 0, p.id, models.UserChange{Disabled: &p.disabled})))
		}}
	case 6:
		name, id := h.there(*w)
		head := len(w.users[name].log)
		if id == 0 || head == 0 {
			return h.closure(db)
		}
		if w.users[name].unread > 0 {
			w.event(name, "marked", 0, true)
		}
		return change{story: "mark " + name, call: func() (int64, error) {
			return no(second(db.MarkNotifications(ctx, id, models.Mark{UpTo: fmt.Sprintf("%d-%d", id, head), Read: ptr(true)})))
		}}
	case 7:
		var ids []int64
		for _, p := range w.users {
			if p.id != 0 && h.IntN(2) == 0 {
				ids = append(ids, p.id)
			}
		}
		if len(ids) == 0 {
			return h.closure(db)
		}
		return change{story: "take over", call: func() (int64, error) { return no(db.TakeOver(ctx, ids)) }}
	default:
		return h.closure(db)
	}
}

func second[T any](_ T, err error) error { return err }

// named is a push by name.
func (h *history) named(db *models.DB, ctx context.Context, names []string) change {
	title := h.title()
	c := change{story: fmt.Sprint("push to ", names), id: h.world.push(title, names)}
	if c.id == 0 {
		c.code = models.Invalid
	} else {
		h.world.audits++
	}
	c.call = func() (int64, error) {
		push, err := db.SendPush(ctx, h.root, models.PushInput{To: models.Audience{Users: names}, Title: title}, present{})
		return push.ID, err
	}
	return c
}

// keyed is a push with an Idempotency-Key: a repeat is answered the same, whoever is there.
func (h *history) keyed(db *models.DB) change {
	word := fmt.Sprint("k", h.IntN(6))
	key := models.Key{Sender: "k:1", Word: word, Hash: "h"}
	names := h.some()
	if id, done := h.world.once[word]; done {
		c := change{story: "again " + word, id: id}
		if h.IntN(4) == 0 {
			key.Hash, c.code, c.id = "other", models.IdempotencyConflict, 0
		}
		c.call = func() (int64, error) {
			push, err := db.SendPush(models.WithKey(ctx, key), h.root, models.PushInput{To: models.Audience{Users: names}, Title: "never"}, present{})
			return push.ID, err
		}
		return c
	}
	c := h.named(db, models.WithKey(ctx, key), names)
	c.story += " with " + word
	if c.code == "" {
		h.world.once[word] = c.id
	}
	return c
}

// closure does several things, and may fail then.
func (h *history) closure(db *models.DB) change {
	w := h.world.clone()
	var steps []func(tx *models.Tx) error
	c := change{story: "closure:"}
	for range 1 + h.IntN(4) {
		title, names := h.title(), h.some()
		user, id := h.there(w)
		switch what := h.IntN(5); {
		case what == 0:
			c.story += " all"
			w.broadcast(title)
			steps = append(steps, func(tx *models.Tx) error { return tx.Broadcast(title) })
		case what == 1:
			c.story += fmt.Sprint(" to ", names)
			if w.push("to some", names) == 0 {
				c.code = models.Invalid
			}
			w.audits++
			steps = append(steps, func(tx *models.Tx) error { return tx.PushTo(h.root, names...) })
		case what == 2 && id != 0:
			c.story += " append " + user
			w.event(user, "x", w.users[user].unread, false)
			steps = append(steps, func(tx *models.Tx) error { return tx.Append("x", 1, id) })
		case what == 3 && id != 0:
			c.story += " load " + user
			steps = append(steps, func(tx *models.Tx) error { return tx.Load(id) })
		default:
			c.story += " flush"
			steps = append(steps, (*models.Tx).Flush)
		}
		if c.code != "" {
			break
		}
	}
	end := h.IntN(4)
	if end < 2 && c.code == "" {
		c.code = models.Internal
		c.story += []string{" fails", " panics"}[end]
	}
	if c.code == "" {
		h.world = w
	}
	c.call = func() (int64, error) {
		return 0, db.Write(ctx, func(tx *models.Tx) error {
			for _, step := range steps {
				if err := step(tx); err != nil {
					return err
				}
			}
			switch {
			case c.code == models.Internal && end == 0:
				return errRefused
			case c.code == models.Internal:
				panic("on purpose")
			}
			return nil
		})
	}
	return c
}

// faults are what takes a whole batch with it.
var faults = map[string]func(tx *models.Tx) error{
	"the disk is full": func(tx *models.Tx) error {
		if err := tx.Exec("PRAGMA max_page_count = 1").Error; err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO meta (name, value) VALUES ('large', ?)`, strings.Repeat("x", 1<<20)).Error
	},
	"COMMIT fails": func(tx *models.Tx) error {
		if err := tx.Exec("PRAGMA defer_foreign_keys = 1").Error; err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO deck_members (deck_id, user_id, role, created_at) VALUES (999, 999, 'viewer', ?)`, tx.Now()).Error
	},
	"the transaction is gone, and the closure thinks nothing of it": func(tx *models.Tx) error { return tx.Exec("ROLLBACK").Error },
}

// fault is a change that the batch fails with.
func (h *history) fault(db *models.DB) change {
	name := slices.Sorted(maps.Keys(faults))[h.IntN(len(faults))]
	return change{story: name, call: func() (int64, error) { return 0, db.Write(ctx, faults[name]) }}
}

// together hands the changes over so that the writer finds all of them in one batch, in
// their order. One that fails as a whole answers none of them well.
func (h *history) together(s *models.DB, changes []change, fails bool) {
	begun, hold := make(chan bool), make(chan bool)
	held := make(chan error)
	go func() {
		held <- s.Write(ctx, func(*models.Tx) error { close(begun); <-hold; return nil })
	}()
	<-begun
	type end struct {
		id  int64
		err error
	}
	ends := make([]chan end, len(changes))
	for i, c := range changes {
		h.story = append(h.story, c.story)
		ends[i] = make(chan end, 1)
		go func() {
			id, err := c.call()
			ends[i] <- end{id, err}
		}()
		for s.Queued() <= i {
			runtime.Gosched()
		}
	}
	close(hold)
	if err := <-held; err != nil {
		h.t.Fatal(err)
	}
	for i, c := range changes {
		e := <-ends[i]
		if fails {
			if got := models.ErrorCode(e.err); got != c.code && !models.StoreIsAway(e.err) || e.err == nil {
				h.t.Errorf("%s: %v in a batch that failed", c.story, e.err)
			}
			continue
		}
		if models.ErrorCode(e.err) != c.code || e.err == nil && e.id != c.id {
			h.t.Errorf("%s: %d, %v; want %d, %q", c.story, e.id, e.err, c.id, c.code)
		}
	}
}

// Whatever comes together, from whichever process: each change does what it says, or
// nothing, and those who follow it in the batch know.
func TestHistoriesOfBatches(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := modelstest.Open(t)
			accounts := s.Accounts(nil)
			other := ok[*models.DB](t)(models.Open(models.Options{Path: s.Path, Now: s.Clock.Now, Bell: s.Bell}))
			defer other.Close()
			others := ok[*models.Accounts](t)(models.NewAccounts(other, models.AccountOptions{Key: []byte("another secret"), Cost: modelstest.Cheap}))
			h := &history{Rand: rand.New(rand.NewPCG(seed, 2)), t: t, world: world{users: map[string]person{}, once: map[string]int64{}}}
			h.root = s.User("root")
			h.world.users["root"] = person{id: h.root}
			rung := map[int64]int64{}
			for range 15 {
				h.story = nil
				db, by := s.DB, accounts
				if h.IntN(3) == 0 {
					db, by = other, others
				}
				var changes []change
				before := h.world.clone()
				for range 1 + h.IntN(12) {
					changes = append(changes, h.next(db, by))
				}
				fails := h.IntN(4) == 0
				if fails {
					changes = slices.Insert(changes, h.IntN(len(changes)+1), h.fault(db))
					h.world = before
				}
				h.together(db, changes, fails)
				if err := db.OnWriter("PRAGMA max_page_count = 4294967294"); err != nil {
					t.Fatal(err)
				}
				h.check(s, rung)
				if t.Failed() {
					t.Fatal("the batch:\n" + strings.Join(h.story, "\n"))
				}
				s.Clock.Add(time.Minute)
			}
		})
	}
}
