package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Audience says to whom a push goes: exactly one of its fields is set.
type Audience struct {
	All    bool     `json:"all,omitempty"`
	Users  []string `json:"users,omitempty"` // user names
	Deck   int64    `json:"deck,omitempty"`  // the deck's members
	Online bool     `json:"online,omitempty"`
}

// PushInput is a push as an admin asks for it; its limits were checked.
type PushInput struct {
	To    Audience
	Title string
	Body  string
	Link  string
	Data  json.RawMessage // a JSON object or nil
}

// Push is a notification that an admin sent.
type Push struct {
	ID        int64           `json:"id"`
	State     string          `json:"state"`
	To        json.RawMessage `json:"to"`
	Audience  int64           `json:"audience"`
	Title     string          `json:"title"`
	Body      string          `json:"body"`
	Link      string          `json:"link"`
	Data      json.RawMessage `json:"data"`
	CreatedAt time.Time       `json:"created_at"`
	Sender    int64           `json:"-"`
	// Online is how many of the audience had a socket when it was sent.
	Online int64 `json:"online"`
	// Funnel is there in lists and when one push is asked for.
	Funnel *Funnel `json:"funnel,omitempty"`
}

func (p Push) toAll() bool {
	var to Audience
	return json.Unmarshal(p.To, &to) == nil && to.All
}

type pushRow struct {
	ID         int64 `gorm:"autoIncrement:false"` // the batch gives it
	SenderID   int64
	Audience   string
	Recipients int64
	Online     int64
	Title      string
	Body       string
	Link       string
	Data       string
	CreatedAt  time.Time
}

func (pushRow) TableName() string { return "pushes" }

func (p pushRow) notice() Notice {
	return Notice{Kind: "push", Title: p.Title, Body: p.Body, Link: p.Link, Data: json.RawMessage(p.Data), PushID: p.ID}
}

func (p pushRow) push() Push {
	return Push{ID: p.ID, State: "sent", To: json.RawMessage(p.Audience), Audience: p.Recipients, Online: p.Online, Title: p.Title,
		Body: p.Body, Link: p.Link, Data: json.RawMessage(p.Data), CreatedAt: p.CreatedAt, Sender: p.SenderID}
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
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = usernameKey(name)
	}
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
	var ids []int64
	var unknown []string
	for i, key := range keys {
		if id, ok := byKey[key]; ok {
			ids = append(ids, id)
		} else {
			unknown = append(unknown, names[i])
		}
	}
	if len(unknown) > 0 {
		return nil, InvalidField("to.users", "unknown: %s", strings.Join(unknown, ", "))
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// CreatePush stores a push for whom Resolve found: for everyone it is one row,
// else an item for each. The sender must be an admin.
func (db *DB) CreatePush(ctx context.Context, sender int64, in PushInput, reach Reach) (Push, error) {
	return Do(ctx, db, func(tx *Tx) (Push, error) {
		to, err := encode(in.To)
		if err != nil {
			return Push{}, err
		}
		if in.Data == nil {
			in.Data = json.RawMessage("{}")
		}
		row := pushRow{SenderID: sender, Audience: string(to), Recipients: reach.Audience, Online: reach.Online, Title: in.Title,
			Body: in.Body, Link: in.Link, Data: string(in.Data), CreatedAt: tx.now}
		if row.ID, err = tx.batch.addPush(row); err != nil {
			return Push{}, err
		}
		if in.To.All {
			err = tx.broadcast(row)
		} else {
			err = tx.Notify(row.notice(), reach.Users...)
		}
		if err != nil {
			return Push{}, err
		}
		return row.push(), tx.Audit(sender, "push.create", fmt.Sprintf("push:%d", row.ID), map[string]any{"audience": reach.Audience})
	}, reach.Users...)
}

// addPush gathers a push and gives its id: the next of those that the store would
// give, for the items that bear it are gathered too.
func (b *batch) addPush(row pushRow) (id int64, err error) {
	if b.lastPush < 0 {
		err := b.aside(func() error {
			return b.root.Raw(`SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'pushes'`).Row().Scan(&id)
		})
		if err != nil {
			return 0, err
		}
		b.lastPush = id
	}
	b.lastPush++
	row.ID = b.lastPush
	b.pushes = append(b.pushes, row)
	return row.ID, nil
}

// ListPushes is a page of the pushes sent, newest first; after is the last id of
// the page before, 0 for the first.
func (db *DB) ListPushes(ctx context.Context, after int64, limit int) ([]Push, error) {
	q := db.Read(ctx).Order("id DESC").Limit(limit)
	if after > 0 {
		q = q.Where("id < ?", after)
	}
	var rows []pushRow
	err := q.Find(&rows).Error
	pushes := make([]Push, len(rows))
	for i, r := range rows {
		pushes[i] = r.push()
	}
	if err == nil {
		err = db.addFunnels(ctx, pushes)
	}
	return pushes, err
}

// GetPush is one push.
func (db *DB) GetPush(ctx context.Context, id int64) (Push, error) {
	var row pushRow
	if err := db.Read(ctx).Where("id = ?", id).Take(&row).Error; err != nil {
		return Push{}, err
	}
	one := []Push{row.push()}
	err := db.addFunnels(ctx, one)
	return one[0], err
}
