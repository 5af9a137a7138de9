package models

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// Counters that come as one text are read as encoding/json reads them.
func TestLogRowsAsText(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	some := []int64{0, 1, -1, 9, 10, math.MaxInt64, math.MinInt64, 1 << 53}
	for range 200 {
		list := make([][6]int64, random.IntN(4))
		want := make([]logRow, len(list))
		for i := range list {
			for j := range list[i] {
				if list[i][j] = some[random.IntN(len(some))]; random.IntN(2) == 0 {
					list[i][j] = random.Int64() - random.Int64()
				}
			}
			l := list[i]
			want[i] = logRow{UserID: l[0], Head: l[1], Trimmed: l[2], Broadcast: l[3], Unread: l[4], Unseen: l[5]}
		}
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parseLogs(text, 1); err != nil || len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: %v, %v", text, got, err)
		}
	}
}

func TestLogRowsThatAreNone(t *testing.T) {
	for _, text := range []string{
		`[[1,2,3,4,5]]`, `[[1,2,3],[4,5,6]]`, `[[1,2,3,4,5,6,7]]`, `[[1,2,null,4,5,6]]`, `[[1,2,3,4,5,6.5]]`, `[[1,2,3,4,5,"6"]]`,
		`[[1,2,3,4,5,6-]]`, `[[1,2,3,4,5,6`, `[[1,2,3,4,5`, `null`, `[1]`, `[[1 2,3,4,5,6]]`,
	} {
		if rows, err := parseLogs([]byte(text), 1); err == nil {
			t.Errorf("%s: %v", text, rows)
		}
	}
}
