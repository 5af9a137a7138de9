package models

import (
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"aoki/models/fsrs"
)

// CardStates are the cards of the decks by what the user knows of them; each is in one.
type CardStates struct {
	New       int64 `json:"new"`
	Learning  int64 `json:"learning"` // relearning too
	Young     int64 `json:"young"`    // in review, with an interval under 21 days
	Mature    int64 `json:"mature"`
	Suspended int64 `json:"suspended"` // whatever they are else
}

// Histograms are the begun cards that are not suspended by their numbers. Intervals are
// of those in review.
type Histograms struct {
	Intervals  []Bucket `json:"intervals"`  // days
	Stability  []Bucket `json:"stability"`  // days
	Difficulty []Bucket `json:"difficulty"` // 1 to 10
}

// Bucket is how many cards have a number from From to below To; To is nil of the last.
type Bucket struct {
	From  int64  `json:"from"`
	To    *int64 `json:"to"`
	Cards int64  `json:"cards"`
}

// The least number of each bucket. Intervals have one that begins with mature cards.
var (
	intervalEdges   = []int64{0, 2, 4, 7, 14, matureDays, 30, 60, 90, 180, 365, 730}
	stabilityEdges  = []int64{0, 1, 2, 4, 7, 14, 21, 30, 60, 90, 180, 365, 730}
	difficultyEdges = []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}
)

const matureDays = int64(matureFrom / (24 * time.Hour))

// bucketOf is SQL that gives the number of the bucket in which an expression lies. It
// halves the buckets until one is left: a card costs four comparisons, not twelve.
func bucketOf(expression string, edges []int64, unit int64) string {
	var halve func(low, high int) string
	halve = func(low, high int) string {
		if high-low == 1 {
			return strconv.Itoa(low)
		}
		middle := (low + high) / 2
		return fmt.Sprintf("CASE WHEN %s < %d THEN %s ELSE %s END", expression, edges[middle]*unit, halve(low, middle), halve(middle, high))
	}
	return halve(0, len(edges))
}

func buckets(edges []int64) []Bucket {
	list := make([]Bucket, len(edges))
	for i := range list {
		list[i].From = edges[i]
		if i+1 < len(edges) {
			list[i].To = &edges[i+1]
		}
	}
	return list
}

// readCards goes once through what the user knows of the cards.
func (s *Statistics) readCards(g *gorm.DB, decks deckChoice) error {
	s.Intervals, s.Stability, s.Difficulty = buckets(intervalEdges), buckets(stabilityEdges), buckets(difficultyEdges)
	from, args := decks.schedules()
	err := g.Raw(`SELECT COUNT(*)`+from+` AND s.suspended = 1`, args...).Row().Scan(&s.States.Suspended)
	if err != nil {
		return err
	}
	// The buckets of a card as one number of three digits of 16, so that all cards are
	// grouped in one go; that of the interval is one more, and 0 of cards being learnt.
	rows, err := g.Raw(fmt.Sprintf(`SELECT 256 * (CASE s.state WHEN %d THEN 1 + %s ELSE 0 END) + 16 * (%s) + %s, COUNT(*)`, fsrs.Review,
		bucketOf("s.due_at - s.last_review_at", intervalEdges, 24*time.Hour.Microseconds()),
		bucketOf("s.stability", stabilityEdges, 1), bucketOf("s.difficulty", difficultyEdges, 1))+
		from+` AND s.suspended = 0 AND s.state > 0 GROUP BY 1`, args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var begun int64
	for rows.Next() {
		var packed, cards int64
		if err := rows.Scan(&packed, &cards); err != nil {
			return err
		}
		begun += cards
		s.Stability[packed>>4&15].Cards += cards
		s.Difficulty[packed&15].Cards += cards
		if packed < 256 {
			s.States.Learning += cards
		} else {
			s.Intervals[packed>>8-1].Cards += cards
		}
	}
	for _, b := range s.Intervals {
		if b.From < matureDays {
			s.States.Young += b.Cards
		} else {
			s.States.Mature += b.Cards
		}
	}
	s.States.New = decks.cards - begun - s.States.Suspended
	return rows.Err()
}
