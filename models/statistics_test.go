package models_test

import (
	"reflect"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/fsrs"
	"aoki/models/modelstest"
)

// statisticsByHand is the statistics found the simple way: from each answer and each card.
func statisticsByHand(t *testing.T, s *modelstest.Store, user, deck int64, days int, zone *time.Location) models.Statistics {
	t.Helper()
	calendar := fsrs.Calendar{Zone: zone, Rollover: 4}
	today := calendar.Day(s.Clock.Now())
	want := models.Statistics{From: models.Day(today - days + 1), Today: models.Day(today), Days: []models.AnswerDay{}}
	var reviews []struct{ Rating, State, AnsweredAt, AnsweredIn, DueAt, LastReviewAt int64 }
	if err := s.Read(ctx).Raw(`SELECT * FROM reviews WHERE user_id = ? AND (deck_id = ? OR ? = 0)`, user, deck, deck).Scan(&reviews).Error; err != nil {
		t.Fatal(err)
	}
	byDay := map[int]*models.AnswerTotals{}
	first := today
	for _, r := range reviews {
		day := calendar.Day(time.UnixMicro(r.AnsweredAt))
		first = min(first, day)
		sum := byDay[day]
		if sum == nil {
			sum = &models.AnswerTotals{}
			byDay[day] = sum
		}
		for _, into := range []*models.AnswerTotals{sum, &want.Totals} {
			if into == &want.Totals && day <= today-days {
				continue
			}
			into.Answers++
			into.Millis += r.AnsweredIn
			*[]*int64{&into.Again, &into.Hard, &into.Good, &into.Easy}[r.Rating-1]++
			switch r.State {
			case 0:
				into.New++
			case 2:
				into.Reviews++
			}
		}
		for into, reach := range map[*models.ByMaturity]int{&want.Retention.Month: 30, &want.Retention.Year: 365, &want.Retention.Range: days} {
			if r.State != 2 || day <= today-reach {
				continue
			}
			of := &into.Young
			if r.DueAt-r.LastReviewAt >= (21 * 24 * time.Hour).Microseconds() {
				of = &into.Mature
			}
			of.Reviews++
			if r.Rating > 1 {
				of.Kept++
			}
		}
	}
	length := 0
	for day := first; day <= today; day++ {
		sum := byDay[day]
		if sum == nil {
			if day < today {
				length = 0
			}
			continue
		}
		length++
		want.Streak.Longest = max(want.Streak.Longest, length)
		if day > today-days {
			want.Days = append(want.Days, models.AnswerDay{Day: models.Day(day), AnswerTotals: *sum})
		}
	}
	want.Streak.Current = length
	recountCards(t, s, user, deck, calendar, &want)
	return want
}

func recountCards(t *testing.T, s *modelstest.Store, user, deck int64, calendar fsrs.Calendar, want *models.Statistics) {
	t.Helper()
	var cards []struct {
		State, DueAt, LastReviewAt, Suspended, BuriedOn int64
		Stability, Difficulty                           float64
	}
	err := s.Read(ctx).Raw(`SELECT s.* FROM cards c LEFT JOIN schedules s ON s.card_id = c.id AND s.user_id = ?
		WHERE c.deck_id IN (SELECT deck_id FROM deck_members WHERE user_id = ?) AND (c.deck_id = ? OR ? = 0)`, user, user, deck, deck).Scan(&cards).Error
	if err != nil {
		t.Fatal(err)
	}
	empty := func(edges ...int64) (list []models.Bucket) {
		for i, e := range edges {
			list = append(list, models.Bucket{From: e})
			if i+1 < len(edges) {
				list[i].To = &edges[i+1]
			}
		}
		return list
	}
	count := func(list []models.Bucket, x float64) {
		n := 0
		for i, b := range list {
			if x >= float64(b.From) && (b.To == nil || x < float64(*b.To)) {
				list[i].Cards++
				n++
			}
		}
		if n != 1 {
			t.Errorf("%v is in %d buckets", x, n)
		}
	}
	want.Intervals = empty(0, 2, 4, 7, 14, 21, 30, 60, 90, 180, 365, 730)
	want.Stability = empty(0, 1, 2, 4, 7, 14, 21, 30, 60, 90, 180, 365, 730)
	want.Difficulty = empty(1, 2, 3, 4, 5, 6, 7, 8, 9)
	due := map[models.Day]int64{}
	for _, c := range cards {
		switch {
		case c.Suspended != 0:
			want.States.Suspended++
			continue
		case c.State == 0:
			want.States.New++
			continue
		}
		count(want.Stability, c.Stability)
		count(want.Difficulty, c.Difficulty)
		if days := float64(c.DueAt-c.LastReviewAt) / 86400e6; c.State == 2 {
			count(want.Intervals, days)
			if days < 21 {
				want.States.Young++
			} else {
				want.States.Mature++
			}
		} else {
			want.States.Learning++
		}
		day := models.Day(calendar.Day(time.UnixMicro(c.DueAt)))
		switch {
		case models.Day(c.BuriedOn) == want.Today:
			due[max(day, want.Today+1)]++
		case day < want.Today && c.State == 2:
			want.Forecast.Overdue++
		case day >= want.Today+365:
			want.Forecast.Later++
		default:
			due[max(day, want.Today)]++
		}
	}
	want.Forecast.Days = []models.DueDay{}
	for day := want.Today; day < want.Today+365; day++ {
		if due[day] > 0 {
			want.Forecast.Days = append(want.Forecast.Days, models.DueDay{Day: day, Due: due[day]})
		}
	}
}

func sameStatistics(t *testing.T, s *modelstest.Store, user, deck int64, days int, zone *time.Location) models.Statistics {
	t.Helper()
	got := ok[models.Statistics](t)(s.Statistics(ctx, user, deck, days))
	if want := statisticsByHand(t, s, user, deck, days, zone); !reflect.DeepEqual(got, want) {
		g, w := reflect.ValueOf(got), reflect.ValueOf(want)
		for i := range g.NumField() {
			if !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
				t.Errorf("deck %d, %d days in %v, %s:\n%+v\nwant\n%+v", deck, days, zone, g.Type().Field(i).Name, g.Field(i).Interface(), w.Field(i).Interface())
			}
		}
	}
	return got
}

// The library that speed is measured with says the same in all its tables, and the
// statistics say what its answers do.
func TestStatisticsOfALibrary(t *testing.T) {
	s := modelstest.Open(t)
	s.User("bob")
	ann := s.User("ann")
	l := modelstest.FillLibrary(t, s.DB, ann, 1000, 8000)
	for _, days := range []int{1, 29, 30, 365, models.MaxStatisticsDays} {
		all := sameStatistics(t, s, ann, 0, days, time.UTC)
		if states := all.States; states.New+states.Learning+states.Young+states.Mature+states.Suspended != 1000 || states.New != 100 {
			t.Errorf("%+v", states)
		}
		if days == models.MaxStatisticsDays && all.Totals.Answers != 8000 {
			t.Errorf("%d answers", all.Totals.Answers)
		}
		for _, deck := range l.Decks {
			sameStatistics(t, s, ann, deck, days, time.UTC)
		}
	}
	var wrong int64
	err := s.Read(ctx).Raw(`SELECT COUNT(*) FROM schedules s LEFT JOIN reviews r ON r.card_id = s.card_id AND r.reps = s.reps - 1
		WHERE r.id IS NULL OR r.next_due_at <> s.due_at OR r.answered_at <> s.last_review_at OR r.answered_at > ?`, s.Clock.Now().UnixMicro()).Row().Scan(&wrong)
	if err != nil || wrong != 0 {
		t.Errorf("%d cards are not as their last answer left them (%v)", wrong, err)
	}
}

// Random studying in a zone, over a change of its clocks, answer by answer: what the day's
// sums and the index say is what the plain rows say.
func TestStatisticsOfStudying(t *testing.T) {
	for _, c := range []struct {
		zone, start string
	}{{"Europe/Berlin", "2026-10-20T01:00:00Z"}, {"America/New_York", "2026-03-01T07:30:00Z"}, {"Asia/Shanghai", "2026-05-30T19:59:00Z"}, {"Australia/Lord_Howe", "2026-03-30T17:00:00Z"}} {
		t.Run(c.zone, func(t *testing.T) {
			w := newStatisticsWorld(t, c.zone, c.start)
			for range 60 {
				w.step()
				deck := []int64{0, w.decks[0], w.decks[1]}[w.random.IntN(3)]
				sameStatistics(t, w.Store, w.user, deck, 1+w.random.IntN(40), w.zone)
				w.Clock.Add(time.Duration(w.random.IntN(int(20 * time.Hour))))
			}
		})
	}
}

func TestDayIsADate(t *testing.T) {
	for day, want := range map[models.Day]string{0: "1970-01-01", -1: "1969-12-31", 20778: "2026-11-21", 11016: "2000-02-29"} {
		if got := day.String(); got != want {
			t.Errorf("%d is %s, want %s", int(day), got, want)
		}
	}
}
