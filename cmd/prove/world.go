package prove

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	users   = 6 // besides the admin; the last of them is in no deck
	writers = 8
	// settle is how long devices have, when all is whole again, to show everything.
	settle = 60 * time.Second
)

// kinds are the ways in which each user's devices read, one device each.
var kinds = []struct {
	name string
	read func(context.Context, *device) (time.Duration, error)
}{{"socket", readSocket}, {"phone", readSocket}, {"stream", readStream}, {"poll", readPolls}}

// world is one server, its users, writers and devices, and what is noted of them.
type world struct {
	name     string
	number   int
	seed     uint64
	rate     int
	folder   string
	server   *server
	accounts []*account // the first is the admin
	devices  []*device
	deckID   int64
	gate     *gate
	lives    atomic.Int64
	ended    atomic.Bool
	backups  []span // of each life but the first

	mu    sync.Mutex
	made  int
	acked int
	ops   map[string]*op
	// unanswered are cards that were acknowledged and that nobody has answered.
	unanswered []card
	found      []violation
	wrongs     map[wrong]int
	checked    []life // lives that have ended
	events     []happening
	faults     map[fault]int
	windows    []span    // in which a fault of the whole world was under way
	muted      time.Time // since then the server loses doorbells
	returns    []time.Duration
	stops      []time.Duration
}

// happening is a fault, as the history tells it.
type happening struct {
	At     time.Time `json:"at"`
	World  string    `json:"world"`
	What   string    `json:"fault"`
	Detail string    `json:"detail,omitempty"`
}

func newWorld(o Options, number int, folder string) (*world, error) {
	w := &world{
		name: fmt.Sprintf("w%d", number), number: number, seed: o.Seed, rate: o.Rate, gate: newGate(),
		folder: filepath.Join(folder, fmt.Sprintf("w%d", number)), ops: map[string]*op{}, faults: map[fault]int{}, wrongs: map[wrong]int{},
	}
	var err error
	w.server, err = newServer(o.Program, w.folder)
	if err == nil {
		w.server.lose = o.LoseDoorbells
	}
	return w, err
}

func (w *world) life() int { return int(w.lives.Load()) }

func (w *world) note(v violation) {
	v.World, v.Life = w.name, w.life()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.add(v)
}

// maxFound bounds what is kept of a server that goes wrong all the time.
const maxFound = 10_000

// add keeps a violation, or counts it at least. Call it with the lock.
func (w *world) add(v violation) {
	if w.wrongs[v.What]++; len(w.found) < maxFound {
		w.found = append(w.found, v)
	}
}

func (w *world) violated(what wrong, d *device, seq int64, token, format string, args ...any) {
	w.note(violation{What: what, Device: d.name, User: w.accounts[d.user].name, Seq: seq, Token: token, Detail: fmt.Sprintf(format, args...)})
}

// populate starts the server for the first time and makes its users and a deck.
func (w *world) populate(ctx context.Context) error {
	if err := w.server.start(0); err != nil {
		return err
	}
	token, err := w.server.setupToken()
	if err != nil {
		return err
	}
	client := newHTTP()
	for i := range users + 1 {
		name := fmt.Sprintf("u%d", i)
		if i == 0 {
			name = "admin"
		}
		w.accounts = append(w.accounts, &account{base: w.server.url(), name: name, password: "prove-" + name + "-prove", http: client})
	}
	admin := w.accounts[0]
	if err := admin.send(ctx, http.MethodPost, "/setup", "", "", map[string]string{"token": token, "username": admin.name, "password": admin.password}, nil); err != nil {
		return err
	}
	for _, a := range w.accounts[1:] {
		if err := admin.call(ctx, http.MethodPost, "/admin/users", "", map[string]string{"username": a.name, "password": a.password}, nil); err != nil {
			return err
		}
	}
	var deck answered
	if err := admin.call(ctx, http.MethodPost, "/decks", "", map[string]string{"name": "Shared"}, &deck); err != nil {
		return err
	}
	w.deckID = deck.ID
	for _, a := range w.accounts[1:users] {
		if err := admin.call(ctx, http.MethodPut, fmt.Sprintf("/decks/%d/members/%s", deck.ID, a.name), "", map[string]string{"role": "editor"}, nil); err != nil {
			return err
		}
	}
	for user, a := range w.accounts {
		for i, kind := range kinds {
			w.devices = append(w.devices, &device{
				name: fmt.Sprintf("%s/%s/%s", w.name, a.name, kind.name), user: user, account: a, read: kind.read, host: w,
				random: rand.New(rand.NewPCG(w.seed, uint64(w.number*1000+user*10+i))),
			})
		}
	}
	return nil
}

// run lets the world live for its time, breaks it as planned, and holds what was
// seen against the promise. Its error is that it could not be told.
func (w *world) run(ctx context.Context, length time.Duration) error {
	// Asked to end early, what was done so far is held against the promise all the
	// same: devices go on until they have shown it, and a fault is brought to its end.
	lasting := context.WithoutCancel(ctx)
	devices, stopDevices := context.WithCancel(lasting)
	var running sync.WaitGroup
	defer running.Wait()
	defer stopDevices()
	for _, d := range w.devices {
		d.hurry = ctx.Done()
		running.Go(func() { d.run(devices) })
	}
	if err := w.whenAll(ctx, settle, func(d *device) bool { _, up := d.back(); return up }); ctx.Err() != nil {
		return nil
	} else if err != nil {
		return fmt.Errorf("the devices could not connect: %w", err)
	}
	writing, stopWriting := context.WithCancel(ctx)
	defer stopWriting()
	for i := range writers {
		r := rand.New(rand.NewPCG(w.seed, uint64(w.number*1000+500+i)))
		running.Go(func() { w.write(writing, r) })
	}
	begin := time.Now()
	end := begin.Add(length)
	for _, s := range plan(w.seed, w.number, length) {
		if begin.Add(s.at).After(end.Add(-lastFault)) || !sleepUntil(ctx, begin.Add(s.at)) {
			break
		}
		if late := time.Since(begin.Add(s.at)); late > 0 {
			begin = begin.Add(late) // all that follow keep their distance: the calm is part of the plan
		}
		if err := w.do(ctx, s, &running); err != nil {
			return fmt.Errorf("%s of %s: %w", s.what, w.name, err)
		}
	}

	sleepUntil(ctx, end)
	w.gate.shut()
	stopWriting()
	if err := w.endLife(lasting); err != nil {
		return err
	}
	w.ended.Store(true)
	stopDevices()
	return w.stop()
}

// stop ends the server as an operator would.
func (w *world) stop() error {
	took, err := w.server.term()
	w.mu.Lock()
	w.stops = append(w.stops, took)
	w.mu.Unlock()
	if err != nil {
		w.note(violation{What: other, Detail: err.Error()})
	}
	return nil
}

// endLife waits until every device has shown everything, and notes all that is
// known of the life for the check. The gate must be shut.
func (w *world) endLife(ctx context.Context) error {
	l := life{world: w.name, number: w.life(), backups: slices.Clone(w.backups)}
	for _, a := range w.accounts {
		l.users = append(l.users, a.name)
	}
	late := time.Now().Add(settle)
	for {
		logs, err := w.logs(ctx)
		if err != nil {
			return fmt.Errorf("the logs can't be read: %w", err)
		}
		l.logs, l.records = logs, nil
		behind := ""
		for _, d := range w.devices {
			r := d.of(l.number)
			if r == nil {
				// It never saw this life: all of it is missing.
				r = &record{device: d.name, user: d.user}
			}
			l.records = append(l.records, *r)
			if _, cursor := d.place(); cursor != int64(len(logs[d.user])) || d.of(l.number) == nil {
				behind = d.name
			}
		}
		again, err := w.logs(ctx) // a change that was abandoned may have come only now
		if err != nil {
			return fmt.Errorf("the logs can't be read: %w", err)
		}
		same := slices.EqualFunc(logs, again, func(a, b []entry) bool { return len(a) == len(b) })
		if same && behind == "" || time.Now().After(late) {
			break
		}
		if !sleepUntil(ctx, time.Now().Add(200*time.Millisecond)) {
			return ctx.Err()
		}
	}
	for user, a := range w.accounts {
		tokens, unread, counted, err := a.inbox(ctx)
		if err != nil {
			return fmt.Errorf("the inbox can't be read: %w", err)
		}
		l.inboxes = append(l.inboxes, tokens)
		if unread != counted {
			w.note(violation{What: other, User: w.accounts[user].name, Detail: fmt.Sprintf("%d unread items in the inbox, and the server says %d", counted, unread)})
		}
	}
	var err error
	if l.answers, err = w.answers(ctx); err != nil {
		return fmt.Errorf("the answers can't be read: %w", err)
	}
	if l.deck, err = w.accounts[0].deck(ctx, w.deckID); err != nil {
		return fmt.Errorf("the deck can't be read: %w", err)
	}
	w.mu.Lock()
	l.ops = make(map[string]*op, len(w.ops))
	for token, o := range w.ops {
		kept := *o // a writer that was stopped in the middle may still hold it
		l.ops[token] = &kept
	}
	w.checked = append(w.checked, l)
	w.mu.Unlock()
	found := l.check()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range found {
		w.add(v)
	}
	return nil
}

// answers are all users' answers to cards as the server tells them.
func (w *world) answers(ctx context.Context) ([][]string, error) {
	all := make([][]string, len(w.accounts))
	w.mu.Lock()
	asked := map[int64]int{}
	for _, o := range w.ops {
		if o.place == inCard {
			for user := range o.audience {
				asked[o.card] = user
			}
		}
	}
	w.mu.Unlock()
	for card, user := range asked {
		n, err := w.accounts[user].answers(ctx, card)
		if err != nil {
			return nil, err
		}
		for range n {
			all[user] = append(all[user], answeredToken(card))
		}
	}
	return all, nil
}

// logs are all users' logs as the server tells them.
func (w *world) logs(ctx context.Context) ([][]entry, error) {
	var logs [][]entry
	for _, a := range w.accounts {
		log, _, err := a.log(ctx)
		if err != nil {
			return nil, err
		}
		logs = append(logs, log)
	}
	return logs, nil
}

// whenAll waits until all devices are as asked.
func (w *world) whenAll(ctx context.Context, limit time.Duration, is func(*device) bool) error {
	late := time.Now().Add(limit)
	for {
		if !slices.ContainsFunc(w.devices, func(d *device) bool { return !is(d) }) {
			return nil
		}
		if time.Now().After(late) {
			return errors.New("time is up")
		}
		if !sleepUntil(ctx, time.Now().Add(20*time.Millisecond)) {
			return ctx.Err()
		}
	}
}

func (w *world) close() {
	w.server.close()
	for _, a := range w.accounts {
		a.http.CloseIdleConnections()
	}
}

func (w *world) remove() { _ = os.RemoveAll(w.folder) }

// sleepUntil says false when ctx ends first.
func sleepUntil(ctx context.Context, at time.Time) bool {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
