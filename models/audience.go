package models

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Audience says to whom a push goes: exactly one of its fields is set.
type Audience struct {
	All    bool     `json:"all,omitempty"`
	Users  []string `json:"users,omitempty"` // user names
	Deck   int64    `json:"deck,omitempty"`  // the deck's members
	Online bool     `json:"online,omitempty"`
}

// Presence tells who has a socket.
type Presence interface {
	OnlineUsers() []int64          // all of them
	Online() int                   // how many they are
	CountOnline(users []int64) int // how many of these
}

// Reach is whom an audience names, counted.
type Reach struct {
	Users    []int64 // nil when it is everyone
	Audience int64
	Online   int64
}

// Resolve finds whom an audience names. Unknown names are listed in the error's
// fields; disabled users are counted out. An audience of nobody is refused, unless
// it is who is online: that nobody is, is no mistake of the sender's.
func (db *DB) Resolve(ctx context.Context, to Audience, online Presence) (Reach, error) {
	q := db.Read(ctx).Table("users").Where("disabled_at IS NULL")
	var r Reach
	var err error
	switch {
	case to.All:
		// All but the disabled ones, both counted in indexes: counting those who are
		// not disabled would read each of a hundred thousand users.
		err := db.Read(ctx).Raw(`SELECT (SELECT COUNT(*) FROM users) - (SELECT COUNT(*) FROM users WHERE disabled_at IS NOT NULL)`).Row().Scan(&r.Audience)
		r.Online = int64(online.Online())
		return r, err
	case to.Online:
		if r.Users, err = db.enabled(ctx, online.OnlineUsers()); err != nil {
			return r, err
		}
	case to.Deck != 0:
		var name string
		err := db.Read(ctx).Raw(`SELECT name FROM decks WHERE id = ?`, to.Deck).Row().Scan(&name)
		if errors.Is(err, errNoRows) {
			return r, InvalidField("to.deck", "there is no such deck")
		}
		if err != nil {
			return r, err
		}
		q = q.Where("id IN (SELECT user_id FROM deck_members WHERE deck_id = ?)", to.Deck)
		if err := q.Order("id").Pluck("id", &r.Users).Error; err != nil {
			return r, err
		}
	default:
		if r.Users, err = db.usersByName(ctx, to.Users); err != nil {
			return r, err
		}
	}
	if len(r.Users) == 0 && !to.Online {
		return r, InvalidField("to", "names nobody")
	}
	r.Audience = int64(len(r.Users))
	r.Online = int64(online.CountOnline(r.Users))
	return r, nil
}

// enabled leaves those out who are disabled, or gone by now.
func (db *DB) enabled(ctx context.Context, users []int64) ([]int64, error) {
	var all []int64
	for chunk := range slices.Chunk(users, 500) {
		var ids []int64
		err := db.Read(ctx).Table("users").Where("id IN ? AND disabled_at IS NULL", chunk).Order("id").Pluck("id", &ids).Error
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}

// usersByName gives the ids of the names, each once. Names that are unknown or
// disabled are listed in the error.
func (db *DB) usersByName(ctx context.Context, names []string) ([]int64, error) {
	byKey := map[string]int64{}
	keys := usernameKeys(names)
	for chunk := range slices.Chunk(keys, 500) {
		var found []struct {
			ID          int64
			UsernameKey string
		}
		err := db.Read(ctx).Raw(`SELECT id, username_key FROM users WHERE username_key IN ? AND disabled_at IS NULL`, chunk).Scan(&found).Error
		if err != nil {
			return nil, err
		}
		for _, u := range found {
			byKey[u.UsernameKey] = u.ID
		}
	}
	return usersOf(names, keys, byKey)
}

// usersOf are the ids of the names, by their keys, each once and in order. The names that
// are not there are listed in the error.
func usersOf(names, keys []string, byKey map[string]int64) ([]int64, error) {
	ids := make([]int64, 0, len(names))
	var unknown []string
	for i, name := range names {
		if id, ok := byKey[keys[i]]; ok {
			ids = append(ids, id)
		} else {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return nil, InvalidField("to.users", "unknown: %s", strings.Join(unknown, ", "))
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}
