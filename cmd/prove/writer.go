package prove

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	// tryLimit is when a writer gives an attempt up and makes another.
	tryLimit = 15 * time.Second
	// abandoned in a hundred changes are tried once, for a moment, and never again:
	// they may happen or not.
	abandoned = 3
	// repeated in a hundred are asked for again after they were acknowledged: the
	// answer must be the same, and nothing more may happen.
	repeated = 5
)

// request is what a writer sends for an op.
type request struct {
	*op
	by   *account
	path string
	body map[string]any
}

// answered is what writers need of a 201.
type answered struct {
	ID     int64
	Note   struct{ ID int64 }
	Cards  []struct{ ID int64 }
	Review struct{ ID int64 }
}

func (a answered) id() string { return fmt.Sprint(max(a.ID, a.Note.ID, a.Review.ID)) }

// write makes changes one after another until ctx ends, pausing while the world is
// at rest.
func (w *world) write(ctx context.Context, r *rand.Rand) {
	mean := time.Second * writers / time.Duration(w.rate)
	for ctx.Err() == nil {
		if !w.gate.enter(ctx) {
			return
		}
		w.change(ctx, r)
		w.gate.leave()
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(r.Int64N(int64(2 * mean)))):
		}
	}
}

// change makes one change: once acknowledged, or abandoned.
func (w *world) change(ctx context.Context, r *rand.Rand) {
	q := w.next(r)
	luck := r.IntN(100)
	if luck < abandoned {
		short, cancel := context.WithTimeout(ctx, time.Duration(r.Int64N(int64(20*time.Millisecond))))
		defer cancel()
		_ = w.try(short, q)
		return
	}
	for n := 0; ctx.Err() == nil; n++ {
		err := w.try(ctx, q)
		if err == nil {
			break
		}
		wait := 100*time.Millisecond + time.Duration(r.Int64N(int64(400*time.Millisecond)))
		var no *refused
		if errors.As(err, &no) {
			if !no.passing() {
				w.note(violation{What: other, Token: q.token, Detail: "a change was refused: " + no.Error()})
				return
			}
			wait = max(wait, min(no.after, 2*time.Second))
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	if luck >= 100-repeated && ctx.Err() == nil {
		_ = w.try(ctx, q)
	}
}

// try asks for the change once, under its own Idempotency-Key.
func (w *world) try(ctx context.Context, q *request) error {
	ctx, cancel := context.WithTimeout(ctx, tryLimit)
	defer cancel()
	begun := time.Now()
	w.mu.Lock()
	if q.tries++; q.tries == 1 {
		q.first = begun
		w.ops[q.token] = q.op
	}
	w.mu.Unlock()
	var answer answered
	if err := q.by.call(ctx, http.MethodPost, q.path, q.token, q.body, &answer); err != nil {
		return err
	}
	now := time.Now()
	w.mu.Lock()
	before := q.answer
	if q.acked.IsZero() {
		q.sent, q.acked, q.answer = begun, now, answer.id()
		w.acked++
		for _, c := range answer.Cards {
			w.unanswered = append(w.unanswered, card{c.ID, q.life})
		}
	}
	w.mu.Unlock()
	if before != "" && before != answer.id() {
		w.note(violation{What: duplicated, Token: q.token, Detail: fmt.Sprintf("a repeat under the same key was answered with the id %s, the first was %s", answer.id(), before)})
	}
	return nil
}

// next decides what the next change is.
func (w *world) next(r *rand.Rand) *request {
	if r.IntN(100) < 10 {
		if q := w.answer(r); q != nil {
			return q
		}
	}
	w.mu.Lock()
	w.made++
	token := fmt.Sprintf("%s-%06d", w.name, w.made)
	o := &op{token: token, audience: map[int]bool{}, place: inInbox, life: w.life()}
	w.mu.Unlock()
	q := &request{op: o, by: w.accounts[0], path: "/admin/pushes"}
	var to map[string]any
	switch n := r.IntN(100); {
	case n < 55:
		to = w.to(o, r, 1)
	case n < 70:
		to = w.to(o, r, 2+r.IntN(3))
	case n < 82:
		o.kind, to = "push to everyone", map[string]any{"all": true}
		for user := range w.accounts {
			o.audience[user] = true
		}
	case n < 88:
		o.kind, to = "push to a deck", map[string]any{"deck": w.deckID}
		w.members(o)
	default:
		o.kind, o.place = "card", inDeck
		w.members(o)
		q.by, q.path = w.accounts[r.IntN(len(w.accounts)-1)], fmt.Sprintf("/decks/%d/notes", w.deckID)
		q.body = map[string]any{"type": "basic", "fields": map[string]string{"Front": token, "Back": strings.Repeat("b", r.IntN(600))}}
		return q
	}
	q.body = map[string]any{"to": to, "title": token, "body": strings.Repeat("x", r.IntN(1200))}
	return q
}

// card is one that a writer made.
type card struct {
	id   int64
	life int
}

// answeredToken is what devices show of an answer to a card.
func answeredToken(card int64) string { return fmt.Sprintf("answer to %d", card) }

// answer lets one of the deck's members answer a card that nobody has answered; nil when
// there is none. The rating lets it come back after days, so that nothing else is news of it.
func (w *world) answer(r *rand.Rand) *request {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.unanswered = slices.DeleteFunc(w.unanswered, func(c card) bool { return c.life != w.life() })
	if len(w.unanswered) == 0 {
		return nil
	}
	i := r.IntN(len(w.unanswered))
	c := w.unanswered[i]
	w.unanswered = slices.Delete(w.unanswered, i, i+1)
	user := r.IntN(len(w.accounts) - 1)
	o := &op{token: answeredToken(c.id), kind: "answer", place: inCard, card: c.id, audience: map[int]bool{user: true}, life: w.life()}
	return &request{op: o, by: w.accounts[user], path: fmt.Sprintf("/cards/%d/reviews", c.id),
		body: map[string]any{"rating": 4, "key": o.token, "answered_in_ms": r.IntN(20_000)}}
}

// to picks some users.
func (w *world) to(o *op, r *rand.Rand, count int) map[string]any {
	o.kind = fmt.Sprintf("push to %d", count)
	var names []string
	for _, user := range r.Perm(len(w.accounts))[:count] {
		o.audience[user] = true
		names = append(names, w.accounts[user].name)
	}
	return map[string]any{"users": names}
}

// members are all but the last user.
func (w *world) members(o *op) {
	for user := range len(w.accounts) - 1 {
		o.audience[user] = true
	}
}
