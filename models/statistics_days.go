package models

import "gorm.io/gorm"

// AnswerTotals are answers, and what kind they were. Those that are neither to new
// cards nor reviews were to cards being learnt.
type AnswerTotals struct {
	Answers int64 `json:"answers"`
	New     int64 `json:"new"`     // new cards begun
	Reviews int64 `json:"reviews"` // of cards in review
	Again   int64 `json:"again"`
	Hard    int64 `json:"hard"`
	Good    int64 `json:"good"`
	Easy    int64 `json:"easy"`
	Millis  int64 `json:"millis"` // time spent
}

func (t *AnswerTotals) add(o AnswerTotals) {
	t.Answers += o.Answers
	t.New += o.New
	t.Reviews += o.Reviews
	t.Again += o.Again
	t.Hard += o.Hard
	t.Good += o.Good
	t.Easy += o.Easy
	t.Millis += o.Millis
}

// AnswerDay is what was answered on a day.
type AnswerDay struct {
	Day Day `json:"day"`
	AnswerTotals
}

// Streak is how many days in a row had an answer. The current one lasts as long as it
// can still be continued: until the end of a day without.
type Streak struct {
	Current int `json:"current"`
	Longest int `json:"longest"`
}

// Retained are how much was remembered: in the last 30 days, in the last 365, and in
// the days of the range.
type Retained struct {
	Month ByMaturity `json:"month"`
	Year  ByMaturity `json:"year"`
	Range ByMaturity `json:"range"`
}

// ByMaturity tells reviews after an interval under 21 days from the others.
type ByMaturity struct {
	Young  Remembered `json:"young"`
	Mature Remembered `json:"mature"`
}

// Remembered is how many reviews there were, and how many of them were not Again.
type Remembered struct {
	Reviews int64 `json:"reviews"`
	Kept    int64 `json:"kept"`
}

func (r *ByMaturity) add(o ByMaturity) {
	r.Young.Reviews += o.Young.Reviews
	r.Young.Kept += o.Young.Kept
	r.Mature.Reviews += o.Mature.Reviews
	r.Mature.Kept += o.Mature.Kept
}

// readDays adds up what was answered in the range, and in the last 365 days.
func (s *Statistics) readDays(g *gorm.DB, decks deckChoice) error {
	from, args := decks.studyDays()
	rows, err := g.Raw(`SELECT day, CAST(SUM(answers) AS BIGINT), CAST(SUM(fresh) AS BIGINT), CAST(SUM(reviews) AS BIGINT),
		CAST(SUM(again) AS BIGINT), CAST(SUM(hard) AS BIGINT), CAST(SUM(good) AS BIGINT), CAST(SUM(easy) AS BIGINT), CAST(SUM(millis) AS BIGINT),
		CAST(SUM(young) AS BIGINT), CAST(SUM(young_kept) AS BIGINT), CAST(SUM(mature) AS BIGINT), CAST(SUM(mature_kept) AS BIGINT)`+
		from+` AND day >= ? GROUP BY day ORDER BY day`, append(args, min(s.From, s.Today-364))...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	s.Days = []AnswerDay{}
	for rows.Next() {
		var d AnswerDay
		var m ByMaturity
		if err := rows.Scan(&d.Day, &d.Answers, &d.New, &d.Reviews, &d.Again, &d.Hard, &d.Good, &d.Easy, &d.Millis,
			&m.Young.Reviews, &m.Young.Kept, &m.Mature.Reviews, &m.Mature.Kept); err != nil {
			return err
		}
		if d.Day >= s.From {
			s.Days = append(s.Days, d)
			s.Totals.add(d.AnswerTotals)
			s.Retention.Range.add(m)
		}
		if d.Day > s.Today-30 {
			s.Retention.Month.add(m)
		}
		if d.Day > s.Today-365 {
			s.Retention.Year.add(m)
		}
	}
	return rows.Err()
}

// readStreak goes through all days that ever had an answer.
func (s *Statistics) readStreak(g *gorm.DB, decks deckChoice) error {
	from, args := decks.studyDays()
	rows, err := g.Raw(`SELECT DISTINCT day`+from+` ORDER BY day`, args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	run := streakRun{today: s.Today}
	for rows.Next() {
		var d Day
		if err := rows.Scan(&d); err != nil {
			return err
		}
		run.add(d)
	}
	s.Streak = run.Streak
	return rows.Err()
}

// streakRun is a streak while the days go by, oldest first.
type streakRun struct {
	Streak
	today, last Day
	length      int
}

func (r *streakRun) add(d Day) {
	if r.length > 0 && d == r.last+1 {
		r.length++
	} else {
		r.length = 1
	}
	r.last = d
	r.Longest = max(r.Longest, r.length)
	if d >= r.today-1 {
		r.Current = r.length
	}
}
