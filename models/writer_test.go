package models_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/modelstest"
)

// follower is a Bell that tells one reader to look.
type follower struct {
	mu    sync.Mutex
	heard []models.Entry
	look  chan struct{}
}

func (f *follower) Ring(entries []models.Entry) {
	f.mu.Lock()
	f.heard = append(f.heard, entries...)
	f.mu.Unlock()
	select {
	case f.look <- struct{}{}:
	default:
	}
}

func (f *follower) RingAll() {}

func TestManyWritersOnOneLogWhileAReaderFollows(t *testing.T) {
	const writers, each = 64, 30
	s := modelstest.Open(t)
	ann := s.User("ann")
	bell := &follower{look: make(chan struct{}, 1)}
	s.SetBell(bell)

	// The reader follows with After, woken by the bell.
	read := make(chan []models.Entry, 1)
	go func() {
		var seen []models.Entry
		defer func() { read <- seen }()
		late := time.After(time.Minute)
		for len(seen) < writers*each {
			page, err := s.After(ctx, ann, int64(len(seen)), 7)
			if err != nil {
				t.Error(err)
				return
			}
			seen = append(seen, page...)
			if len(page) == 0 {
				select {
				case <-bell.look:
				case <-late:
					t.Errorf("stuck at %d", len(seen))
					return
				}
			}
		}
	}()

	type word struct{ Writer, N int }
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range each {
				err := s.Write(ctx, func(tx *models.Tx) error {
					if n%5 == 4 { // some give up after having appended
						if err := tx.Append("never", word{w, n}, ann); err != nil {
							return err
						}
						return errRefused
					}
					return tx.Append("card.created", word{w, n}, ann)
				})
				if n%5 == 4 {
					if !errors.Is(err, errRefused) {
						t.Error(err)
					}
					err = s.Write(ctx, func(tx *models.Tx) error { return tx.Append("card.created", word{w, n}, ann) })
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	seen := <-read

	next := make([]int, writers)
	for i, e := range seen {
		var got word
		if err := json.Unmarshal(e.Message, &got); err != nil || e.Name != "card.created" {
			t.Fatal(e.Name, err)
		}
		if e.Seq != int64(i+1) {
			t.Fatalf("entry %d has seq %d", i, e.Seq)
		}
		if got.N != next[got.Writer] {
			t.Fatalf("writer %d: %d after %d: what was acknowledged first must stand first", got.Writer, got.N, next[got.Writer]-1)
		}
		next[got.Writer]++
	}
	if len(seen) != writers*each {
		t.Fatalf("%d entries, want %d", len(seen), writers*each)
	}
	same := func(a, b models.Entry) bool {
		return a.User == b.User && a.Seq == b.Seq && a.Name == b.Name && a.Time.Equal(b.Time) && string(a.Message) == string(b.Message)
	}
	if !slices.EqualFunc(bell.heard, seen, same) {
		t.Error("the bell heard something else than what was committed")
	}
}

// hold keeps the writer busy until the function it gives is called.
func hold(t *testing.T, s *modelstest.Store) (release func()) {
	t.Helper()
	busy, open := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- s.Write(ctx, func(*models.Tx) error {
			close(busy)
			<-open
			return nil
		})
	}()
	<-busy
	return func() {
		t.Helper()
		close(open)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
}

func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	late := time.After(10 * time.Second)
	for !is() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("it never came that " + what)
		}
	}
}

func TestCanceledBeforeItsTurnWritesNothing(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	canceled, cancel := context.WithCancel(ctx)
	release := hold(t, s)
	ended := make(chan error, 1)
	go func() { ended <- s.Write(canceled, appendTo(ann)) }()
	waitFor(t, "the change waits", func() bool { return s.Queued() == 1 })
	cancel()
	release()
	code(t, <-ended, models.Canceled)
	code(t, s.Write(canceled, appendTo(ann)), models.Canceled)
	if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Head != 0 {
		t.Errorf("head %d", head.Head)
	}
}

// Once begun, a change is not given up: its neighbours would go with it.
func TestCanceledWhileItRunsIsWritten(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	canceled, cancel := context.WithCancel(ctx)
	err := s.Write(canceled, func(tx *models.Tx) error {
		cancel()
		if err := tx.Flush(); err != nil {
			return err
		}
		return appendTo(ann)(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(s.Log(ann)); len(got) != 1 {
		t.Errorf("log %q", got)
	}
}

func TestPanicIsOneChangesOwn(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	errs := s.CommitTogether(appendTo(ann), func(tx *models.Tx) error {
		var none map[string]int
		if err := appendTo(ann)(tx); err != nil {
			return err
		}
		none["x"] = 1 //lint:ignore SA5000 this change is there to panic
		return nil
	}, appendTo(ann))
	if errs[0] != nil || errs[2] != nil {
		t.Fatal(errs)
	}
	code(t, errs[1], models.Internal)
	if !strings.Contains(errs[1].Error(), "writer_test.go") {
		t.Error("the cause does not say where:", errs[1])
	}
	if got := s.Log(ann); len(got) != 2 || got[1].Seq != 2 {
		t.Errorf("log %v", got)
	}
}

func TestClosedStoreIsUnavailable(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	release := hold(t, s)
	// What was handed over before is finished, what comes later is refused.
	ended := make(chan error, 20)
	for range cap(ended) {
		go func() { ended <- s.Write(ctx, appendTo(ann)) }()
	}
	waitFor(t, "the changes wait", func() bool { return s.Queued() == cap(ended) })
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	release()
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	for range cap(ended) {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	code(t, s.Write(ctx, appendTo(ann)), models.Unavailable)
	_, err := s.Head(ctx, ann)
	code(t, err, models.Unavailable)
	_, err = s.After(ctx, ann, 0, 10)
	code(t, err, models.Unavailable)
	_, err = s.ListNotifications(ctx, ann, "all", "", 10)
	code(t, err, models.Unavailable)
	code(t, s.Ready(ctx), models.Unavailable)
	if err := s.Close(); err != nil {
		t.Error("closing twice:", err)
	}
	again := ok[*models.DB](t)(models.Open(models.Options{Path: s.Path, Now: s.Clock.Now}))
	defer again.Close()
	if head := ok[models.Head](t)(again.Head(ctx, ann)); head.Head != int64(cap(ended)) {
		t.Errorf("head %d after all were acknowledged", head.Head)
	}
}

func TestMessagesOverTheLimitAreRefused(t *testing.T) {
	const limit = 60 << 10
	s := modelstest.Open(t)
	ann := s.User("ann")
	s.Bell.Take()
	for size, want := range map[int]string{limit - 2: "", limit - 1: models.Invalid, 2 * limit: models.Invalid} {
		err := s.Write(ctx, func(tx *models.Tx) error {
			return tx.Append("card.created", strings.Repeat("x", size), ann) // and two quotes
		})
		code(t, err, want)
		err = s.Write(ctx, func(tx *models.Tx) error {
			return tx.Notify(models.Notice{Kind: "push", Body: strings.Repeat("x", size)}, ann)
		})
		code(t, err, models.Invalid)
	}
	code(t, s.Write(ctx, func(tx *models.Tx) error { return tx.Append("card.created", func() {}, ann) }), models.Internal)
	if got := names(s.Log(ann)); !slices.Equal(got, []string{"card.created"}) {
		t.Errorf("log %q", got)
	}
	if entries, _ := s.Bell.Take(); len(entries) != 1 {
		t.Errorf("%d rung", len(entries))
	}
	if box := ok[models.Inbox](t)(s.ListNotifications(ctx, ann, "all", "", 10)); len(box.Items) != 0 || box.Counts != (models.Counts{}) {
		t.Errorf("inbox %+v", box)
	}
}

func TestUnknownUsersGetNothingAndNobodyElseDoes(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	for _, fn := range []func(*models.Tx) error{
		appendTo(ann, 999), appendTo(999), appendTo(0), appendTo(-1),
		func(tx *models.Tx) error { return tx.Notify(models.Notice{Kind: "push", Title: "x"}, ann, 999) },
	} {
		code(t, s.Write(ctx, fn), models.NotFound)
	}
	if got := names(s.Log(ann)); len(got) != 0 {
		t.Errorf("log %q", got)
	}
	if _, err := s.Head(ctx, 999); models.ErrorCode(err) != models.NotFound {
		t.Error(err)
	}
}

func TestLogPages(t *testing.T) {
	s := modelstest.Open(t)
	ann, bob := s.User("ann"), s.User("bob")
	for i := range 10 {
		err := s.Write(ctx, func(tx *models.Tx) error {
			return tx.Append("card.created", map[string]string{"n": fmt.Sprint(i), "html": "<a> & é"}, ann)
		})
		if err != nil {
			t.Fatal(err)
		}
		s.Clock.Add(1500 * time.Microsecond)
	}
	for _, c := range []struct{ after, limit, from, to int }{
		{0, 100, 1, 10}, {0, 3, 1, 3}, {3, 3, 4, 6}, {9, 3, 10, 10}, {10, 3, 1, 0}, {11, 3, 1, 0},
	} {
		page := ok[[]models.Entry](t)(s.After(ctx, ann, int64(c.after), c.limit))
		if len(page) != c.to-c.from+1 || len(page) > 0 && page[0].Seq != int64(c.from) {
			t.Errorf("after %d: %d entries", c.after, len(page))
		}
	}
	page := ok[[]models.Entry](t)(s.After(ctx, ann, 1, 1))
	want := modelstest.NewClock().Now().Add(1500 * time.Microsecond)
	if e := page[0]; e.User != ann || !e.Time.Equal(want) || e.Time.Location() != time.UTC || string(e.Message) != `{"html":"<a> & é","n":"1"}` || e.Counts != nil {
		t.Errorf("%+v %s", e, e.Message)
	}
	if page := ok[[]models.Entry](t)(s.After(ctx, bob, 0, 10)); len(page) != 0 {
		t.Errorf("another's log: %v", page)
	}
}

func TestLargeEventsMakeShortPages(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	for range 5 {
		if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Append("x", strings.Repeat("x", 40<<10), ann) }); err != nil {
			t.Fatal(err)
		}
	}
	if page := ok[[]models.Entry](t)(s.After(ctx, ann, 0, 100)); len(page) != 2 {
		t.Errorf("%d entries of 40 KiB in a page", len(page))
	}
	if got := s.Log(ann); len(got) != 5 {
		t.Errorf("%d entries in all", len(got))
	}
}

func TestTrimmedLog(t *testing.T) {
	s := modelstest.Open(t)
	ann := s.User("ann")
	for range 5 {
		if err := s.Write(ctx, appendTo(ann)); err != nil {
			t.Fatal(err)
		}
	}
	trim := func(upTo int) {
		t.Helper()
		err := s.Write(ctx, func(tx *models.Tx) error {
			if err := tx.Exec(`DELETE FROM events WHERE user_id = ? AND seq <= ?`, ann, upTo).Error; err != nil {
				return err
			}
			return tx.Exec(`UPDATE logs SET trimmed = ? WHERE user_id = ?`, upTo, ann).Error
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		trimmed, after int
		code           string
		entries        int
	}{
		{3, 0, "trimmed", 0}, {3, 2, "trimmed", 0}, {3, 3, "", 2}, {3, 5, "", 0},
		{5, 0, "trimmed", 0}, {5, 4, "trimmed", 0}, {5, 5, "", 0}, // nothing is left that could show the gap
	} {
		trim(c.trimmed)
		page, err := s.After(ctx, ann, int64(c.after), 10)
		if models.ErrorCode(err) != c.code || len(page) != c.entries {
			t.Errorf("%+v: %d entries, %v", c, len(page), err)
		}
	}
	if err := s.Write(ctx, appendTo(ann)); err != nil {
		t.Fatal(err)
	}
	if head := ok[models.Head](t)(s.Head(ctx, ann)); head.Head != 6 || head.Trimmed != 5 {
		t.Errorf("%+v", head)
	}
}

func TestDelivered(t *testing.T) {
	s := modelstest.Open(t)
	upTo := map[int64]int64{}
	users := s.Users(450) // more than two chunks
	for i, id := range users {
		upTo[id] = int64(i)
	}
	upTo[99999] = 5 // gone by now
	delivered := func() (all []int64) {
		if err := s.Read(ctx).Raw(`SELECT delivered FROM logs ORDER BY user_id`).Scan(&all).Error; err != nil {
			t.Fatal(err)
		}
		return all
	}
	if err := s.Delivered(ctx, upTo); err != nil {
		t.Fatal(err)
	}
	for i, got := range delivered() {
		if got != int64(i) {
			t.Fatalf("user %d: %d", i, got)
		}
	}
	if err := s.Delivered(ctx, map[int64]int64{users[3]: 2, users[4]: 9}); err != nil { // never back
		t.Fatal(err)
	}
	if got := delivered(); got[3] != 3 || got[4] != 9 || got[5] != 5 {
		t.Errorf("%v", got[3:6])
	}
	// A change of the log leaves it alone.
	if err := s.Write(ctx, appendTo(users[4])); err != nil {
		t.Fatal(err)
	}
	if got := delivered(); got[4] != 9 {
		t.Errorf("after a change: %d", got[4])
	}
	if err := s.Delivered(ctx, nil); err != nil {
		t.Error(err)
	}
}
