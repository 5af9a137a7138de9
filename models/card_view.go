package models

import (
	"context"
	"time"

	"gorm.io/gorm"

	"aoki/models/fsrs"
)

// Card is a card with its two sides, as one user studies it.
type Card struct {
	ID             int64      `json:"id"`
	NoteID         int64      `json:"note_id"`
	DeckID         int64      `json:"deck_id"`
	Ord            int        `json:"ord"`
	Type           string     `json:"type"`
	Question       string     `json:"question"`
	Answer         string     `json:"answer"`
	State          fsrs.State `json:"state"`
	DueAt          *time.Time `json:"due_at"`         // nil of a new card
	LastReviewAt   *time.Time `json:"last_review_at"` // nil of a new card
	Stability      float64    `json:"stability"`      // days; 0 of a new card
	Difficulty     float64    `json:"difficulty"`     // 1 to 10; 0 of a new card
	Retrievability float64    `json:"retrievability"` // 0 to 1, today
	Reps           int        `json:"reps"`
	Lapses         int        `json:"lapses"`
	Suspended      bool       `json:"suspended"`
	Buried         bool       `json:"buried"` // today
	Leech          bool       `json:"leech"`
	Flag           int64      `json:"flag"` // 0 to 7
	Intervals      Intervals  `json:"intervals"`
}

// Intervals are the seconds until the card would be due again, for each rating.
type Intervals struct {
	Again int64 `json:"again"`
	Hard  int64 `json:"hard"`
	Good  int64 `json:"good"`
	Easy  int64 `json:"easy"`
}

// studyCard is a card with its note and what its user knows of it.
type studyCard struct {
	ID       int64
	NoteID   int64
	Ord      int
	Type     string
	Fields   string
	Tags     string
	Schedule scheduleRow `gorm:"embedded"`
}

// cardColumns are those of a studyCard, from cards c, notes n and the user's schedules s.
const cardColumns = `c.id, c.note_id, c.ord, n.type, n.fields, n.tags, COALESCE(s.state, 0) AS state, COALESCE(s.steps_left, 0) AS steps_left,
	COALESCE(s.stability, 0) AS stability, COALESCE(s.difficulty, 0) AS difficulty, COALESCE(s.due_at, 0) AS due_at, COALESCE(s.last_review_at, 0) AS last_review_at,
	COALESCE(s.reps, 0) AS reps, COALESCE(s.lapses, 0) AS lapses, COALESCE(s.suspended, 0) AS suspended, COALESCE(s.buried_on, 0) AS buried_on,
	COALESCE(s.buried_by, 0) AS buried_by, COALESCE(s.flag, 0) AS flag, COALESCE(s.leech, 0) AS leech`

const cardTables = ` FROM cards c JOIN notes n ON n.id = c.note_id LEFT JOIN schedules s ON s.card_id = c.id AND s.user_id = ? `

// of fills in whose the card is.
func (c *studyCard) of(st *study) {
	c.Schedule.CardID, c.Schedule.UserID, c.Schedule.DeckID = c.ID, st.user, st.deck
}

// cardOf finds a card in a deck of the user's, and the study that it belongs to.
func cardOf(g *gorm.DB, user, id int64, now time.Time) (*study, studyCard, error) {
	var deck int64
	var card studyCard
	if err := g.Raw(`SELECT deck_id FROM cards WHERE id = ?`, id).Scan(&deck).Error; err != nil {
		return nil, card, err
	}
	st, err := studyOf(g, user, deck, now)
	if ErrorCode(err) == NotFound {
		err = noCard()
	}
	if err != nil {
		return nil, card, err
	}
	err = g.Raw(`SELECT `+cardColumns+cardTables+`WHERE c.id = ?`, user, id).Scan(&card).Error
	card.of(st)
	return st, card, err
}

func noCard() error { return Errorf(NotFound, "there is no such card") }

// cardsByID are cards of the study's deck, in the order of the ids.
func cardsByID(g *gorm.DB, st *study, ids []int64) ([]Card, error) {
	cards := make([]Card, 0, len(ids))
	if len(ids) == 0 {
		return cards, nil
	}
	var rows []studyCard
	if err := g.Raw(`SELECT `+cardColumns+cardTables+`WHERE c.id IN ? AND c.deck_id = ?`, st.user, ids, st.deck).Scan(&rows).Error; err != nil {
		return nil, err
	}
	byID := make(map[int64]*studyCard, len(rows))
	for i := range rows {
		rows[i].of(st)
		byID[rows[i].ID] = &rows[i]
	}
	for _, id := range ids {
		if row := byID[id]; row != nil {
			card, err := row.view(st)
			if err != nil {
				return nil, err
			}
			cards = append(cards, card)
		}
	}
	return cards, nil
}

// view is the card as the API shows it, with what each rating would lead to.
func (c studyCard) view(st *study) (Card, error) {
	note, err := noteRow{Type: c.Type, Fields: c.Fields, Tags: "[]"}.note()
	if err != nil {
		return Card{}, err
	}
	s := c.Schedule
	known := s.card()
	card := Card{
		ID: c.ID, NoteID: c.NoteID, DeckID: st.deck, Ord: c.Ord, Type: c.Type, State: known.State,
		DueAt: timeOf(s.DueAt), LastReviewAt: timeOf(s.LastReviewAt), Stability: s.Stability, Difficulty: s.Difficulty,
		Retrievability: st.scheduler.Retrievability(known, st.now), Reps: s.Reps, Lapses: s.Lapses,
		Suspended: s.Suspended, Buried: s.BuriedOn == int64(st.today), Leech: s.Leech, Flag: s.Flag,
	}
	card.Question, card.Answer = sides(note.Type, note.Fields, c.Ord)
	next := st.scheduler.Preview(known, st.now)
	for i, to := range []*int64{&card.Intervals.Again, &card.Intervals.Hard, &card.Intervals.Good, &card.Intervals.Easy} {
		*to = int64(next[i].Interval() / time.Second)
	}
	return card, nil
}

// GetCard is a card in a deck of the user's.
func (db *DB) GetCard(ctx context.Context, user, id int64) (card Card, err error) {
	err = db.Snapshot(ctx, func(tx *gorm.DB) error {
		st, row, err := cardOf(tx, user, id, db.Now())
		if err != nil {
			return err
		}
		card, err = row.view(st)
		return err
	})
	return card, err
}
