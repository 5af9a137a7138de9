package cmd

import (
	"database/sql"
	"testing"

	_ "github.com/mattn/go-sqlite3"
)

// makeNewer lets a database look as if a later version of the program had migrated it.
func makeNewer(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	done, err := db.Exec(`UPDATE meta SET value = '999' WHERE name = 'schema'`)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := done.RowsAffected(); n != 1 {
		t.Fatal("the schema's version is not where this test looks for it")
	}
}
