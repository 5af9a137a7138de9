package models

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

const (
	// sessionStale is how long a session is believed without asking the store. What
	// this process itself ends is known at once.
	sessionStale = 2 * time.Second
	// seenEvery is how coarse "last seen" is.
	seenEvery   = time.Minute
	maxSessions = 10_000
)

// Identity is who a live session belongs to.
type Identity struct {
	UserID    int64
	Username  string
	Role      string
	SessionID int64
}

type liveSession struct {
	Identity
	loaded, seen int64 // microseconds since 1970; seen as far as is stored, or will be
}

// fresh reports whether what the store said may still be believed.
func (s *liveSession) fresh(now time.Time) bool {
	age := now.UnixMicro() - s.loaded
	return age >= 0 && age < sessionStale.Microseconds() // a clock may be set back
}

// sessionCache remembers for a moment which sessions are alive, and gathers when
// they were last seen.
type sessionCache struct {
	mu   sync.Mutex
	live map[int64]*liveSession
	seen map[int64]time.Time // to be stored
	// drops counts what was invalidated: a read of the store that began before a
	// session was ended must not bring it back to life.
	drops uint64
}

func newSessionCache() *sessionCache {
	return &sessionCache{live: map[int64]*liveSession{}, seen: map[int64]time.Time{}}
}

// get is the session, if it is known to be alive. drops goes with a later put.
func (c *sessionCache) get(session int64, now time.Time) (who Identity, known bool, drops uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.live[session]
	if s == nil || !s.fresh(now) {
		return Identity{}, false, c.drops
	}
	c.touch(s, now.UnixMicro())
	return s.Identity, true, c.drops
}

// put adds what the store said, unless something was dropped meanwhile.
func (c *sessionCache) put(s liveSession, drops uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.drops != drops {
		return
	}
	for id := range c.live {
		if len(c.live) < maxSessions {
			break
		}
		delete(c.live, id) // whichever comes first: it is only read again
	}
	if at, ok := c.seen[s.SessionID]; ok {
		s.seen = at.UnixMicro()
	}
	c.live[s.SessionID] = &s
	c.touch(&s, s.loaded)
}

// forgetStale forgets what is not believed any more. The map is made anew: maps never
// shrink, and after a storm it is of that size.
func (c *sessionCache) forgetStale(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	live := map[int64]*liveSession{}
	for id, s := range c.live {
		if s.fresh(now) {
			live[id] = s
		}
	}
	c.live = live
}

func (c *sessionCache) touch(s *liveSession, now int64) {
	if now-s.seen >= seenEvery.Microseconds() {
		s.seen = now
		c.seen[s.SessionID] = time.UnixMicro(now).UTC()
	}
}

// drop forgets sessions that ended.
func (c *sessionCache) drop(sessions ...int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drops++
	for _, id := range sessions {
		delete(c.live, id)
		delete(c.seen, id)
	}
}

// dropUser forgets what is known of a user's sessions.
func (c *sessionCache) dropUser(user int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drops++
	for id, s := range c.live {
		if s.UserID == user {
			delete(c.live, id)
		}
	}
}

// takeSeen empties the list of what is to be stored.
func (c *sessionCache) takeSeen() map[int64]time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := c.seen
	c.seen = map[int64]time.Time{}
	return seen
}

// giveBack puts what could not be stored back on the list.
func (c *sessionCache) giveBack(session int64, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.seen[session]) {
		c.seen[session] = at
	}
}

// lastSeen is the newer of what is stored and what will be.
func (c *sessionCache) lastSeen(session int64, stored time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at, ok := c.seen[session]; ok && at.After(stored) {
		return at
	}
	return stored
}

// Authenticate answers who a session of a user belongs to, or session_ended. It
// asks the store at most every 2 s for a session; what this process ended is
// refused at once.
func (a *Accounts) Authenticate(ctx context.Context, user, session int64) (Identity, error) {
	now := a.db.Now()
	who, known, drops := a.alive.get(session, now)
	if !known {
		found, err := a.db.sessions.get(ctx, session)
		if err != nil {
			return Identity{}, err
		}
		if found.SessionID == 0 || !now.Before(found.expires) {
			return Identity{}, theSessionEnded()
		}
		who = found.Identity
		a.alive.put(liveSession{who, now.UnixMicro(), found.seen.UnixMicro()}, drops)
	}
	// A restored backup may have given the session's number to another user.
	if who.UserID != user {
		return Identity{}, theSessionEnded()
	}
	return who, nil
}

// storedSession is what the store has of a session that has not ended, and whose user
// may come in.
type storedSession struct {
	Identity
	seen, expires time.Time
}

// readSessions reads for a gather what Authenticate has to know. It is what a storm of
// handshakes asks, hence raw (BenchmarkAuthenticate).
func (db *DB) readSessions(ctx context.Context, sessions []int64, answers []storedSession) error {
	var text []byte
	err := db.Read(ctx).Raw(`SELECT json_group_array(json_array(i.key, s.user_id, u.username, u.role, s.last_seen_at, s.expires_at))
		FROM json_each(?) i CROSS JOIN sessions s ON s.id = i.value CROSS JOIN users u ON u.id = s.user_id
		WHERE s.ended_at IS NULL AND u.disabled_at IS NULL`, newIDSet(sessions)).Row().Scan(&text)
	if err != nil {
		return err
	}
	p := packed{rest: text}
	for p.next() {
		i := p.number()
		s := storedSession{Identity: Identity{UserID: p.number(), Username: p.text(), Role: p.text()}, seen: p.time(), expires: p.time()}
		if i < 0 || i >= int64(len(sessions)) {
			break // the rest is the error
		}
		s.SessionID = sessions[i]
		answers[i] = s
	}
	return p.err()
}

// StoreSeen writes down when sessions were last seen, a few at a time so that
// nobody waits long for the writer.
func (a *Accounts) StoreSeen(ctx context.Context) error {
	seen := a.alive.takeSeen()
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(seen)), 100) {
		err := a.db.Write(ctx, func(tx *Tx) error {
			for _, id := range ids {
				if err := tx.Exec(`UPDATE sessions SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?`, seen[id], id, seen[id]).Error; err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			for id, at := range seen {
				a.alive.giveBack(id, at) // those that are stored already change nothing
			}
			return err
		}
	}
	return nil
}
