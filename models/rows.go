package models

import (
	"strings"

	"gorm.io/gorm"
)

// What every push and every event comes to is written by raw statements through GORM:
// they are named here, and BenchmarkRows compares them with GORM's Create.
var (
	insertPushes = newRows("pushes", "id, sender_id, audience, recipients, online, title, body, link, data, created_at", "",
		func(args []any, p *pushRow) []any {
			return append(args, p.ID, p.SenderID, p.Audience, p.Recipients, p.Online, p.Title, p.Body, p.Link, p.Data, p.CreatedAt)
		})
	insertEvents = newRows("events", "user_id, seq, name, payload, unread, unseen, created_at", "",
		func(args []any, e *eventRow) []any {
			return append(args, e.UserID, e.Seq, e.Name, e.Payload, orNull(e.Unread), orNull(e.Unseen), e.CreatedAt)
		})
	insertItems = newRows("notifications", "user_id, seq, push_id, kind, group_key, title, body, link, data, created_at, updated_at", "",
		func(args []any, n *Notification) []any {
			return append(args, n.UserID, n.Seq, orNull(n.PushID), n.Kind, n.GroupKey, n.Title, n.Body, n.Link, n.Data, n.CreatedAt, n.UpdatedAt)
		})
	insertAudits = newRows("audit", "actor_id, action, target, detail, created_at", "",
		func(args []any, a *auditRow) []any {
			return append(args, a.ActorID, a.Action, a.Target, a.Detail, a.CreatedAt)
		})
	// A log is there already: this changes it.
	updateLogs = newRows("logs", "user_id, head, broadcast, unread, unseen",
		" ON CONFLICT (user_id) DO UPDATE SET head = excluded.head, broadcast = excluded.broadcast, unread = excluded.unread, unseen = excluded.unseen",
		func(args []any, l *logRow) []any {
			return append(args, l.UserID, l.Head, l.Broadcast, l.Unread, l.Unseen)
		})
)

// orNull is what a column holds that may be NULL.
func orNull(v *int64) any {
	if v == nil {
		return nil
	}
	return *v
}

// maxRows is the most rows of a statement.
const maxRows = 64

// rows writes rows into a table, many with a statement. The statements have 64 rows,
// 32, 16 and so on down to one: the same few again and again, which the connection has
// prepared already.
type rows[T any] struct {
	statements map[int]string // by their number of rows
	columns    int
	appendArgs func(args []any, row *T) []any
}

func newRows[T any](table, columns, end string, appendArgs func([]any, *T) []any) rows[T] {
	r := rows[T]{statements: map[int]string{}, columns: strings.Count(columns, ",") + 1, appendArgs: appendArgs}
	values := ", (?" + strings.Repeat(", ?", r.columns-1) + ")"
	for n := maxRows; n > 0; n /= 2 {
		r.statements[n] = "INSERT INTO " + table + " (" + columns + ") VALUES " + strings.Repeat(values, n)[2:] + end
	}
	return r
}

// write writes the rows and lets go of them.
func (r rows[T]) write(into *gorm.DB, list *[]T) error {
	args := make([]any, 0, min(len(*list), maxRows)*r.columns)
	left := *list
	for n := maxRows; len(left) > 0; n /= 2 {
		for len(left) >= n {
			args = args[:0]
			for i := range left[:n] {
				args = r.appendArgs(args, &left[i])
			}
			// Exec would build the statement anew, from each of its characters.
			if _, err := into.Statement.ConnPool.ExecContext(into.Statement.Context, r.statements[n], args...); err != nil {
				return err
			}
			left = left[n:]
		}
	}
	*list = nil
	return nil
}
