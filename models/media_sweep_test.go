package models_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"aoki/models"
)

func TestSweepMedia(t *testing.T) {
	s := newShelf(t)
	one, two := wav(1, 3<<20), wav(2, 500)
	loose, shown := s.bring(s.ann, one), s.bring(s.ann, two)
	note := s.show(s.ann, s.deck, shown).Note.ID

	s.sweep()
	s.Clock.Add(7*24*time.Hour - time.Second)
	s.sweep()
	s.expectReaders("not yet a week", loose, one, "a")
	s.Clock.Add(2 * time.Second)
	s.sweep()
	s.expectReaders("over a week", loose, one, "")
	s.expectReaders("what a note shows stays", shown, two, "abc")
	if n := s.rows("media_chunks"); n != 1 {
		t.Errorf("%d pieces", n)
	}

	// Its quota is free, and it can come again.
	again := s.bring(s.ann, one)
	s.expectReaders("again", again, one, "a")

	// The week counts from when no note shows it any more.
	if err := s.DeleteNote(ctx, s.ann, note); err != nil {
		t.Fatal(err)
	}
	s.sweep()
	s.Clock.Add(6 * 24 * time.Hour)
	s.sweep()
	note = s.show(s.ann, s.deck, shown).Note.ID
	if err := s.DeleteNote(ctx, s.ann, note); err != nil {
		t.Fatal(err)
	}
	s.sweep()
	s.Clock.Add(6 * 24 * time.Hour)
	s.sweep()
	s.expectReaders("shown in between", shown, two, "a")
	s.Clock.Add(2 * 24 * time.Hour)
	s.sweep()
	if n := s.rows("media") + s.rows("media_chunks") + s.rows("media_users") + s.rows("note_media"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

// Bringing it again begins its week anew.
func TestSweepAfterBringingAgain(t *testing.T) {
	s := newShelf(t)
	data := wav(1, 500)
	m := s.bring(s.ann, data)
	s.sweep()
	s.Clock.Add(6 * 24 * time.Hour)
	s.bring(s.ann, data)
	s.sweep()
	s.Clock.Add(6 * 24 * time.Hour)
	s.sweep()
	s.expectReaders("12 days after the first, 6 after the second", m, data, "a")
}

// What a server that was killed left of an upload goes, and one that is under way stays.
func TestSweepLeftovers(t *testing.T) {
	s := newShelf(t)
	arrive := func(id int64, state int) {
		err := s.Write(ctx, func(tx *models.Tx) error {
			err := tx.Exec(`INSERT INTO media (id, hash, type, ext, size, state, created_at) VALUES (?, 'x', 'audio/wav', 'wav', 9, ?, ?)`, id, state, tx.Now().UnixMicro()).Error
			for n := 0; n < 10 && err == nil; n++ {
				err = tx.Exec(`INSERT INTO media_chunks (media_id, n, data) VALUES (?, ?, ?)`, id, n, []byte("piece")).Error
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	arrive(1, 0)
	s.Clock.Add(61 * time.Minute)
	arrive(2, 0)
	arrive(3, 2)
	s.sweep()
	var left []int64
	if err := s.Read(ctx).Raw(`SELECT id FROM media`).Scan(&left).Error; err != nil || fmt.Sprint(left) != "[2]" || s.rows("media_chunks") != 10 {
		t.Errorf("%v is left, with %d pieces: %v", left, s.rows("media_chunks"), err)
	}
}

// Whoever saves a note that shows a file while it is being swept away either keeps it
// whole, or named what was gone before.
func TestSweepBesideNotes(t *testing.T) {
	s := newShelf(t)
	const files = 40
	var data [files][]byte
	var media [files]models.Media
	for i := range files {
		data[i] = wav(i, 300<<10)
		media[i] = s.bring(s.ann, data[i])
	}
	s.sweep()
	s.Clock.Add(8 * 24 * time.Hour)
	var all sync.WaitGroup
	var kept [files]bool
	all.Go(s.sweep)
	for i := range files {
		all.Go(func() {
			if i%2 == 0 { // brought once more, as by an editor of a draft
				media[i] = s.bring(s.ann, data[i])
				kept[i] = true
			}
			s.show(s.ann, s.deck, media[i])
		})
	}
	all.Wait()
	s.sweep()
	gone := 0
	for i := range files {
		var shown int64
		if err := s.Read(ctx).Raw(`SELECT COUNT(*) FROM note_media n JOIN media m ON m.id = n.media_id WHERE m.hash = ?`, media[i].Hash).Scan(&shown).Error; err != nil {
			t.Fatal(err)
		}
		if readable := s.reads(s.cat, media[i], data[i]); readable != (shown > 0) || kept[i] && !readable {
			t.Errorf("%d: shown by %d notes, readable: %v", i, shown, readable)
		}
		if shown == 0 {
			gone++
		}
	}
	if media, chunks := s.rows("media"), s.rows("media_chunks"); media != int64(files-gone) || chunks != 2*media {
		t.Errorf("%d files and %d pieces, %d gone", media, chunks, gone)
	}
}
