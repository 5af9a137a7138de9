package models

import (
	"context"
	"strings"
)

// Funnel is how far a push has come, in users: a device has it, it was seen, it is
// read.
type Funnel struct {
	Audience  int64 `json:"audience"`
	Stored    int64 `json:"stored"`
	Delivered int64 `json:"delivered"`
	Seen      int64 `json:"seen"`
	Read      int64 `json:"read"`
}

// addFunnels fills in the funnels of pushes. A push to everyone is stored for all
// of its audience by its one row; that not all logs have taken it over yet shows in
// delivered.
func (db *DB) addFunnels(ctx context.Context, pushes []Push) error {
	if len(pushes) == 0 {
		return nil
	}
	ids := make([]any, len(pushes))
	for i, p := range pushes {
		ids[i] = p.ID
	}
	var rows []struct {
		PushID int64
		Funnel Funnel `gorm:"embedded"`
	}
	err := db.Read(ctx).Raw(`SELECT n.push_id, COUNT(*) AS stored, COUNT(*) FILTER (WHERE l.delivered >= n.seq) AS delivered,
		COUNT(n.seen_at) AS seen, COUNT(n.read_at) AS read
		FROM notifications n JOIN logs l ON l.user_id = n.user_id
		WHERE n.push_id IN (`+strings.Repeat(", ?", len(ids))[2:]+`) GROUP BY n.push_id`, ids...).Scan(&rows).Error
	if err != nil {
		return err
	}
	found := map[int64]Funnel{}
	for _, r := range rows {
		found[r.PushID] = r.Funnel
	}
	for i, p := range pushes {
		f := found[p.ID]
		f.Audience = p.Audience
		if p.toAll() {
			f.Stored = p.Audience
		}
		pushes[i].Funnel = &f
	}
	return nil
}
