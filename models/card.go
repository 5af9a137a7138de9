package models

import (
	"context"
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

// Card is a card with its two sides, as one user studies it.
type Card struct {
	ID         int64      `json:"id"`
	NoteID     int64      `json:"note_id"`
	DeckID     int64      `json:"deck_id"`
	Ord        int        `json:"ord"`
	Question   string     `json:"question"`
	Answer     string     `json:"answer"`
	State      string     `json:"state"`
	DueAt      *time.Time `json:"due_at"`
	Stability  float64    `json:"stability"`
	Difficulty float64    `json:"difficulty"`
	Reps       int64      `json:"reps"`
	Lapses     int64      `json:"lapses"`
	Suspended  bool       `json:"suspended"`
	Flag       int64      `json:"flag"`
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

// GetCard is a card in a deck of the user's.
func (db *DB) GetCard(ctx context.Context, user, id int64) (Card, error) {
	var row struct {
		ID     int64
		NoteID int64
		DeckID int64
		Ord    int
		Type   string
		Fields string
	}
	err := db.Read(ctx).Raw(`SELECT c.id, c.note_id, c.deck_id, c.ord, n.type, n.fields FROM cards c JOIN notes n ON n.id = c.note_id
		JOIN deck_members m ON m.deck_id = c.deck_id AND m.user_id = ? WHERE c.id = ?`, user, id).Scan(&row).Error
	if err != nil {
		return Card{}, err
	}
	if row.ID == 0 {
		return Card{}, Errorf(NotFound, "there is no such card")
	}
	note, err := noteRow{Type: row.Type, Fields: row.Fields, Tags: "[]"}.note()
	if err != nil {
		return Card{}, err
	}
	card := Card{ID: row.ID, NoteID: row.NoteID, DeckID: row.DeckID, Ord: row.Ord, State: "new"}
	card.Question, card.Answer = sides(note.Type, note.Fields, row.Ord)
	return card, nil
}
