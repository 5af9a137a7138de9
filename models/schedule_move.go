package models

// moveNewAfter moves the study's place among the new cards to right before the first
// that can be begun, so that the queue never walks over those that were.
func (tx *Tx) moveNewAfter(st *study) error {
	var place *int64
	err := tx.Raw(`SELECT COALESCE(
			(SELECT c.id - 1 FROM cards c WHERE c.deck_id = ? AND c.id > ? AND NOT EXISTS
				(SELECT 1 FROM schedules s WHERE s.card_id = c.id AND s.user_id = ? AND (s.state <> 0 OR s.suspended <> 0)) ORDER BY c.id LIMIT 1),
			(SELECT MAX(c.id) FROM cards c WHERE c.deck_id = ?))`, st.deck, st.newAfter, st.user, st.deck).Row().Scan(&place)
	if err != nil || place == nil || *place <= st.newAfter {
		return err
	}
	return tx.setNewAfter(st, *place)
}

// backToNew moves that place back, before a card that can be begun again.
func (tx *Tx) backToNew(st *study, card int64) error {
	if st.newAfter < card {
		return nil
	}
	return tx.setNewAfter(st, card-1)
}

func (tx *Tx) setNewAfter(st *study, place int64) error {
	st.newAfter = place
	return tx.Exec(`INSERT INTO studies (user_id, deck_id, new_after) VALUES (?, ?, ?) ON CONFLICT (user_id, deck_id) DO UPDATE SET new_after = excluded.new_after`,
		st.user, st.deck, place).Error
}

// burySiblings lets the other cards of an answered card's note rest for today, if they
// are new or due, and reports whether there were any. A card that rests already, or is
// in its steps, is left as it is.
func (tx *Tx) burySiblings(st *study, card studyCard, review int64) (bool, error) {
	var rows []studyCard
	err := tx.Raw(`SELECT `+cardColumns+cardTables+`WHERE c.note_id = ? AND c.id <> ?`, st.user, card.NoteID, card.ID).Scan(&rows).Error
	if err != nil {
		return false, err
	}
	buried := false
	for _, c := range rows {
		c.of(st)
		s := c.Schedule
		if s.learning() || s.Suspended || s.BuriedOn == int64(st.today) || s.DueAt >= st.tomorrow {
			continue
		}
		s.BuriedOn, s.BuriedBy, buried = int64(st.today), review, true
		if err := tx.putSchedule(s); err != nil {
			return false, err
		}
	}
	return buried, nil
}

// digUp lets the siblings be asked again that an undone answer let rest.
func (tx *Tx) digUp(st *study, note, review int64) error {
	var rows []studyCard
	err := tx.Raw(`SELECT `+cardColumns+cardTables+`WHERE c.note_id = ? AND s.buried_by = ?`, st.user, note, review).Scan(&rows).Error
	if err != nil {
		return err
	}
	for _, c := range rows {
		c.of(st)
		c.Schedule.BuriedOn, c.Schedule.BuriedBy = 0, 0
		if err := tx.putSchedule(c.Schedule); err != nil {
			return err
		}
	}
	return nil
}
