package modelstest

import (
	"context"
	"testing"
	"time"

	"aoki/models"
)

// Populate adds the users 1 to n to an empty store, in a few statements: u1, who is
// an admin, u2, … each with a log, and a session that has the user's number.
func Populate(t testing.TB, db *models.DB, n int) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *models.Tx) error {
		now := tx.Now()
		if err := tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO users (id, username, username_key, password_hash, role, created_at)
			SELECT i, 'u' || i, 'u' || i, '!', CASE i WHEN 1 THEN 'admin' ELSE 'user' END, ? FROM n`, n, now).Error; err != nil {
			return err
		}
		if err := tx.Exec(`INSERT INTO logs (user_id) SELECT id FROM users ORDER BY id`).Error; err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO sessions (id, user_id, rotated_at, created_at, last_seen_at, expires_at) SELECT id, id, ?, ?, ?, ? FROM users ORDER BY id`,
			now, now, now, now.Add(24*time.Hour)).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}
