package models

// recalledEvent is the message of notification.recalled.
type recalledEvent struct {
	IDs []string `json:"ids"`
}

// Recall takes items back out of a user's inbox, on all devices and for good. Items that
// are not there, or were recalled before, are passed over.
func (tx *Tx) Recall(user int64, seqs ...int64) error {
	if len(seqs) == 0 {
		return nil
	}
	if err := tx.batch.load([]int64{user}); err != nil {
		return err
	}
	if err := tx.batch.flush(); err != nil {
		return err
	}
	var items []Notification
	if err := tx.Where("user_id = ? AND seq IN ? AND recalled_at IS NULL", user, seqs).Order("seq").Find(&items).Error; err != nil {
		return err
	}
	if len(items) == 0 {
		return nil
	}
	err := tx.Exec(`UPDATE notifications SET recalled_at = ? WHERE user_id = ? AND seq IN ? AND recalled_at IS NULL`, tx.now, user, seqs).Error
	if err != nil {
		return err
	}
	row := tx.batch.edit(user)
	var event recalledEvent
	for _, item := range items {
		event.IDs = append(event.IDs, item.ID())
		if item.ArchivedAt == nil && item.ReadAt == nil {
			row.Unread--
		}
		if item.ArchivedAt == nil && item.SeenAt == nil {
			row.Unseen--
		}
	}
	payload, err := encode(event)
	if err != nil {
		return err
	}
	tx.batch.append(user, "notification.recalled", payload, &Counts{Unread: row.Unread, Unseen: row.Unseen}, tx.now)
	return nil
}
