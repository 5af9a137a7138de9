package models

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// mergeWindow is how old an unread item may be and still be updated in place when
// more of the same comes; after it a new item appears at the top of the inbox.
const mergeWindow = time.Hour

// Notification is an item of a user's inbox: the state of what the log announced.
// Its id is the user and the seq that created it, so a push to a million users
// needs no id from the store for any of them.
type Notification struct {
	UserID     int64
	Seq        int64
	PushID     *int64
	Kind       string
	GroupKey   string
	Title      string
	Body       string
	Link       string
	Data       string    // a JSON object
	CreatedAt  time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt  time.Time `gorm:"autoUpdateTime:false"`
	SeenAt     *time.Time
	ReadAt     *time.Time
	ArchivedAt *time.Time
	RecalledAt *time.Time
}

// ID is the item's id as clients know it.
func (n Notification) ID() string { return notificationID(n.UserID, n.Seq) }

func notificationID(user, seq int64) string {
	return strconv.FormatInt(user, 10) + "-" + strconv.FormatInt(seq, 10)
}

// parseNotificationID gives the seq of the user's item. An id of somebody else's
// item, or of none, is not_found.
func parseNotificationID(user int64, id string) (int64, error) {
	owner, seq, ok := strings.Cut(id, "-")
	u, err1 := strconv.ParseInt(owner, 10, 64)
	n, err2 := strconv.ParseInt(seq, 10, 64)
	if !ok || err1 != nil || err2 != nil || u != user || n < 1 || notificationID(u, n) != id {
		return 0, Errorf(NotFound, "there is no such notification")
	}
	return n, nil
}

// MarshalJSON gives the item in the contract's words.
func (n Notification) MarshalJSON() ([]byte, error) { return encode(n.view()) }

// notificationView is an item on the wire. Its id comes first, so that a batch
// can put each user's id in front of what all receivers share.
type notificationView struct {
	ID         string          `json:"id,omitempty"`
	Kind       string          `json:"kind"`
	Title      string          `json:"title"`
	Body       string          `json:"body"`
	Link       string          `json:"link"`
	Data       json.RawMessage `json:"data"`
	CreatedAt  time.Time       `json:"created_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
	SeenAt     *time.Time      `json:"seen_at"`
	ReadAt     *time.Time      `json:"read_at"`
	ArchivedAt *time.Time      `json:"archived_at"`
}

func (n Notification) view() notificationView {
	return notificationView{
		ID: n.ID(), Kind: n.Kind, Title: n.Title, Body: n.Body, Link: n.Link, Data: json.RawMessage(n.Data),
		CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt, SeenAt: n.SeenAt, ReadAt: n.ReadAt, ArchivedAt: n.ArchivedAt,
	}
}

// Notice is what is to appear in somebody's inbox.
type Notice struct {
	Kind     string
	GroupKey string // items of one key are merged while unread and young; "" never
	Title    string
	Body     string
	Link     string
	Data     any // a JSON object; nil is {}
	PushID   int64
	// Merge makes an item's new title, body and data from its data as it was. Needed
	// with a GroupKey.
	Merge func(old json.RawMessage) (title, body string, data any, err error)
}

// notified is a Notice encoded once for all its receivers.
type notified struct {
	row  Notification // without user and seq
	rest string       // of the event's message, from behind the item's id on
}

// encode makes what is to appear, as of a moment.
func (n Notice) encode(at time.Time) (notified, error) {
	if n.Data == nil {
		n.Data = struct{}{}
	}
	data, err := encode(n.Data)
	if err != nil {
		return notified{}, err
	}
	row := Notification{Kind: n.Kind, GroupKey: n.GroupKey, Title: n.Title, Body: n.Body, Link: n.Link, Data: string(data), CreatedAt: at, UpdatedAt: at}
	if n.PushID != 0 {
		row.PushID = &n.PushID
	}
	v := row.view()
	shared, err := encode(struct {
		Kind  string          `json:"kind"`
		Title string          `json:"title"`
		Body  string          `json:"body"`
		Link  string          `json:"link"`
		Data  json.RawMessage `json:"data"`
	}{v.Kind, v.Title, v.Body, v.Link, v.Data})
	if err != nil {
		return notified{}, err
	}
	when := at.UTC().Format(time.RFC3339Nano)
	return notified{row: row, rest: fmt.Sprintf(`",%s,"created_at":"%s","updated_at":"%s","seen_at":null,"read_at":null,"archived_at":null}}`,
		shared[1:len(shared)-1], when, when)}, nil
}

// messageHead is what comes before the item's id in a notification.created.
const messageHead = `{"notification":{"id":"`

// appendMessage appends the notification.created of one user.
func (n notified) appendMessage(dst []byte, user, seq int64) []byte {
	dst = append(dst, messageHead...)
	dst = strconv.AppendInt(dst, user, 10)
	dst = append(dst, '-')
	dst = strconv.AppendInt(dst, seq, 10)
	return append(dst, n.rest...)
}

// messageRoom is enough for one user's message.
func (n notified) messageRoom() int { return len(messageHead) + 40 + len(n.rest) }

// add puts an item into the inbox of a user whose row is loaded.
func (b *batch) add(user int64, n notified) {
	row := b.edit(user)
	row.Unread++
	row.Unseen++
	seq := row.Head + 1
	item := n.row
	item.UserID, item.Seq = user, seq
	b.items = append(b.items, item)
	message := n.appendMessage(make([]byte, 0, n.messageRoom()), user, seq)
	b.append(user, "notification.created", message, &Counts{Unread: row.Unread, Unseen: row.Unseen}, item.CreatedAt)
}

// Notify puts an item into the inbox of each user, or merges it into an unread
// one of the same group, and logs it with the counts it leads to.
func (tx *Tx) Notify(n Notice, users ...int64) error {
	if err := tx.batch.load(users); err != nil {
		return err
	}
	fresh, err := n.encode(tx.now)
	if err != nil {
		return err
	}
	open, err := tx.openItems(n.GroupKey, users)
	if err != nil {
		return err
	}
	for _, id := range users {
		if item := open[id]; item != nil {
			if err := tx.merge(n, item); err != nil {
				return err
			}
			continue
		}
		tx.batch.add(id, fresh)
	}
	return nil
}

// openItems are the items of a group that may still be merged into, by user.
func (tx *Tx) openItems(group string, users []int64) (map[int64]*Notification, error) {
	open := map[int64]*Notification{}
	if group == "" {
		return open, nil
	}
	if err := tx.batch.flush(); err != nil {
		return nil, err
	}
	var items []Notification
	err := tx.Where("user_id IN ? AND group_key = ? AND read_at IS NULL AND archived_at IS NULL AND recalled_at IS NULL AND created_at > ?",
		users, group, tx.now.Add(-mergeWindow)).Order("seq").Find(&items).Error
	for i := range items {
		open[items[i].UserID] = &items[i]
	}
	return open, err
}

// merge updates an item in place: it is unseen again.
func (tx *Tx) merge(n Notice, item *Notification) error {
	title, body, data, err := n.Merge(json.RawMessage(item.Data))
	if err != nil {
		return err
	}
	encoded, err := encode(data)
	if err != nil {
		return err
	}
	row := tx.batch.edit(item.UserID)
	if item.SeenAt != nil {
		row.Unseen++
	}
	item.Title, item.Body, item.Link, item.Data, item.UpdatedAt, item.SeenAt = title, body, n.Link, string(encoded), tx.now, nil
	err = tx.Model(&Notification{}).Where("user_id = ? AND seq = ?", item.UserID, item.Seq).
		Select("title", "body", "link", "data", "updated_at", "seen_at").Updates(*item).Error
	if err != nil {
		return err
	}
	payload, err := encode(struct {
		Notification Notification `json:"notification"`
		Alert        bool         `json:"alert"` // something new is in it: worth a toast
	}{*item, true})
	if err != nil {
		return err
	}
	tx.batch.append(item.UserID, "notification.updated", payload, &Counts{Unread: row.Unread, Unseen: row.Unseen}, tx.now)
	return nil
}
