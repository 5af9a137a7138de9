package models_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// dump is a table as the store has it, byte for byte, in an order of its own.
func dump(t *testing.T, s *modelstest.Store, table, order string) string {
	t.Helper()
	var columns []string
	if err := s.Read(ctx).Raw(`SELECT 'quote(' || name || ')' FROM pragma_table_info(?)`, table).Scan(&columns).Error; err != nil || len(columns) == 0 {
		t.Fatal(columns, err)
	}
	var lines []string
	err := s.Read(ctx).Raw(`SELECT ` + strings.Join(columns, ` || ' ' || `) + ` FROM ` + table + ` ORDER BY ` + order).Scan(&lines).Error
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// twins are two stores to which the same happens, but that one takes pushes to
// everyone over row by row and the other in sets.
type twins struct {
	t    *testing.T
	rows *modelstest.Store
	sets *modelstest.Store
	rung [2]map[int64][]string
	gone map[int64]bool // what they were rung for before depends on the way
	told []string
}

func newTwins(t *testing.T) *twins {
	return &twins{t: t, rows: modelstest.Open(t), sets: modelstest.Open(t), rung: [2]map[int64][]string{{}, {}}, gone: map[int64]bool{}}
}

// both does the same to both, and fails when they differ in how it ends.
func (w *twins) both(what string, do func(s *modelstest.Store) error) {
	w.t.Helper()
	w.told = append(w.told, what)
	a, b := do(w.rows), do(w.sets)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		w.t.Fatalf("%s ends with %v and with %v", what, a, b)
	}
}

// touch is what takes over within a closure, in the way of the store.
func (w *twins) touch(s *modelstest.Store, users []int64) func(tx *models.Tx) error {
	if s == w.rows {
		return func(tx *models.Tx) error { return tx.Load(users...) }
	}
	return func(tx *models.Tx) error {
		left := users
		for len(left) > 0 {
			var err error
			if left, err = tx.TakeOverSome(left...); err != nil {
				return err
			}
		}
		return nil
	}
}

func (w *twins) compare() {
	w.t.Helper()
	for table, order := range map[string]string{"logs": "user_id", "events": "user_id, seq", "notifications": "user_id, seq", "broadcasts": "seq"} {
		a, b := dump(w.t, w.rows, table, order), dump(w.t, w.sets, table, order)
		if a != b {
			x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
			i := 0
			for i < len(x) && i < len(y) && x[i] == y[i] {
				i++
			}
			w.t.Fatalf("%s differ in line %d of %d and %d:\n%.400q\n%.400q\nafter\n%s", table, i, len(x), len(y), x[i:min(i+1, len(x))], y[i:min(i+1, len(y))], strings.Join(w.told, "\n"))
		}
	}
	for i, s := range []*modelstest.Store{w.rows, w.sets} {
		entries, _ := s.Bell.Take()
		for _, e := range entries {
			if w.gone[e.User] {
				continue
			}
			w.rung[i][e.User] = append(w.rung[i][e.User], fmt.Sprint(e.Seq, e.Time, e.Name, *orNone(e.Counts), string(e.Message)))
		}
	}
	for user, want := range w.rung[0] {
		if got := w.rung[1][user]; !slices.Equal(got, want) {
			w.t.Fatalf("rung for %d:\n%q\nwant\n%q\nafter\n%s", user, got, want, strings.Join(w.told, "\n"))
		}
	}
	if len(w.rung[0]) != len(w.rung[1]) {
		w.t.Fatalf("rung for %d users and for %d", len(w.rung[0]), len(w.rung[1]))
	}
}

func orNone(c *models.Counts) *models.Counts {
	if c == nil {
		return &models.Counts{Unread: -1, Unseen: -1}
	}
	return c
}

// Taking over in sets leaves the same events, items, counts and rings as the way
// of a log's own changes, byte for byte, whatever happens around it.
func TestTakingOverInSetsIsTakingOverByRow(t *testing.T) {
	seeds := uint64(12)
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := newTwins(t)
			r := rand.New(rand.NewPCG(seed, 2))
			users := []int64{}
			join := func() {
				var ids [2]int64
				for i, s := range []*modelstest.Store{w.rows, w.sets} {
					ids[i] = s.User(fmt.Sprintf("u%d", len(w.told)))
				}
				w.told = append(w.told, fmt.Sprint("user ", ids))
				users = append(users, ids[0])
			}
			for range 5 + r.IntN(100) { // more than a set, sometimes
				join()
			}
			accounts := map[*modelstest.Store]*models.Accounts{w.rows: w.rows.Accounts(&modelstest.Sockets{}), w.sets: w.sets.Accounts(&modelstest.Sockets{})}
			some := func() []int64 {
				picked := slices.Clone(users)
				r.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
				return picked[:1+r.IntN(len(picked))]
			}
			push := func() models.PushInput {
				texts := []string{"", "plain", `quoted "twice" and 'once' \`, "two\nlines\x01", "中文 😀 \u2028", "<b>&amp;</b>", "%d ? $1 :x"}
				in := models.PushInput{To: models.Audience{All: true}, Title: "t" + texts[r.IntN(len(texts))], Body: texts[r.IntN(len(texts))], Link: []string{"", "/decks"}[r.IntN(2)]}
				if r.IntN(2) == 0 {
					in.Data = json.RawMessage(`{ "a" : [1, 2],"text":"<` + "\u2028" + `>" }`)
				}
				return in
			}
			for step := range 40 {
				switch r.IntN(10) {
				case 0:
					join()
				case 1, 2:
					in := push()
					w.both("to everyone", func(s *modelstest.Store) error {
						_, err := s.CreatePush(ctx, users[0], in, models.Reach{Audience: int64(len(users))})
						return err
					})
				case 3:
					in, to := push(), some()
					in.To = models.Audience{Users: []string{"some"}}
					w.both(fmt.Sprint("to ", to), func(s *modelstest.Store) error {
						_, err := s.CreatePush(ctx, users[0], in, models.Reach{Users: to, Audience: int64(len(to))})
						return err
					})
				case 4:
					user := users[r.IntN(len(users))]
					m := models.Mark{UpTo: fmt.Sprintf("%d-%d", user, 1+r.IntN(5)), Read: ptr(r.IntN(2) == 0)}
					w.both(fmt.Sprintf("mark %+v", m), func(s *modelstest.Store) error {
						_, err := s.MarkNotifications(ctx, user, m)
						return err
					})
				case 5:
					user := users[r.IntN(len(users))]
					w.both(fmt.Sprint("disable ", user), func(s *modelstest.Store) error {
						_, err := accounts[s].UpdateUser(ctx, 0, 0, user, models.UserChange{Disabled: ptr(true)})
						return err
					})
				case 6:
					i := r.IntN(len(users))
					if user := users[i]; len(users) > 3 {
						w.both(fmt.Sprint("delete ", user), func(s *modelstest.Store) error { return accounts[s].DeleteUser(ctx, 0, user) })
						users = slices.Delete(users, i, i+1)
						w.gone[user] = true
						delete(w.rung[0], user)
						delete(w.rung[1], user)
					}
				case 7, 8:
					to := some()
					w.both(fmt.Sprint("touch ", to), func(s *modelstest.Store) error {
						if s == w.sets {
							return s.TakeOver(ctx, append(slices.Clone(to), to[0], 999)) // one twice, one gone
						}
						return s.Write(ctx, w.touch(s, to))
					})
				default:
					w.batch(r, some)
				}
				w.rows.Clock.Add(time.Minute)
				w.sets.Clock.Add(time.Minute)
				if step%8 == 7 {
					// A push in the same batch reaches at once the logs that are in memory, and
					// the two differ in which are: they are compared when nobody lacks any.
					w.both("touch all", func(s *modelstest.Store) error { return s.Write(ctx, w.touch(s, users)) })
					w.compare()
				}
			}
			for _, user := range users {
				for i, e := range w.sets.Log(user) {
					if e.Seq != int64(i+1) {
						t.Errorf("log of %d has %d as number %d", user, e.Seq, i+1)
					}
				}
			}
		})
	}
}

// batch is a few closures in one transaction, of which some take over and some
// fail after it.
func (w *twins) batch(r *rand.Rand, some func() []int64) {
	type part struct {
		story string
		do    func(s *modelstest.Store, tx *models.Tx) error
	}
	var closures [][]part
	var story strings.Builder
	for range 1 + r.IntN(4) {
		var parts []part
		for range 1 + r.IntN(4) {
			to := some()
			p := [...]part{
				{"append", func(_ *modelstest.Store, tx *models.Tx) error {
					return tx.Append("card.created", map[string]int{}, to...)
				}},
				{"notify", func(_ *modelstest.Store, tx *models.Tx) error { return tx.Notify(counted("deck:1"), to...) }},
				{"flush", func(_ *modelstest.Store, tx *models.Tx) error { return tx.Flush() }},
				{"broadcast", func(_ *modelstest.Store, tx *models.Tx) error { return tx.Broadcast("in a batch") }},
				{"touch", func(s *modelstest.Store, tx *models.Tx) error { return w.touch(s, to)(tx) }},
				{"touch", func(s *modelstest.Store, tx *models.Tx) error { return w.touch(s, to)(tx) }},
			}[r.IntN(6)]
			p.story = fmt.Sprint(p.story, " ", to, "; ")
			story.WriteString(p.story)
			parts = append(parts, p)
		}
		if r.IntN(3) == 0 {
			parts = append(parts, part{do: func(*modelstest.Store, *models.Tx) error { return errRefused }})
			story.WriteString("error; ")
		}
		story.WriteString("| ")
		closures = append(closures, parts)
	}
	w.both("a batch: "+story.String(), func(s *modelstest.Store) error {
		var fns []func(*models.Tx) error
		for _, parts := range closures {
			fns = append(fns, func(tx *models.Tx) error {
				for _, p := range parts {
					if err := p.do(s, tx); err != nil {
						return err
					}
				}
				return nil
			})
		}
		for i, err := range s.CommitTogether(fns...) {
			if err != nil && err != errRefused {
				w.t.Fatalf("closure %d: %v", i, err)
			}
		}
		return nil
	})
}

// A log that lacks very many is taken on in steps, between which others write.
func TestTakingOverVeryManyLetsOthersWrite(t *testing.T) {
	s := modelstest.Open(t)
	users := s.Users(100)
	const pushes = 30
	for range pushes {
		ok[models.Push](t)(s.CreatePush(ctx, users[0], toAll, models.Reach{Audience: 100}))
	}
	steps := 0
	for left := users; len(left) > 0; steps++ {
		errs := s.CommitTogether(func(tx *models.Tx) (err error) {
			left, err = tx.TakeOverSome(left...)
			return err
		})
		if errs[0] != nil {
			t.Fatal(errs[0])
		}
		entries, _ := s.Bell.Take()
		if len(entries) > 600 {
			t.Fatalf("%d items in one commit", len(entries))
		}
	}
	if steps < 100*pushes/600 {
		t.Errorf("%d steps", steps)
	}
	for _, h := range ok[[]models.Head](t)(s.Heads(ctx, users)) {
		if h.Head != pushes {
			t.Fatalf("%+v", h)
		}
	}
	if entries, _ := s.Bell.Take(); len(entries) != 0 {
		t.Errorf("%d were still to be taken over", len(entries))
	}
}

// Several take over at once, as the hub's hurry, its sweep and sockets that connect
// do: each log has each push once, in order.
func TestTakingOverAtOnce(t *testing.T) {
	s := modelstest.Open(t)
	users := s.Users(200)
	const pushes = 8
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for n := range pushes {
				if g == 0 {
					in := toAll
					in.Title = fmt.Sprint(n)
					if _, err := s.CreatePush(ctx, users[0], in, models.Reach{Audience: 200}); err != nil {
						t.Error(err)
					}
				}
				if err := s.TakeOver(ctx, users[g*10:]); err != nil {
					t.Error(err)
				}
				if err := s.Write(ctx, appendTo(users[g*20:g*20+10]...)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := s.TakeOver(ctx, users); err != nil {
		t.Fatal(err)
	}
	heard := map[int64][]models.Entry{}
	entries, _ := s.Bell.Take()
	for _, e := range entries {
		heard[e.User] = append(heard[e.User], e)
	}
	for _, user := range users {
		log := s.Log(user)
		n := 0
		for i, e := range log {
			if h := heard[user]; i >= len(h) || h[i].Seq != e.Seq || string(h[i].Message) != string(e.Message) {
				t.Fatalf("user %d was rung %d times, differently at %d", user, len(h), i)
			}
			if e.Name == "notification.created" {
				if !strings.Contains(string(e.Message), fmt.Sprintf(`"title":"%d"`, n)) || e.Counts.Unread != int64(n+1) {
					t.Fatalf("user %d: %s %+v as push %d", user, e.Message, e.Counts, n)
				}
				n++
			}
		}
		if n != pushes || len(log) != len(heard[user]) {
			t.Errorf("user %d has %d pushes", user, n)
		}
	}
}
