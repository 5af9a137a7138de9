package models

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// maxNotes is how many notes a deck may have.
const maxNotes = 50_000

// Note is what a user writes; cards are made from it.
type Note struct {
	ID        int64             `json:"id"`
	DeckID    int64             `json:"deck_id"`
	Type      string            `json:"type"`
	Fields    map[string]string `json:"fields"`
	Tags      []string          `json:"tags"`
	CreatedAt time.Time         `json:"created_at"`
	UpdatedAt time.Time         `json:"updated_at"`
}

// NoteWithCards is a note and the cards that were made from it, in their order.
type NoteWithCards struct {
	Note  Note      `json:"note"`
	Cards []CardRef `json:"cards"`
}

// NoteInput is what a note is made from.
type NoteInput struct {
	Type   string
	Fields map[string]string
	Tags   []string
}

// NoteChange says what of a note is to change: the fields that are named, the tags
// as a whole when they are not nil. A type can only be the one that it has.
type NoteChange struct {
	Type   *string
	Fields map[string]string
	Tags   *[]string
}

type noteRow struct {
	ID        int64
	DeckID    int64
	Type      string
	Fields    string // a JSON object
	Tags      string // a JSON list
	Search    string
	CreatedAt time.Time
	UpdatedAt time.Time
}

func (noteRow) TableName() string { return "notes" }

// fill takes over what a note says.
func (r *noteRow) fill(n content) error {
	fields, err := json.Marshal(n.fields)
	if err != nil {
		return err
	}
	tags, err := json.Marshal(n.tags)
	if err != nil {
		return err
	}
	r.Type, r.Fields, r.Tags, r.Search = n.kind, string(fields), string(tags), searchText(n)
	return nil
}

func (r noteRow) note() (Note, error) {
	n := Note{ID: r.ID, DeckID: r.DeckID, Type: r.Type, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt}
	if err := json.Unmarshal([]byte(r.Fields), &n.Fields); err != nil {
		return n, err
	}
	return n, json.Unmarshal([]byte(r.Tags), &n.Tags)
}

func noNote() error { return Errorf(NotFound, "there is no such note") }

// CreateNote adds a note and its cards to a deck, and to the devices and inboxes
// of all who have it.
func (db *DB) CreateNote(ctx context.Context, user, deck int64, in NoteInput) (NoteWithCards, error) {
	n, err := newContent(in)
	if err != nil {
		return NoteWithCards{}, err
	}
	row := noteRow{DeckID: deck}
	if err := row.fill(n); err != nil {
		return NoteWithCards{}, err
	}
	news, media := n.headline(), mediaIn(n)
	return Do(ctx, db, func(tx *Tx) (made NoteWithCards, err error) {
		a, err := tx.editorOf(user, deck)
		if err != nil {
			return made, err
		}
		if a.Deck.Notes >= maxNotes {
			return made, Errorf(LimitReached, "the deck has %d notes, and can't have more", a.Deck.Notes)
		}
		row := row
		row.CreatedAt, row.UpdatedAt = tx.Now(), tx.Now()
		if err := tx.Create(&row).Error; err != nil {
			return made, err
		}
		if made.Note, err = row.note(); err != nil {
			return made, err
		}
		if made.Cards, err = tx.addCards(made.Note, n.ords); err != nil {
			return made, err
		}
		if err := tx.keepMedia(user, row.ID, media); err != nil {
			return made, err
		}
		if err := tx.count(deck, 1, len(made.Cards)); err != nil {
			return made, err
		}
		return made, tx.tell(a, noteAdded, made, news, user)
	}, touchesOf(user))
}

// noteOf finds a note in a deck of the user's.
func noteOf(g *gorm.DB, user, id int64) (row noteRow, err error) {
	err = g.Raw(`SELECT n.* FROM notes n JOIN deck_members m ON m.deck_id = n.deck_id AND m.user_id = ? WHERE n.id = ?`, user, id).Scan(&row).Error
	if err == nil && row.ID == 0 {
		err = noNote()
	}
	return row, err
}

// revision is what a change makes of a note. Making one takes time with large texts
// (they are parsed, and folded for the search), so it is made before the writer's
// turn comes, and again there only if the note has changed meanwhile.
type revision struct {
	old, row noteRow
	content  content
	headline string
	media    []string // what it shows, and
	hadMedia bool     // whether it showed any
}

func revise(old noteRow, change NoteChange) (r revision, err error) {
	note, err := old.note()
	if err != nil {
		return r, err
	}
	r.old, r.row = old, old
	if r.content, err = changedContent(note, change); err != nil {
		return r, err
	}
	r.headline = r.content.headline()
	r.media, r.hadMedia = mediaIn(r.content), strings.Contains(old.Fields, mediaPath)
	return r, r.row.fill(r.content)
}

// of reports whether the revision is one of a note as it is now.
func (r revision) of(now noteRow) bool {
	return r.old.ID == now.ID && r.old.DeckID == now.DeckID && r.old.Type == now.Type && r.old.Fields == now.Fields && r.old.Tags == now.Tags
}

// UpdateNote changes a note. Its cards that are still asked for keep their ids. A
// change that changes nothing is none.
func (db *DB) UpdateNote(ctx context.Context, user, id int64, change NoteChange) (made NoteWithCards, err error) {
	var rev revision
	if seen, err := noteOf(db.Read(ctx), user, id); err == nil {
		// What is wrong with it is said below: who may not write is told that first.
		if r, err := revise(seen, change); err == nil {
			rev = r
		}
	}
	err = db.Write(ctx, func(tx *Tx) error {
		old, err := noteOf(tx.DB, user, id)
		if err != nil {
			return err
		}
		a, err := tx.editorOf(user, old.DeckID)
		if err != nil {
			return err
		}
		if !rev.of(old) {
			if rev, err = revise(old, change); err != nil {
				return err
			}
		}
		if made.Cards, err = cardsOf(tx.DB, id); err != nil {
			return err
		}
		if rev.row == rev.old {
			made.Note, err = old.note()
			return err
		}
		row := rev.row
		row.UpdatedAt = tx.Now()
		if made.Note, err = row.note(); err != nil {
			return err
		}
		err = tx.Exec(`UPDATE notes SET fields = ?, tags = ?, search = ?, updated_at = ? WHERE id = ?`,
			row.Fields, row.Tags, row.Search, row.UpdatedAt, id).Error
		if err != nil {
			return err
		}
		if rev.hadMedia {
			if err := tx.dropMedia(id, rev.media); err != nil {
				return err
			}
		}
		if err := tx.keepMedia(user, id, rev.media); err != nil {
			return err
		}
		had := made.Cards
		if made.Cards, err = tx.matchCards(made, rev.content.ords); err != nil {
			return err
		}
		if err := tx.count(old.DeckID, 0, len(made.Cards)-len(had)); err != nil {
			return err
		}
		if err := tx.tell(a, noteUpdated, made, rev.headline, user); err != nil {
			return err
		}
		if slices.ContainsFunc(had, func(c CardRef) bool { return !slices.Contains(made.Cards, c) }) {
			return tx.settleMembers(old.DeckID)
		}
		return nil
	})
	return made, err
}

// DeleteNote deletes a note with its cards.
func (db *DB) DeleteNote(ctx context.Context, user, id int64) error {
	return db.Write(ctx, func(tx *Tx) error {
		row, err := noteOf(tx.DB, user, id)
		if err != nil {
			return err
		}
		a, err := tx.editorOf(user, row.DeckID)
		if err != nil {
			return err
		}
		var gone NoteWithCards
		if gone.Note, err = row.note(); err != nil {
			return err
		}
		if gone.Cards, err = cardsOf(tx.DB, id); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM notes WHERE id = ?`, id).Error; err != nil {
			return err
		}
		if err := tx.count(row.DeckID, -1, -len(gone.Cards)); err != nil {
			return err
		}
		n := content{kind: gone.Note.Type, fields: gone.Note.Fields}
		if err := tx.tell(a, noteDeleted, gone, n.headline(), user); err != nil {
			return err
		}
		return tx.settleMembers(row.DeckID)
	})
}

// count keeps a deck's figures true.
func (tx *Tx) count(deck int64, notes, cards int) error {
	if notes == 0 && cards == 0 {
		return nil
	}
	return tx.Exec(`UPDATE decks SET notes = notes + ?, cards = cards + ? WHERE id = ?`, notes, cards, deck).Error
}
