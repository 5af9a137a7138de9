package models

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"gorm.io/gorm"
)

// rowsStore is a store with so many users.
func rowsStore(t testing.TB, users int64) *DB {
	t.Helper()
	db, err := Open(Options{Path: filepath.Join(t.TempDir(), "aoki.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for id := range users {
		if err := db.OnWriter(fmt.Sprintf(`INSERT INTO users (id, username, username_key, password_hash, role, created_at) VALUES (%d, 'u%[1]d', 'u%[1]d', '!', 'user', '2026-05-13')`, id+1)); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func manyEvents(n int) []eventRow {
	five := int64(5)
	list := make([]eventRow, n)
	for i := range list {
		list[i] = eventRow{UserID: int64(1 + i%7), Seq: int64(1 + i/7), Name: "note.created", Payload: strings.Repeat("x", 300), CreatedAt: int64(i)}
		if i%2 == 0 {
			list[i].Unread, list[i].Unseen = &five, &five
		}
	}
	return list
}

// However many rows there are, each is written once, with all its columns.
func TestRowsWrite(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 63, 64, 65, 127, 128, 200} {
		db := rowsStore(t, 7)
		want := manyEvents(n)
		list := manyEvents(n)
		if err := insertEvents.write(db.write, &list); err != nil || list != nil {
			t.Fatal(n, err, len(list))
		}
		var got []eventRow
		if err := db.write.Order("created_at").Find(&got).Error; err != nil || len(got) != n {
			t.Fatal(n, err, len(got))
		}
		for i := range got {
			g, w := got[i], want[i]
			if fmt.Sprint(orNull(g.Unread), orNull(g.Unseen)) != fmt.Sprint(orNull(w.Unread), orNull(w.Unseen)) {
				t.Errorf("%d of %d: counts %v", i, n, g)
			}
			g.Unread, g.Unseen, w.Unread, w.Unseen = nil, nil, nil, nil
			if g != w {
				t.Errorf("%d of %d: %v, want %v", i, n, g, w)
			}
		}
		db.Close()
	}
}

// BenchmarkRows compares the statements of rows with GORM's Create: 40 events, as a
// batch of 40 changes has them.
//
//	go test -run - -bench Rows ./models
func BenchmarkRows(b *testing.B) {
	write := func(into *gorm.DB, list []eventRow) error { return insertEvents.write(into, &list) }
	create := func(into *gorm.DB, list []eventRow) error { return into.Create(list).Error }
	for _, way := range []struct {
		name  string
		write func(*gorm.DB, []eventRow) error
	}{{"rows", write}, {"create", create}} {
		b.Run(way.name, func(b *testing.B) {
			db := rowsStore(b, 7)
			list := manyEvents(40)
			b.ReportAllocs()
			for b.Loop() {
				if err := db.OnWriter("BEGIN IMMEDIATE"); err != nil {
					b.Fatal(err)
				}
				if err := way.write(db.write, list); err != nil {
					b.Fatal(err)
				}
				if err := db.OnWriter("ROLLBACK"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
