package models

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// asked is a gather whose questions a test sees and holds back.
type asked struct {
	*gather[int64]
	questions chan []int64
	answer    chan error
}

// newAsked answers each even id with twice of it, and has nothing for the others.
func newAsked(t *testing.T) *asked {
	a := &asked{questions: make(chan []int64, 100), answer: make(chan error)}
	a.gather = startGather(new(sync.Mutex), func(ctx context.Context, ids []int64, answers []int64) error {
		a.questions <- ids
		select {
		case err := <-a.answer:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		for i, id := range ids {
			if id%2 == 0 {
				answers[i] = 2 * id
			}
		}
		return nil
	})
	t.Cleanup(func() { a.stop(context.Background()) })
	return a
}

type answered struct {
	id, answer int64
	err        error
}

// come has so many callers ask, for the ids from first on, and returns when all of
// them wait.
func (a *asked) come(t *testing.T, ctx context.Context, first, callers int64) <-chan answered {
	t.Helper()
	before := a.waiting()
	answers := make(chan answered, callers)
	for id := first; id < first+callers; id++ {
		go func() {
			answer, err := a.get(ctx, id)
			answers <- answered{id, answer, err}
		}()
	}
	for end := time.Now().Add(10 * time.Second); a.waiting() < before+int(callers); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d wait", a.waiting())
		}
	}
	return answers
}

// waiting is how many wait for a question that is not asked yet.
func (g *gather[V]) waiting() (n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.rounds {
		n += len(r.ids)
	}
	return n
}

// hold asks for something, so that whoever comes now has to wait.
func (a *asked) hold(t *testing.T) {
	t.Helper()
	go a.get(context.Background(), 1)
	if ids := <-a.questions; len(ids) != 1 {
		t.Fatalf("the question is for %v", ids)
	}
}

func TestGatherAsksOnceForAllWhoWait(t *testing.T) {
	a := newAsked(t)
	a.hold(t)
	const callers = maxGathered + maxGathered/2
	answers := a.come(t, context.Background(), 1000, callers)
	seen := map[int64]bool{}
	a.answer <- nil
	for _, most := range []int{maxGathered, callers - maxGathered} {
		ids := <-a.questions
		if len(ids) != most {
			t.Errorf("a question is for %d, not %d", len(ids), most)
		}
		for _, id := range ids {
			seen[id] = true
		}
		a.answer <- nil
	}
	for range callers {
		got := <-answers
		want := 2 * got.id
		if got.id%2 != 0 {
			want = 0
		}
		if got.err != nil || got.answer != want {
			t.Errorf("%d is answered %d, %v", got.id, got.answer, got.err)
		}
	}
	if len(seen) != callers || len(a.questions) > 0 {
		t.Errorf("%d ids were asked for, and %d questions are left", len(seen), len(a.questions))
	}
}

// Whoever comes while a question is under way is not given its answer: what they were
// told to wait for may have been stored after it was asked.
func TestGatherNeverAnswersWithThePast(t *testing.T) {
	var stored, questions atomic.Int64
	g := startGather(new(sync.Mutex), func(_ context.Context, ids []int64, answers []int64) error {
		now := stored.Load()
		for i := range ids {
			answers[i] = now
		}
		questions.Add(1)
		return nil
	})
	t.Cleanup(func() { g.stop(context.Background()) })
	const callers, each = 16, 500
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for range each {
				least := stored.Add(1)
				if got, err := g.get(context.Background(), 1); err != nil || got < least {
					t.Errorf("%d, %v after %d was stored", got, err, least)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d callers shared %d questions", callers*each, questions.Load())
}

func TestGatherLetsOneGiveUpAndTheOthersWait(t *testing.T) {
	a := newAsked(t)
	a.hold(t)
	ctx, cancel := context.WithCancel(context.Background())
	impatient := a.come(t, ctx, 2, 1)
	patient := a.come(t, context.Background(), 4, 1)
	cancel()
	if got := <-impatient; !errors.Is(got.err, context.Canceled) {
		t.Errorf("who has given up is answered %v", got)
	}
	a.answer <- nil
	<-a.questions
	a.answer <- nil
	if got := <-patient; got.err != nil || got.answer != 8 {
		t.Errorf("who waits is answered %v", got)
	}
	if _, err := a.get(ctx, 2); !errors.Is(err, context.Canceled) || len(a.questions) > 0 || a.waiting() > 0 {
		t.Errorf("who gave up before asks: %v", err)
	}
}

func TestGatherTellsAllOfAnErrorAndGoesOn(t *testing.T) {
	a := newAsked(t)
	a.hold(t)
	answers := a.come(t, context.Background(), 2, 10)
	a.answer <- nil
	<-a.questions
	broken := errors.New("the disk is gone")
	a.answer <- broken
	for range 10 {
		if got := <-answers; !errors.Is(got.err, broken) || got.answer != 0 {
			t.Errorf("%v", got)
		}
	}
	go func() { a.answer <- nil }()
	if got, err := a.get(context.Background(), 2); err != nil || got != 4 {
		t.Errorf("afterwards: %d, %v", got, err)
	}
}

func TestGatherThatIsStoppedKeepsNobodyWaiting(t *testing.T) {
	a := newAsked(t)
	first := make(chan error)
	go func() {
		_, err := a.get(context.Background(), 2)
		first <- err
	}()
	<-a.questions
	answers := a.come(t, context.Background(), 4, maxGathered+10)
	a.stop(context.Background())
	if err := <-first; ErrorCode(err) != Unavailable {
		t.Errorf("whose question was under way: %v", err)
	}
	for range maxGathered + 10 {
		if got := <-answers; ErrorCode(got.err) != Unavailable {
			t.Errorf("who waited: %v", got.err)
		}
	}
	if _, err := a.get(context.Background(), 6); ErrorCode(err) != Unavailable {
		t.Errorf("who comes afterwards: %v", err)
	}
	a.stop(context.Background()) // once more is nothing
}

// A disk that hangs keeps neither who asks longer than they want to wait, nor who stops.
func TestGatherWhoseQuestionHangs(t *testing.T) {
	hang := make(chan struct{})
	asked := make(chan struct{}, 10)
	g := startGather(new(sync.Mutex), func(context.Context, []int64, []int64) error {
		asked <- struct{}{}
		<-hang
		return nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan error)
	go func() {
		_, err := g.get(ctx, 1)
		first <- err
	}()
	<-asked
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("who waited: %v", err)
	}
	g.stop(ctx)
	close(hang)
	g.stop(context.Background())
	if _, err := g.get(context.Background(), 1); ErrorCode(err) != Unavailable {
		t.Errorf("who comes afterwards: %v", err)
	}
}
