package prove

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// op is one change that a writer asks for. Its token is in what devices show.
type op struct {
	token    string
	kind     string // what was asked for, for people
	place    place
	card     int64 // the answered one
	audience map[int]bool
	life     int       // in which it was first tried
	first    time.Time // the first try began
	sent     time.Time // the try that was acknowledged began
	acked    time.Time // zero: never
	answer   string    // the id it was given
	tries    int
}

// place is where a change is to be found at the end, besides in logs.
type place string

const (
	inInbox place = ""
	inDeck  place = "deck"    // a card
	inCard  place = "answers" // an answer to a card
)

// entry is one event of a user's log. Events that no writer asked for (a deck's
// news, a setting) have no token.
type entry struct {
	seq   int64
	name  string
	token string
}

// shown is an entry as a device got it.
type shown struct {
	entry
	at time.Time
}

// record is what one device saw in one life.
type record struct {
	device string
	user   int
	from   int64    // it went on behind this event
	list   []string // the tokens of the inbox that it loaded when it was reset; nil: it was not
	shown  []shown
}

// life is what is known of one life of one database: from its making, or from a
// restore, to its end or the next restore.
type life struct {
	world   string
	number  int
	users   []string
	ops     map[string]*op
	backups []span // of each life but the first: when the backup that it began with was made
	logs    [][]entry
	inboxes [][]string // the tokens of each user's inbox
	answers [][]string // the tokens of each user's answers to cards
	deck    []string   // the tokens of the deck's cards
	records []record
}

// span is a time from one moment to another.
type span struct{ from, to time.Time }

// wrong is how the promise can be broken.
type wrong string

const (
	lost       wrong = "lost"
	duplicated wrong = "duplicated"
	reordered  wrong = "reordered"
	alien      wrong = "alien"
	other      wrong = "other" // the promise held, and something else did not
)

// violation is one proof that the promise was broken.
type violation struct {
	What   wrong  `json:"violation"`
	World  string `json:"world"`
	Life   int    `json:"life"`
	User   string `json:"user,omitempty"`
	Device string `json:"device,omitempty"` // empty: in the store itself
	Seq    int64  `json:"seq,omitempty"`
	Token  string `json:"token,omitempty"`
	Detail string `json:"detail"`
}

// check holds a life against the promise.
func (l *life) check() []violation {
	c := &checker{life: l, tokens: slices.Sorted(maps.Keys(l.ops))}
	for user := range l.users {
		c.log(user)
		c.list(user, "inbox", l.inboxes[user], func(o *op) bool { return o.place == inInbox && o.audience[user] })
		c.list(user, "answers", l.answers[user], func(o *op) bool { return o.place == inCard && o.audience[user] })
	}
	c.list(-1, "deck", l.deck, func(o *op) bool { return o.place == inDeck })
	for i := range l.records {
		c.record(&l.records[i])
	}
	return c.found
}

type checker struct {
	*life
	tokens []string // of all ops, in order, so that findings are in order too
	found  []violation
}

func (c *checker) add(what wrong, user int, device string, seq int64, token, format string, args ...any) {
	v := violation{What: what, World: c.world, Life: c.number, Device: device, Seq: seq, Token: token, Detail: fmt.Sprintf(format, args...)}
	if user >= 0 {
		v.User = c.users[user]
	}
	c.found = append(c.found, v)
}

// must reports whether the op has to be there: it was acknowledged in this life, or
// in an earlier one before the backup was begun that ended that one.
func (c *checker) must(o *op) bool {
	return !o.acked.IsZero() && (o.life == c.number || o.acked.Before(c.backups[o.life].from))
}

// may reports whether the op can be there at all.
func (c *checker) may(o *op) bool {
	return o.life == c.number || o.first.Before(c.backups[o.life].to)
}

// log holds a user's log, as the server tells it from its first event on, against
// what was asked for.
func (c *checker) log(user int) {
	have := map[string]bool{}
	var latest *op // of the ops so far, the one that was tried last
	for i, e := range c.logs[user] {
		if e.seq != int64(i)+1 {
			c.add(reordered, user, "", e.seq, e.token, "the log's %d. event has the number %d", i+1, e.seq)
		}
		if e.token == "" {
			continue
		}
		o := c.ops[e.token]
		switch {
		case o == nil:
			c.add(alien, user, "", e.seq, e.token, "nobody asked for it")
			continue
		case !o.audience[user]:
			c.add(alien, user, "", e.seq, e.token, "it was for others")
		case have[e.token]:
			c.add(duplicated, user, "", e.seq, e.token, "it is in the log twice")
		case !c.may(o):
			c.add(alien, user, "", e.seq, e.token, "it was first asked for after the backup that was restored")
		}
		have[e.token] = true
		if latest != nil && !o.acked.IsZero() && o.acked.Before(latest.first) {
			c.add(reordered, user, "", e.seq, e.token, "it was acknowledged before %s was asked for, and stands behind it", latest.token)
		}
		if latest == nil || o.first.After(latest.first) {
			latest = o
		}
	}
	for _, token := range c.tokens {
		if o := c.ops[token]; o.audience[user] && c.must(o) && !have[token] {
			c.add(lost, user, "", 0, token, "acknowledged, and not in the log")
		}
	}
}

// list holds a list that the server gave at the end against what was asked for.
func (c *checker) list(user int, name string, tokens []string, belongs func(*op) bool) {
	have := map[string]int{}
	for _, token := range tokens {
		have[token]++
		switch o := c.ops[token]; {
		case o == nil || !belongs(o) || !c.may(o):
			c.add(alien, user, "", 0, token, "it does not belong in the %s", name)
		case have[token] == 2:
			c.add(duplicated, user, "", 0, token, "it is in the %s twice", name)
		}
	}
	for _, token := range c.tokens {
		if o := c.ops[token]; belongs(o) && c.must(o) && have[token] == 0 {
			c.add(lost, user, "", 0, token, "acknowledged, and not in the %s", name)
		}
	}
}

// record holds what a device showed against the log.
func (c *checker) record(r *record) {
	log := c.logs[r.user]
	at := func(seq int64) *entry { // the log is numbered without a gap, or that was found before
		if seq < 1 || seq > int64(len(log)) {
			return nil
		}
		return &log[seq-1]
	}
	have := make(map[int64]bool, len(r.shown))
	last := r.from
	for _, s := range r.shown {
		e := at(s.seq)
		switch {
		case have[s.seq] || s.seq <= r.from:
			c.add(duplicated, r.user, r.device, s.seq, s.token, "shown again after %d", last)
		case s.seq < last:
			c.add(reordered, r.user, r.device, s.seq, s.token, "shown after %d", last)
		}
		if e == nil || *e != s.entry {
			c.add(alien, r.user, r.device, s.seq, s.token, "the log has something else there: %v", e)
		}
		have[s.seq] = true
		last = max(last, s.seq)
	}
	for seq := r.from + 1; seq <= int64(len(log)); seq++ {
		if !have[seq] {
			c.add(lost, r.user, r.device, seq, log[seq-1].token, "in the log, and never shown")
		}
	}
	if r.list == nil {
		return
	}
	logged := make(map[string]bool, len(log))
	for _, e := range log {
		logged[e.token] = true
	}
	listed := make(map[string]int, len(r.list))
	for _, token := range r.list {
		if listed[token]++; listed[token] == 2 {
			c.add(duplicated, r.user, r.device, 0, token, "twice in the list that it loaded after the reset")
		}
		if !logged[token] {
			c.add(alien, r.user, r.device, 0, token, "in the list that it loaded after the reset, and not in the log")
		}
	}
	for _, e := range log[:min(int64(len(log)), r.from)] {
		if o := c.ops[e.token]; o != nil && o.place == inInbox && listed[e.token] == 0 {
			c.add(lost, r.user, r.device, e.seq, e.token, "not in the list that it loaded after the reset")
		}
	}
}
