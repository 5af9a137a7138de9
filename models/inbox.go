package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Inbox is a page of a user's notifications, with the log's state at the same
// moment: whoever follows the log from Head misses nothing and sees nothing twice.
type Inbox struct {
	Items []Notification `json:"items"`
	Next  *string        `json:"next"` // the id to ask for `before`, null at the end
	Counts
	Epoch string `json:"epoch"`
	Head  int64  `json:"head"`
}

// ListNotifications is a page of the user's inbox, newest first. filter is "all"
// (what is not archived), "unread" or "archived"; before is an id, "" for the
// newest.
func (db *DB) ListNotifications(ctx context.Context, user int64, filter, before string, limit int) (Inbox, error) {
	box := Inbox{Items: []Notification{}, Epoch: db.epoch}
	older := int64(0)
	if before != "" {
		var err error
		if older, err = parseNotificationID(user, before); err != nil {
			return box, err
		}
	}
	if _, err := db.Head(ctx, user); err != nil { // takes over pushes to everyone
		return box, err
	}
	err := db.Snapshot(ctx, func(tx *gorm.DB) error {
		var row logRow
		if err := tx.Where("user_id = ?", user).Take(&row).Error; err != nil {
			return err
		}
		box.Head, box.Counts = row.Head, row.head().Counts
		q := tx.Where("user_id = ? AND recalled_at IS NULL", user)
		switch filter {
		case "all":
			q = q.Where("archived_at IS NULL")
		case "unread":
			q = q.Where("archived_at IS NULL AND read_at IS NULL")
		case "archived":
			q = q.Where("archived_at IS NOT NULL")
		default:
			return InvalidField("filter", "must be all, unread or archived")
		}
		if older > 0 {
			q = q.Where("seq < ?", older)
		}
		return q.Order("seq DESC").Limit(limit + 1).Find(&box.Items).Error
	})
	if err == nil && len(box.Items) > limit {
		box.Items = box.Items[:limit]
		last := box.Items[limit-1].ID()
		box.Next = &last
	}
	return box, err
}

// Mark says what to change on which items of an inbox: either IDs or UpTo (that
// item and all older ones). Seen can only be set; reading and archiving imply it.
type Mark struct {
	IDs      []string `json:"ids,omitempty"`
	UpTo     string   `json:"up_to,omitempty"`
	Seen     bool     `json:"seen,omitempty"`
	Read     *bool    `json:"read,omitempty"`
	Archived *bool    `json:"archived,omitempty"`
}

const maxMarkIDs = 500

// MarkNotifications changes the items and tells all the user's devices. An id
// that is not in this inbox is not_found, and then nothing changes. A mark that
// changes nothing is no event.
func (db *DB) MarkNotifications(ctx context.Context, user int64, m Mark) (Counts, error) {
	seqs, upTo, err := m.check(user)
	if err != nil {
		return Counts{}, err
	}
	var counts Counts
	err = db.Write(ctx, func(tx *Tx) error {
		counts, err = tx.mark(user, m, seqs, upTo)
		return err
	}, touchesOf(user))
	return counts, err
}

func (tx *Tx) mark(user int64, m Mark, seqs []int64, upTo int64) (Counts, error) {
	if err := tx.batch.load([]int64{user}); err != nil {
		return Counts{}, err
	}
	if err := tx.batch.flush(); err != nil {
		return Counts{}, err
	}
	chosen := func() *gorm.DB {
		q := tx.Table("notifications").Where("user_id = ? AND recalled_at IS NULL", user)
		if seqs != nil {
			return q.Where("seq IN ?", seqs)
		}
		return q.Where("seq <= ?", upTo)
	}
	if seqs != nil {
		var found int64
		if err := chosen().Count(&found).Error; err != nil {
			return Counts{}, err
		}
		if found != int64(len(seqs)) {
			return Counts{}, Errorf(NotFound, "there is no such notification")
		}
	}
	before, err := openCounts(chosen())
	if err != nil {
		return Counts{}, err
	}
	changed, err := m.apply(chosen, tx.now)
	if err != nil {
		return Counts{}, err
	}
	row := tx.batch.rows[user]
	if !changed {
		return Counts{Unread: row.Unread, Unseen: row.Unseen}, nil
	}
	after, err := openCounts(chosen())
	if err != nil {
		return Counts{}, err
	}
	row = tx.batch.edit(user)
	row.Unread += after.Unread - before.Unread
	row.Unseen += after.Unseen - before.Unseen
	payload, err := encode(m.effective())
	if err != nil {
		return Counts{}, err
	}
	counts := Counts{Unread: row.Unread, Unseen: row.Unseen}
	tx.batch.append(user, "notification.marked", payload, &counts, tx.now)
	return counts, nil
}

// effective is what a mark did: reading and archiving imply that it was seen.
func (m Mark) effective() Mark {
	m.Seen = m.Seen || m.Read != nil && *m.Read || m.Archived != nil && *m.Archived
	return m
}

func (m *Mark) check(user int64) (seqs []int64, upTo int64, err error) {
	if (len(m.IDs) == 0) == (m.UpTo == "") {
		return nil, 0, InvalidField("ids", "give either ids or up_to")
	}
	if !m.Seen && m.Read == nil && m.Archived == nil {
		return nil, 0, InvalidField("seen", "give at least one of seen, read and archived")
	}
	if len(m.IDs) > maxMarkIDs {
		return nil, 0, InvalidField("ids", "at most %d at a time", maxMarkIDs)
	}
	if m.UpTo != "" {
		upTo, err = parseNotificationID(user, m.UpTo)
		return nil, upTo, err
	}
	known := map[int64]bool{}
	for _, id := range m.IDs {
		seq, err := parseNotificationID(user, id)
		if err != nil {
			return nil, 0, err
		}
		if !known[seq] {
			known[seq] = true
			seqs = append(seqs, seq)
		}
	}
	return seqs, 0, nil
}

// apply reports whether any item changed.
func (m Mark) apply(chosen func() *gorm.DB, now time.Time) (bool, error) {
	var changed int64
	set := func(q *gorm.DB, column string, value any) error {
		done := q.UpdateColumn(column, value)
		changed += done.RowsAffected
		return done.Error
	}
	type step struct {
		wanted bool
		where  string
		column string
		value  any
	}
	yes := func(b *bool) bool { return b != nil && *b }
	no := func(b *bool) bool { return b != nil && !*b }
	for _, s := range []step{
		{m.effective().Seen, "seen_at IS NULL", "seen_at", now},
		{yes(m.Read), "read_at IS NULL", "read_at", now},
		{no(m.Read), "read_at IS NOT NULL", "read_at", nil},
		{yes(m.Archived), "archived_at IS NULL", "archived_at", now},
		{no(m.Archived), "archived_at IS NOT NULL", "archived_at", nil},
	} {
		if !s.wanted {
			continue
		}
		if err := set(chosen().Where(s.where), s.column, s.value); err != nil {
			return false, err
		}
	}
	return changed > 0, nil
}

// openCounts is how much the chosen items add to the badge.
func openCounts(q *gorm.DB) (Counts, error) {
	var c Counts
	err := q.Where("archived_at IS NULL AND (read_at IS NULL OR seen_at IS NULL)").
		Select("COUNT(*) FILTER (WHERE read_at IS NULL) AS unread, COUNT(*) FILTER (WHERE seen_at IS NULL) AS unseen").
		Row().Scan(&c.Unread, &c.Unseen)
	return c, err
}
