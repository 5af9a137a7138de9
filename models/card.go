package models

import (
	"slices"
	"time"

	"gorm.io/gorm"
)

// CardRef names a card: ord says which of its note's cards it is. It is 0 and 1
// for the two directions of a note, the number less one for a cloze.
type CardRef struct {
	ID     int64 `json:"id"`
	NoteID int64 `json:"note_id"`
	Ord    int   `json:"ord"`
}

type cardRow struct {
	ID        int64
	NoteID    int64
	DeckID    int64
	Ord       int
	CreatedAt time.Time
}

func (cardRow) TableName() string { return "cards" }

func cardsOf(g *gorm.DB, note int64) (cards []CardRef, err error) {
	err = g.Raw(`SELECT id, note_id, ord FROM cards WHERE note_id = ? ORDER BY ord`, note).Scan(&cards).Error
	return cards, err
}

// addCards makes a note's cards of these ords.
func (tx *Tx) addCards(n Note, ords []int) ([]CardRef, error) {
	rows := make([]cardRow, len(ords))
	for i, ord := range ords {
		rows[i] = cardRow{NoteID: n.ID, DeckID: n.DeckID, Ord: ord, CreatedAt: tx.Now()}
	}
	if err := tx.Create(&rows).Error; err != nil {
		return nil, err
	}
	cards := make([]CardRef, len(rows))
	for i, r := range rows {
		cards[i] = CardRef{ID: r.ID, NoteID: r.NoteID, Ord: r.Ord}
	}
	return cards, nil
}

// matchCards makes the cards of a note, as they were, into those of its ords:
// what is in both stays.
func (tx *Tx) matchCards(n NoteWithCards, ords []int) ([]CardRef, error) {
	var stay []CardRef
	var gone []int64
	for _, c := range n.Cards {
		if slices.Contains(ords, c.Ord) {
			stay = append(stay, c)
		} else {
			gone = append(gone, c.ID)
		}
	}
	if len(gone) > 0 {
		if err := tx.Exec(`DELETE FROM cards WHERE id IN ?`, gone).Error; err != nil {
			return nil, err
		}
	}
	fresh := slices.DeleteFunc(slices.Clone(ords), func(ord int) bool {
		return slices.ContainsFunc(stay, func(c CardRef) bool { return c.Ord == ord })
	})
	if len(fresh) > 0 {
		made, err := tx.addCards(n.Note, fresh)
		if err != nil {
			return nil, err
		}
		stay = append(stay, made...)
	}
	slices.SortFunc(stay, func(a, b CardRef) int { return a.Ord - b.Ord })
	return stay, nil
}
