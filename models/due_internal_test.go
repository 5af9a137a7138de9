package models

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// What the engine asks each second must not grow with the users there are.
func TestWhatIsDueIsFoundByIndex(t *testing.T) {
	db, err := Open(Options{Path: filepath.Join(t.TempDir(), "aoki.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, sql := range []string{nextDueSQL, dueUsersSQL} {
		var plan []struct{ Detail string }
		args := make([]any, strings.Count(sql, "?"))
		for i := range args {
			args[i] = 1
		}
		if err := db.Read(context.Background()).Raw("EXPLAIN QUERY PLAN "+sql, args...).Scan(&plan).Error; err != nil || len(plan) == 0 {
			t.Fatal(err)
		}
		found := 0
		for _, step := range plan {
			if strings.Contains(step.Detail, "SCAN") && step.Detail != "SCAN jobs" {
				t.Errorf("%s: %s", sql, step.Detail)
			}
			for _, index := range []string{"studies_ring", "reminders_next", "calls_at"} {
				if strings.Contains(step.Detail, index) {
					found++
				}
			}
		}
		if found != 3 {
			t.Errorf("%s: %+v", sql, plan)
		}
	}
}
