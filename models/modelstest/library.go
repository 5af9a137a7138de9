package modelstest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"aoki/models"
)

// Library is what [FillLibrary] made.
type Library struct {
	User  int64
	Decks []int64 // the first has half of the cards
}

// shares of the decks of a library, in percent of its cards.
var shares = [...]int{50, 20, 15, 10, 5}

// FillLibrary gives a user, whose zone is UTC and who has no decks, so many cards in five
// decks, nine tenths of them begun, and so many answers to these over some years: at
// least six a card. All tables say the same, as if each had been answered when it was
// due. The same numbers make the same library.
func FillLibrary(t testing.TB, db *models.DB, user int64, cards, answers int) Library {
	t.Helper()
	ctx := context.Background()
	l := Library{User: user}
	f := filler{user: user, now: db.Now(), random: rand.New(rand.NewPCG(1, 2))}
	write := func(fill func() error) {
		t.Helper()
		err := db.Write(ctx, func(tx *models.Tx) error {
			f.tx = tx
			return fill()
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	write(func() error { return f.decks(cards) })
	for _, d := range f.held {
		l.Decks = append(l.Decks, d.id)
	}
	f.study(answers)
	write(f.schedules)
	for len(f.answers) > 0 { // in several commits, as one would need a WAL as large as the store
		write(func() error { return f.reviews(min(len(f.answers), 100_000)) })
	}
	write(f.studyDays)
	return l
}

// deckOf is a deck of the library; its cards have the ids first to first + cards - 1.
type deckOf struct{ id, first, cards, begun int64 }

type filler struct {
	tx      *models.Tx
	user    int64
	now     time.Time
	random  *rand.Rand
	held    []deckOf
	cards   []studied
	answers []answered
	days    map[dayOf]*sums
}

// decks makes the decks, their notes and cards.
func (f *filler) decks(cards int) error {
	var deck, note, card int64
	err := f.tx.Raw(`SELECT (SELECT COALESCE(MAX(id), 0) FROM decks), (SELECT COALESCE(MAX(id), 0) FROM notes), (SELECT COALESCE(MAX(id), 0) FROM cards)`).Row().Scan(&deck, &note, &card)
	if err != nil {
		return err
	}
	for i, share := range shares {
		d := deckOf{id: deck + int64(i) + 1, first: card + 1, cards: int64(cards * share / 100)}
		d.begun = d.cards * 9 / 10
		f.held = append(f.held, d)
		for _, run := range []struct {
			sql  string
			args []any
		}{
			{`INSERT INTO decks (id, owner_id, name, notes, cards, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
				[]any{d.id, f.user, fmt.Sprint("Deck ", i+1), d.cards, d.cards, f.now, f.now}},
			{`INSERT INTO deck_members (deck_id, user_id, role, created_at) VALUES (?, ?, 'owner', ?)`, []any{d.id, f.user, f.now}},
			{`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
				INSERT INTO notes (id, deck_id, type, fields, search, created_at, updated_at)
				SELECT ? + i, ?, 'basic', '{"Back":"what is behind it, ' || i || '","Front":"the word ' || i || '"}', 'the word ' || i, ?, ? FROM n`,
				[]any{d.cards, note, d.id, f.now, f.now}},
			{`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
				INSERT INTO cards (id, note_id, deck_id, ord, created_at) SELECT ? + i, ? + i, ?, 0, ? FROM n`,
				[]any{d.cards, card, note, d.id, f.now}},
			{`INSERT INTO studies (user_id, deck_id, preset, new_after) VALUES (?, ?, ?, ?)`,
				[]any{f.user, d.id, fmt.Sprintf(`{"maximum_interval":%d}`, longest), d.first + d.begun - 1}},
		} {
			if err := f.tx.Exec(run.sql, run.args...).Error; err != nil {
				return err
			}
		}
		note, card = note+d.cards, card+d.cards
	}
	return nil
}

// insert adds rows to a table, some hundred with each statement.
func (f *filler) insert(table, columns string, n int, row func(i int) []any) error {
	const atOnce = 400
	width := strings.Count(columns, ",") + 1
	one := "(?" + strings.Repeat(", ?", width-1) + ")"
	args := make([]any, 0, atOnce*width)
	for begin := 0; begin < n; begin += atOnce {
		args = args[:0]
		rows := min(atOnce, n-begin)
		for i := range rows {
			args = append(args, row(begin+i)...)
		}
		sql := "INSERT INTO " + table + " (" + columns + ") VALUES " + one + strings.Repeat(", "+one, rows-1)
		if _, err := f.tx.Statement.ConnPool.ExecContext(context.Background(), sql, args...); err != nil {
			return err
		}
	}
	return nil
}
