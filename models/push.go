package models

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

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

// SendPush finds whom in names, as Resolve does, and stores the push for them. The
// sender must be an admin.
func (db *DB) SendPush(ctx context.Context, sender int64, in PushInput, online Presence) (Push, error) {
	if len(in.To.Users) == 0 {
		reach, err := db.Resolve(ctx, in.To, online)
		if err != nil {
			return Push{}, err
		}
		return db.CreatePush(ctx, sender, in, reach)
	}
	// The writer looks names up for all who wait with it. A read of its own would cost
	// more: right after a change, a connection that reads begins with nothing in memory.
	keys := usernameKeys(in.To.Users) // here, for many names of some scripts take seconds
	return Do(ctx, db, func(tx *Tx) (Push, error) {
		users, err := tx.batch.usersByName(in.To.Users, keys)
		if err != nil {
			return Push{}, err
		}
		return tx.createPush(sender, in, Reach{Users: users, Audience: int64(len(users)), Online: int64(online.CountOnline(users))})
	}, Touches{Names: keys})
}

// CreatePush stores a push for whom Resolve found: for everyone it is one row,
// else an item for each. The sender must be an admin.
func (db *DB) CreatePush(ctx context.Context, sender int64, in PushInput, reach Reach) (Push, error) {
	return Do(ctx, db, func(tx *Tx) (Push, error) { return tx.createPush(sender, in, reach) }, Touches{Users: reach.Users})
}

func (tx *Tx) createPush(sender int64, in PushInput, reach Reach) (Push, error) {
	to, err := json.Marshal(in.To) // no entry of a log, and may be larger than one
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
}

// addPush gathers a push and gives its id: the next of those that the store would
// give, for the items that bear it are gathered too.
func (b *batch) addPush(row pushRow) (id int64, err error) {
	if err := b.readLast(); err != nil {
		return 0, err
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
