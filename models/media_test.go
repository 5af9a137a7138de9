package models_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"aoki/models"
)

const gib = 1 << 30

// wav is a sound of so many bytes, unlike those of other seeds.
func wav(seed, size int) []byte {
	b := []byte("RIFF\xff\xff\xff\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\xff\xff\xff\x00")
	for i := 0; len(b) < size; i++ {
		b = binary.LittleEndian.AppendUint32(b, uint32(seed*1_000_003+i))
	}
	return b[:size]
}

// bring adds a file of the user's.
func (s *shelf) bring(user int64, data []byte) models.Media {
	s.t.Helper()
	m, _, err := s.AddMedia(ctx, user, data, gib)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// reads is whether a user can read a file, with all that is in it.
func (s *shelf) reads(user int64, m models.Media, want []byte) bool {
	s.t.Helper()
	file, err := s.OpenMedia(ctx, user, filepath.Base(m.URL))
	if models.ErrorCode(err) == models.NotFound {
		return false
	}
	if err != nil {
		s.t.Fatal(err)
	}
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, want) || file.Media != m {
		s.t.Errorf("%d bytes of %d, %+v: %v", len(got), len(want), file.Media, err)
	}
	return true
}

// show adds a note that shows files.
func (s *shelf) show(user, deck int64, shown ...models.Media) models.NoteWithCards {
	s.t.Helper()
	text := "look:"
	for _, m := range shown {
		text += " ![it](" + m.URL + ")"
	}
	return ok[models.NoteWithCards](s.t)(s.CreateNote(ctx, user, deck, models.NoteInput{Type: "basic", Fields: fields{"Front": "what?", "Back": text}}))
}

func (s *shelf) rows(table string) (n int64) {
	s.t.Helper()
	if err := s.Read(ctx).Table(table).Count(&n).Error; err != nil {
		s.t.Fatal(err)
	}
	return n
}

// expectReaders checks who of ann, bob, cat and dan can read a file.
func (s *shelf) expectReaders(when string, m models.Media, data []byte, want string) {
	s.t.Helper()
	got := ""
	for i, user := range s.users() {
		if s.reads(user, m, data) {
			got += "abcd"[i : i+1]
		}
	}
	if got != want {
		s.t.Errorf("%s: %q can read it, want %q", when, got, want)
	}
}

func TestWhoMayReadMedia(t *testing.T) {
	s := newShelf(t)
	data := wav(1, 1000)
	m := s.bring(s.ann, data)
	s.expectReaders("just brought", m, data, "a")
	own := ok[models.Deck](t)(s.CreateDeck(ctx, s.dan, models.DeckInput{Name: "Dan's"})).ID
	s.show(s.dan, own, m) // he has guessed the name, and gains nothing
	s.expectReaders("named by a stranger", m, data, "a")

	note := s.show(s.ann, s.deck, m).Note.ID
	s.expectReaders("shown in a shared deck", m, data, "abc")
	if err := s.RemoveMember(ctx, s.cat, s.deck, "cat"); err != nil {
		t.Fatal(err)
	}
	s.expectReaders("a member has left", m, data, "ab")
	s.share("dan", models.DeckViewer)
	s.expectReaders("another has come", m, data, "abd")

	s.show(s.dan, own, m) // now that he may, he keeps it
	if err := s.DeleteNote(ctx, s.bob, note); err != nil {
		t.Fatal(err)
	}
	s.expectReaders("the note is gone, a copy is there", m, data, "ad")
	if err := s.DeleteDeck(ctx, s.dan, own); err != nil {
		t.Fatal(err)
	}
	s.expectReaders("the copy is gone too", m, data, "a")
}

func TestNoteChangesWhatItShows(t *testing.T) {
	s := newShelf(t)
	one, two := wav(1, 500), wav(2, 500)
	first, second := s.bring(s.ann, one), s.bring(s.bob, two)
	note := s.show(s.ann, s.deck, first).Note.ID
	change := func(user int64, text string) {
		t.Helper()
		ok[models.NoteWithCards](t)(s.UpdateNote(ctx, user, note, models.NoteChange{Fields: fields{"Back": text}}))
	}
	change(s.bob, first.URL+" and "+second.URL)
	s.expectReaders("it stays when another editor writes on", first, one, "abc")
	s.expectReaders("his own comes along", second, two, "abc")
	change(s.bob, "only "+second.URL)
	s.expectReaders("taken out", first, one, "a")
	s.expectReaders("left in", second, two, "abc")
	change(s.ann, "nothing")
	s.expectReaders("taken out as well", second, two, "b")
	for _, text := range []string{
		first.URL[:len(first.URL)-5],                   // no ending
		"/api/v1/media/" + first.Hash[:63] + ".wav",    // a digit too few
		"/api/v1/media/" + first.Hash + "0.wav",        // one too many
		"/api/v1/media/G" + first.Hash[1:] + ".wav",    // no hash
		"https://elsewhere/media/" + first.Hash + ".x", // another place
	} {
		change(s.ann, text)
		s.expectReaders(text, first, one, "a")
	}
}

func TestSameFileTwice(t *testing.T) {
	s := newShelf(t)
	data := wav(1, 300<<10)
	for _, c := range []struct {
		user  int64
		isNew bool
	}{{s.ann, true}, {s.ann, false}, {s.bob, true}, {s.bob, false}} {
		m, isNew, err := s.AddMedia(ctx, c.user, data, gib)
		if err != nil || isNew != c.isNew || m.Size != int64(len(data)) || m.Type != "audio/wav" {
			t.Errorf("%+v %v %v", m, isNew, err)
		}
	}
	if media, chunks := s.rows("media"), s.rows("media_chunks"); media != 1 || chunks != 2 {
		t.Errorf("%d files, %d pieces", media, chunks)
	}
	s.expectReaders("brought by two", s.bring(s.ann, data), data, "ab")
}

// The same file from many at once is there once, and nothing else stays.
func TestSameFileFromMany(t *testing.T) {
	s := newShelf(t)
	data := wav(1, 600<<10)
	var all sync.WaitGroup
	var fresh [4]int
	var mu sync.Mutex
	for range 3 {
		for i, user := range s.users() {
			all.Go(func() {
				m, isNew, err := s.AddMedia(ctx, user, data, gib)
				if err != nil || !s.reads(user, m, data) {
					t.Error(m, err)
				}
				if isNew {
					mu.Lock()
					fresh[i]++
					mu.Unlock()
				}
			})
		}
	}
	all.Wait()
	if fresh != [4]int{1, 1, 1, 1} {
		t.Errorf("new for each so many times: %v", fresh)
	}
	if media, chunks := s.rows("media"), s.rows("media_chunks"); media != 1 || chunks != 3 {
		t.Errorf("%d files, %d pieces", media, chunks)
	}
}

func TestMediaRefused(t *testing.T) {
	s := newShelf(t)
	large := wav(1, models.MaxSound+1)
	for _, c := range []struct {
		name  string
		data  []byte
		quota int64
		code  string
	}{
		{"nothing", nil, gib, models.Invalid},
		{"a text", []byte("hello"), gib, models.Invalid},
		{"a picture that is none", []byte("\x89PNG\r\n\x1a\n and more"), gib, models.Invalid},
		{"too large", large, gib, models.Invalid},
		{"over the quota", wav(1, 1000), 999, models.LimitReached},
	} {
		if _, _, err := s.AddMedia(ctx, s.ann, c.data, c.quota); models.ErrorCode(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		} else if f := models.AsError(err).Fields; c.code == models.Invalid && (len(f) != 1 || f[0].Field != "file") {
			t.Errorf("%s: %v", c.name, f)
		}
	}
	if n := s.rows("media") + s.rows("media_chunks") + s.rows("media_users"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestMediaQuota(t *testing.T) {
	s := newShelf(t)
	add := func(user int64, seed, quota int) string {
		_, _, err := s.AddMedia(ctx, user, wav(seed, 1000), int64(quota))
		return models.ErrorCode(err)
	}
	for i, c := range []struct {
		user  int64
		seed  int
		quota int
		code  string
	}{
		{s.ann, 1, 2000, ""}, {s.ann, 2, 2000, ""}, {s.ann, 3, 2000, models.LimitReached},
		{s.ann, 1, 2000, ""}, // that one is there already
		{s.ann, 3, 3000, ""},
		{s.bob, 3, 1000, ""}, {s.bob, 1, 1999, models.LimitReached}, // what others brought counts for who brings it too
	} {
		if code := add(c.user, c.seed, c.quota); code != c.code {
			t.Errorf("%d: %q", i, code)
		}
	}
	// Many at once get no further than one after the other.
	var all sync.WaitGroup
	var mu sync.Mutex
	kept := 0
	for seed := range 20 {
		all.Go(func() {
			if add(s.dan, 100+seed, 5000) == "" {
				mu.Lock()
				kept++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if kept != 5 {
		t.Errorf("%d of five were kept", kept)
	}
	if n := s.rows("media"); n != 3+5 {
		t.Errorf("%d files", n)
	}
}

func TestMediaReader(t *testing.T) {
	s := newShelf(t)
	data := wav(1, 700<<10)
	m := s.bring(s.ann, data)
	open := func() *models.MediaReader {
		return ok[*models.MediaReader](t)(s.OpenMedia(ctx, s.ann, filepath.Base(m.URL)))
	}
	if err := iotest.TestReader(open(), data); err != nil {
		t.Error(err)
	}
	if _, err := open().Seek(-1, io.SeekStart); err == nil {
		t.Error("before the beginning")
	}
	for _, name := range []string{
		"", ".wav", m.Hash, m.Hash + ".", m.Hash + ".png", m.Hash + ".wav.wav", m.Hash[1:] + ".wav", "A" + m.Hash[1:] + ".wav",
		"' OR 1=1 --" + m.Hash[11:] + ".wav", fmt.Sprintf("%064d.wav", 0),
	} {
		if _, err := s.OpenMedia(ctx, s.ann, name); models.ErrorCode(err) != models.NotFound {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// An upload that is given up leaves nothing, wherever it was.
func TestUploadGivenUp(t *testing.T) {
	s := newShelf(t)
	data := wav(1, 2<<20)
	for after := range 12 {
		gone := &endsAfter{Context: ctx, left: after * 2}
		if _, _, err := s.AddMedia(gone, s.ann, data, gib); err == nil {
			continue // it was quicker
		} else if !errors.Is(err, context.Canceled) {
			t.Errorf("after %d: %v", after, err)
		}
		if n := s.rows("media") + s.rows("media_chunks") + s.rows("media_users"); n != 0 {
			t.Fatalf("after %d: %d rows", after, n)
		}
	}
}

// endsAfter is a context that is over when it was asked so often.
type endsAfter struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (e *endsAfter) Err() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestDeletedUserAndMedia(t *testing.T) {
	s := newShelf(t)
	one, two := wav(1, 500), wav(2, 500)
	shown, loose := s.bring(s.bob, one), s.bring(s.bob, two)
	s.show(s.bob, s.deck, shown)
	if err := s.Write(ctx, func(tx *models.Tx) error { return tx.Exec(`DELETE FROM users WHERE id = ?`, s.bob).Error }); err != nil {
		t.Fatal(err)
	}
	s.expectReaders("its bringer is gone", shown, one, "ac")
	s.expectReaders("and so was this", loose, two, "")
	s.week(2)
	if n := s.rows("media"); n != 1 {
		t.Errorf("%d files", n)
	}
}

// week lets weeks pass, with a sweep at the beginning and the end of each.
func (s *shelf) week(n int) {
	s.t.Helper()
	for range n {
		s.sweep()
		s.Clock.Add(7*24*time.Hour + time.Second)
		s.sweep()
	}
}

func (s *shelf) sweep() {
	s.t.Helper()
	if err := s.SweepMedia(ctx); err != nil {
		s.t.Fatal(err)
	}
}
