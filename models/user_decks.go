package models

// leaveDecks deletes the decks that a user owns and takes the user out of those
// of others; everybody else who has them is told.
func (tx *Tx) leaveDecks(user int64) error {
	var decks []struct {
		ID          int64  `json:"id"`
		Name        string `json:"name"`
		Description string `json:"description"`
		OwnerID     int64  `json:"-"`
	}
	err := tx.Raw(`SELECT id, name, description, owner_id FROM decks
		WHERE owner_id = ? OR id IN (SELECT deck_id FROM deck_members WHERE user_id = ?) ORDER BY id`, user, user).Scan(&decks).Error
	if err != nil {
		return err
	}
	for _, d := range decks {
		var others []int64
		if err := tx.Raw(`SELECT user_id FROM deck_members WHERE deck_id = ? AND user_id <> ? ORDER BY user_id`, d.ID, user).Scan(&others).Error; err != nil {
			return err
		}
		event := "deck.updated"
		if d.OwnerID == user {
			event = "deck.deleted"
		}
		if err := tx.Append(event, map[string]any{"deck": d}, others...); err != nil {
			return err
		}
		if d.OwnerID == user {
			if err := tx.dropDue(d.ID, others); err != nil {
				return err
			}
		}
	}
	return tx.Exec(`DELETE FROM decks WHERE owner_id = ?`, user).Error
}
