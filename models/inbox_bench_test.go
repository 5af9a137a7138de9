package models_test

import (
	"testing"

	"aoki/models"
	"aoki/models/modelstest"
)

// BenchmarkInbox is what a page asks when it opens: the newest items, those that are
// unread, and the counts, of an inbox of 10,000 items of which every hundredth is unread,
// among 20 such inboxes.
//
//	go test -run - -bench Inbox ./models
func BenchmarkInbox(b *testing.B) {
	s := modelstest.Open(b)
	ids := s.Users(20)
	err := s.Write(ctx, func(tx *models.Tx) error {
		for _, statement := range []string{
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
				INSERT INTO notifications (user_id, seq, kind, title, body, link, data, created_at, updated_at, seen_at, read_at)
				SELECT u.id, n.i, 'push', 'title', 'body', '', '{}', u.created_at, u.created_at, u.created_at, CASE WHEN n.i % 100 = 0 THEN NULL ELSE u.created_at END
				FROM n, users u`,
			`UPDATE logs SET head = 10000, unread = 100`,
		} {
			if err := tx.Exec(statement).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, filter := range []string{"all", "unread"} {
		b.Run(filter, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				box, err := s.ListNotifications(ctx, ids[i%len(ids)], filter, "", 50)
				if err != nil || len(box.Items) != 50 {
					b.Fatal(len(box.Items), err)
				}
			}
		})
	}
	b.Run("counts", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			head, err := s.Head(ctx, ids[i%len(ids)])
			if err != nil || head.Counts.Unread != 100 {
				b.Fatal(head, err)
			}
		}
	})
}
