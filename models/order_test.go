package models_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// sending is something that was sent, and acknowledged, at moments of one clock.
type sending struct {
	sent, acked int64
	to          []int64 // nil: everyone
}

// orderly keeps what many senders did at once.
type orderly struct {
	t      *testing.T
	moment atomic.Int64
	mu     sync.Mutex
	done   map[int64]sending // by its number, which is the moment it was sent
	joined map[int64]sending // when each user came
}

func (o *orderly) users() []int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Sorted(maps.Keys(o.joined))
}

// send does one of the things that add to logs.
func (o *orderly) send(db *models.DB, r *rand.Rand) {
	users := o.users()
	r.Shuffle(len(users), func(i, j int) { users[i], users[j] = users[j], users[i] })
	to := users[:1+r.IntN(3)]
	in := models.PushInput{To: models.Audience{Users: []string{"some"}}}
	reach := models.Reach{Users: to, Audience: int64(len(to))}
	kind := r.IntN(7)
	if kind < 2 {
		in.To, to, reach = models.Audience{All: true}, nil, models.Reach{Audience: int64(len(users))}
	}
	id := o.moment.Add(1)
	in.Title = strconv.FormatInt(id, 10)
	var err error
	switch kind {
	case 0, 1, 2, 3:
		_, err = db.CreatePush(ctx, users[0], in, reach)
	case 4, 5:
		err = db.Write(ctx, func(tx *models.Tx) error {
			return tx.Append("card.created", map[string]string{"title": in.Title}, to...)
		})
	default:
		o.join(db, fmt.Sprint("late", id))
		return
	}
	acked := o.moment.Add(1)
	if err != nil {
		o.t.Error(err)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.done[id] = sending{sent: id, acked: acked, to: to}
}

// join adds a user.
func (o *orderly) join(db *models.DB, name string) {
	sent := o.moment.Add(1)
	var id int64
	err := db.Write(ctx, func(tx *models.Tx) error {
		err := tx.Raw(`INSERT INTO users (username, username_key, password_hash, role, created_at) VALUES (?, ?, '!', 'user', ?) RETURNING id`, name, name, tx.Now()).Scan(&id).Error
		if err != nil {
			return err
		}
		return tx.OpenLog(id)
	})
	acked := o.moment.Add(1)
	if err != nil {
		o.t.Error(err)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.joined[id] = sending{sent: sent, acked: acked}
}

// busy has senders and readers at work at once: readers take over, as sockets that
// connect and the hub do.
func (o *orderly) busy(db *models.DB, seed uint64) {
	const senders, each = 6, 40
	var sending, reading sync.WaitGroup
	for n := range uint64(senders) {
		sending.Go(func() {
			r := rand.New(rand.NewPCG(seed, n))
			for range each {
				o.send(db, r)
			}
		})
	}
	stop := make(chan struct{})
	for n := range uint64(3) {
		reading.Go(func() {
			r := rand.New(rand.NewPCG(seed, 100+n))
			for {
				select {
				case <-stop:
					return
				default:
				}
				users := o.users()
				some := users[r.IntN(len(users)):]
				var err error
				switch n {
				case 0:
					err = db.TakeOver(ctx, some)
				case 1:
					_, err = db.Heads(ctx, some)
				default:
					_, err = db.Head(ctx, some[0])
				}
				if err != nil {
					o.t.Error(err)
				}
			}
		})
	}
	sending.Wait()
	close(stop)
	reading.Wait()
}

func (o *orderly) log(db *models.DB, user int64) (all []models.Entry) {
	for {
		page := ok[[]models.Entry](o.t)(db.After(ctx, user, int64(len(all)), 200))
		if all = append(all, page...); len(page) == 0 {
			return all
		}
	}
}

// check holds every log against what was sent: nothing missing, nothing twice,
// nothing that is not for its user, and what was acknowledged before another was
// sent stands before it.
func (o *orderly) check(db *models.DB) {
	o.t.Helper()
	users := o.users()
	if err := db.TakeOver(ctx, users); err != nil {
		o.t.Fatal(err)
	}
	for _, user := range users {
		var latest int64 // moment of sending of what stands further up
		found := map[int64]bool{}
		for i, e := range o.log(db, user) {
			var m struct {
				Title        string
				Notification struct{ Title string }
			}
			if err := json.Unmarshal(e.Message, &m); err != nil || e.Seq != int64(i+1) {
				o.t.Fatalf("log of %d: seq %d as number %d: %s", user, e.Seq, i+1, e.Message)
			}
			id, _ := strconv.ParseInt(m.Title+m.Notification.Title, 10, 64)
			what, known := o.done[id]
			switch {
			case !known || found[id] || what.to != nil && !slices.Contains(what.to, user):
				o.t.Errorf("log of %d: %d stands at %d, known %v, already %v, for %v", user, id, e.Seq, known, found[id], what.to)
			case what.acked < latest:
				o.t.Errorf("log of %d: %+v stands at %d, behind what was sent at %d", user, what, e.Seq, latest)
			case what.acked < o.joined[user].sent:
				o.t.Errorf("log of %d: %+v was there before the user", user, what)
			}
			found[id] = true
			latest = max(latest, what.sent)
		}
		for id, what := range o.done {
			if mine := what.to == nil && what.sent > o.joined[user].acked || slices.Contains(what.to, user); mine && !found[id] {
				o.t.Errorf("log of %d lacks %+v", user, what)
			}
		}
	}
}

// What was acknowledged before another thing was sent stands before it in every
// log that has both, whatever they are, who writes and reads meanwhile, and
// although the program ends between acknowledgement and takeover.
func TestOrderIsThatOfAcknowledgement(t *testing.T) {
	s := modelstest.Open(t)
	o := &orderly{t: t, done: map[int64]sending{}, joined: map[int64]sending{}}
	for n := range 8 {
		o.join(s.DB, fmt.Sprint("u", n))
	}
	o.busy(s.DB, 1)
	last := rand.New(rand.NewPCG(1, 200))
	for range 20 { // and nobody looks
		o.send(s.DB, last)
	}

	// The disk as it is when the power goes: nothing was closed or folded back.
	folder := t.TempDir()
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(s.Path + end)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "aoki.db"+end), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := models.Open(models.Options{Path: filepath.Join(folder, "aoki.db"), Now: s.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var behind int64
	if err := db.Read(ctx).Raw(`SELECT COUNT(*) FROM logs WHERE broadcast < (SELECT MAX(seq) FROM broadcasts)`).Row().Scan(&behind); err != nil || behind == 0 {
		t.Fatalf("%d logs are behind, %v: nothing is tested", behind, err)
	}
	for range 20 {
		o.send(db, last)
	}
	o.busy(db, 2)
	o.check(db)
}
