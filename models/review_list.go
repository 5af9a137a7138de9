package models

import "context"

// ListReviews is a page of the user's answers to a card, newest first, behind the
// answer before; next is the cursor of the page behind it, 0 on the last.
func (db *DB) ListReviews(ctx context.Context, user, card, before int64, limit int) (reviews []Review, next int64, err error) {
	if _, _, err := cardOf(db.Read(ctx), user, card, db.Now()); err != nil {
		return nil, 0, err
	}
	var rows []reviewRow
	q := db.Read(ctx).Where("user_id = ? AND card_id = ?", user, card)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	err = q.Order("id DESC").Limit(limit + 1).Find(&rows).Error
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	for _, r := range rows {
		reviews = append(reviews, r.view())
	}
	return reviews, next, err
}
