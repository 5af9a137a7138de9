package models_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"aoki/models"
	"aoki/models/fsrs"
)

// studyWorld is two members of one deck who study it at random, and what the store
// must say of them, found the simple way: from its plain rows, without the place that
// it keeps among the new cards, without its sums of days.
type studyWorld struct {
	*shelf
	rnd  *rand.Rand
	zone *time.Location
}

type plainCard struct {
	ID, NoteID, State, DueAt, Suspended, BuriedOn int64
}

func (w *studyWorld) cards(user int64) (cards []plainCard) {
	w.t.Helper()
	err := w.Read(ctx).Raw(`SELECT c.id, c.note_id, COALESCE(s.state, 0) AS state, COALESCE(s.due_at, 0) AS due_at, COALESCE(s.suspended, 0) AS suspended,
		COALESCE(s.buried_on, 0) AS buried_on FROM cards c LEFT JOIN schedules s ON s.card_id = c.id AND s.user_id = ? WHERE c.deck_id = ? ORDER BY c.id`, user, w.deck).Scan(&cards).Error
	if err != nil {
		w.t.Fatal(err)
	}
	return cards
}

func (w *studyWorld) today() int64 {
	return int64(fsrs.Calendar{Zone: w.zone, Rollover: 4}.Day(w.Clock.Now()))
}

// done counts today's answers from the log of answers.
func (w *studyWorld) done(user int64) (fresh, reviews int) {
	w.t.Helper()
	err := w.Read(ctx).Raw(`SELECT COUNT(*) FILTER (WHERE state = 0), COUNT(*) FILTER (WHERE state = 2) FROM reviews WHERE user_id = ? AND deck_id = ? AND day = ?`,
		user, w.deck, w.today()).Row().Scan(&fresh, &reviews)
	if err != nil {
		w.t.Fatal(err)
	}
	return fresh, reviews
}

// expected is the queue as sets: what is due to be learnt, reviewed and begun.
func (w *studyWorld) expected(user int64) (learning, ahead, reviews, fresh []int64) {
	w.t.Helper()
	p := ok[models.Preset](w.t)(w.GetPreset(ctx, user, w.deck))
	now := w.Clock.Now()
	cal := fsrs.Calendar{Zone: w.zone, Rollover: 4}
	begun, reviewed := w.done(user)
	cards := w.cards(user)
	slices.SortStableFunc(cards, func(a, b plainCard) int { return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.ID, b.ID)) })
	notes := map[int64]bool{}
	take := func(c plainCard, list *[]int64, limit int) {
		if p.BurySiblings && notes[c.NoteID] || len(*list) >= limit {
			return
		}
		notes[c.NoteID] = true
		*list = append(*list, c.ID)
	}
	asked := func(c plainCard) bool { return c.Suspended == 0 && c.BuriedOn != w.today() }
	for _, c := range cards {
		due := time.UnixMicro(c.DueAt)
		switch {
		case !asked(c):
		case (c.State == 1 || c.State == 3) && !due.After(now):
			learning = append(learning, c.ID)
		case (c.State == 1 || c.State == 3) && !due.After(now.Add(20*time.Minute)):
			ahead = append(ahead, c.ID)
		case c.State == 2 && cal.Day(due) <= int(w.today()):
			take(c, &reviews, p.ReviewsPerDay-reviewed)
		}
	}
	slices.SortFunc(cards, func(a, b plainCard) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range cards {
		if asked(c) && c.State == 0 {
			take(c, &fresh, p.NewPerDay-begun)
		}
	}
	return learning, ahead, reviews, fresh
}

func (w *studyWorld) check(step string, user int64) models.Queue {
	w.t.Helper()
	q := ok[models.Queue](w.t)(w.GetQueue(ctx, user, w.deck, 200))
	learning, ahead, reviews, fresh := w.expected(user)
	want := models.DeckCounts{New: int64(len(fresh)), Learning: int64(len(learning) + len(ahead)), Due: int64(len(reviews)), Total: int64(len(w.cards(user)))}
	if q.Counts != want {
		w.t.Fatalf("%s: counts %+v, want %+v", step, q.Counts, want)
	}
	if deck := ok[models.Deck](w.t)(w.GetDeck(ctx, user, w.deck)); deck.Counts != want {
		w.t.Fatalf("%s: the deck counts %+v, want %+v", step, deck.Counts, want)
	}
	var got []int64
	for _, c := range q.Items {
		got = append(got, c.ID)
	}
	n, m := len(learning), len(got)-len(ahead)
	middle := slices.Clone(got[n:m])
	both := slices.Concat(reviews, fresh)
	of := func(list []int64) (in []int64) {
		for _, id := range middle {
			if slices.Contains(list, id) {
				in = append(in, id)
			}
		}
		return in
	}
	if !slices.Equal(got[:n], learning) || !slices.Equal(got[m:], ahead) || len(middle) != len(both) || !slices.Equal(of(reviews), reviews) || !slices.Equal(of(fresh), fresh) {
		w.t.Fatalf("%s: queue %v, want %v, %v with %v, %v", step, got, learning, reviews, fresh, ahead)
	}
	return q
}

// state is all that an undo has to bring back.
func (w *studyWorld) state() string {
	w.t.Helper()
	all := map[string]any{}
	for name, query := range map[string]string{
		"schedules": fmt.Sprintf(`SELECT card_id, user_id, deck_id, state, steps_left, stability, difficulty, due_at, last_review_at, reps, lapses, suspended, flag, leech,
			buried_on = %[1]d AS rests FROM schedules WHERE state <> 0 OR suspended <> 0 OR flag <> 0 OR buried_on = %[1]d ORDER BY card_id, user_id`, w.today()), // a rest that is over is none
		"reviews":    `SELECT * FROM reviews ORDER BY id`,
		"study_days": `SELECT * FROM study_days ORDER BY user_id, day, deck_id`, "notes": `SELECT id, fields, tags, search FROM notes ORDER BY id`,
	} {
		var rows []map[string]any
		if err := w.Read(ctx).Raw(query).Scan(&rows).Error; err != nil {
			w.t.Fatal(err)
		}
		all[name] = rows
	}
	text, err := json.Marshal(all)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// replayed holds every stored schedule against what its answers make of a new card.
func (w *studyWorld) replayed(user int64) {
	w.t.Helper()
	type row struct {
		CardID, Rating, AnsweredAt int64
	}
	var rows []row
	if err := w.Read(ctx).Raw(`SELECT card_id, rating, answered_at FROM reviews WHERE user_id = ? AND card_id IN (SELECT id FROM cards) ORDER BY id`, user).Scan(&rows).Error; err != nil {
		w.t.Fatal(err)
	}
	logs := map[int64][]fsrs.Answer{}
	for _, r := range rows {
		logs[r.CardID] = append(logs[r.CardID], fsrs.Answer{Rating: fsrs.Rating(r.Rating), At: time.UnixMicro(r.AnsweredAt).UTC()})
	}
	p := fsrs.Default()
	p.Fuzz = true
	scheduler := ok[*fsrs.Scheduler](w.t)(fsrs.NewScheduler(p, fsrs.Calendar{Zone: w.zone, Rollover: 4}))
	for id, log := range logs {
		want := ok[fsrs.Card](w.t)(scheduler.Replay(id, log))
		got := ok[models.Card](w.t)(w.GetCard(ctx, user, id))
		if got.State != want.State || !got.DueAt.Equal(want.Due) || got.Stability != want.Stability || got.Difficulty != want.Difficulty || got.Reps != want.Reps || got.Lapses != want.Lapses {
			w.t.Fatalf("card %d: %+v, replayed %+v", id, got, want)
		}
	}
}

func (w *studyWorld) answer(step string, user int64) {
	q := w.check(step, user)
	if len(q.Items) == 0 {
		return
	}
	card := q.Items[w.rnd.IntN(min(3, len(q.Items)))]
	rating := 1 + w.rnd.IntN(4)
	before := w.state()
	made := ok[models.Reviewed](w.t)(w.AnswerCard(ctx, user, card.ID, models.ReviewInput{Rating: rating, AnsweredIn: 1000}))
	promised := []int64{card.Intervals.Again, card.Intervals.Hard, card.Intervals.Good, card.Intervals.Easy}[rating-1]
	if got := int64(made.Card.DueAt.Sub(*made.Card.LastReviewAt) / time.Second); got != promised || made.Review.Interval != promised {
		w.t.Fatalf("%s: %d seconds, the button said %d", step, got, promised)
	}
	if card.Intervals.Hard > card.Intervals.Good || card.Intervals.Good >= card.Intervals.Easy && card.State == fsrs.Review {
		w.t.Fatalf("%s: %+v", step, card.Intervals)
	}
	after := w.check(step, user)
	if made.Counts != after.Counts {
		w.t.Fatalf("%s: told %+v, counts %+v", step, made.Counts, after.Counts)
	}
	if w.rnd.IntN(3) > 0 {
		return
	}
	code(w.t, w.UndoReview(ctx, user, made.Review.ID), "")
	if got := w.state(); got != before {
		at := 0
		for got[at] == before[at] {
			at++
		}
		w.t.Fatalf("%s: undone is not as before:\n%.600s\n%.600s", step, got[max(0, at-300):], before[max(0, at-300):])
	}
	w.check(step+", undone", user)
}

func (w *studyWorld) step(step string, user int64) {
	w.t.Helper()
	cards := w.cards(user)
	any := func() int64 { return cards[w.rnd.IntN(len(cards))].ID }
	switch n := w.rnd.IntN(20); {
	case n < 11:
		w.answer(step, user)
	case n < 14:
		w.Clock.Add([]time.Duration{time.Minute, 10 * time.Minute, 5 * time.Hour, 30 * time.Hour, 9 * 24 * time.Hour}[w.rnd.IntN(5)])
	case n < 16:
		change := models.CardChange{}
		switch w.rnd.IntN(3) {
		case 0:
			change.Suspended = ptr(w.rnd.IntN(2) == 0)
		case 1:
			change.Buried = ptr(w.rnd.IntN(2) == 0)
		case 2:
			change.Flag = ptr(w.rnd.Int64N(8))
		}
		ok[models.Card](w.t)(w.UpdateCard(ctx, user, any(), change))
	case n < 17:
		preset := []string{`{"new_per_day":3}`, `{"new_per_day":50}`, `{"reviews_per_day":2}`, `{"reviews_per_day":null}`, `{"bury_siblings":true}`, `{"bury_siblings":false}`, `{"leech_threshold":1,"leech_action":"suspend"}`}
		var change models.PresetChange
		_ = json.Unmarshal([]byte(preset[w.rnd.IntN(len(preset))]), &change)
		ok[models.Preset](w.t)(w.UpdatePreset(ctx, user, w.deck, change))
	case n < 18:
		ok[models.NoteWithCards](w.t)(w.CreateNote(ctx, w.ann, w.deck, models.NoteInput{Type: "cloze", Fields: fields{"Text": "{{c1::a}} {{c2::b}} {{c3::c}}"}}))
	case n < 19:
		card := ok[models.Card](w.t)(w.GetCard(ctx, user, any()))
		if card.Type == "cloze" {
			text := []string{"{{c1::a}} {{c3::c}}", "{{c2::b}}", "{{c1::a}} {{c2::b}} {{c4::d}}"}[w.rnd.IntN(3)]
			ok[models.NoteWithCards](w.t)(w.UpdateNote(ctx, w.ann, card.NoteID, models.NoteChange{Fields: fields{"Text": text}}))
		}
	default:
		if len(cards) > 20 {
			card := ok[models.Card](w.t)(w.GetCard(ctx, user, any()))
			code(w.t, w.DeleteNote(ctx, w.ann, card.NoteID), "")
		}
	}
}

// Two members study, edit and change their minds at random, over days and a change of
// the clocks. After each step queue, counts and days are what the plain rows say, an
// undone answer leaves no trace, and nobody's schedule depends on the other's.
func TestStudyingAtRandom(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := &studyWorld{shelf: newShelf(t), rnd: rand.New(rand.NewPCG(seed, 5)), zone: ok[*time.Location](t)(time.LoadLocation([]string{"Europe/Vienna", "America/New_York", "Asia/Kathmandu"}[seed%3]))}
			accounts := w.Accounts(nil)
			for _, user := range []int64{w.ann, w.bob} {
				ok[models.Profile](t)(accounts.UpdateProfile(ctx, user, models.ProfileChange{TimeZone: ptr(w.zone.String())}))
				ok[models.Preset](t)(w.UpdatePreset(ctx, user, w.deck, models.PresetChange{"fuzz": json.RawMessage("true")}))
			}
			for i := range 8 {
				ok[models.NoteWithCards](t)(w.CreateNote(ctx, w.ann, w.deck, models.NoteInput{Type: "reversed", Fields: fields{"Front": fmt.Sprint("f", i), "Back": "b"}}))
			}
			for i := range 250 {
				user := []int64{w.ann, w.bob}[w.rnd.IntN(2)]
				w.step(fmt.Sprintf("step %d of user %d", i, user), user)
			}
			for _, user := range []int64{w.ann, w.bob} {
				w.check("the end", user)
				w.replayed(user)
				w.days(user)
			}
		})
	}
}

// days holds the sums of days against the answers.
func (w *studyWorld) days(user int64) {
	w.t.Helper()
	type day struct {
		Day, DeckID, Answers, Fresh, Reviews, Again, Easy, Millis, Young, Mature, Kept int64
	}
	var kept, counted []day
	err := w.Read(ctx).Raw(`SELECT day, deck_id, answers, fresh, reviews, again, easy, millis, young, mature, young_kept + mature_kept AS kept FROM study_days WHERE user_id = ? ORDER BY day, deck_id`, user).Scan(&kept).Error
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.Read(ctx).Raw(`SELECT day, deck_id, COUNT(*) AS answers, COUNT(*) FILTER (WHERE state = 0) AS fresh, COUNT(*) FILTER (WHERE state = 2) AS reviews,
		COUNT(*) FILTER (WHERE rating = 1) AS again, COUNT(*) FILTER (WHERE rating = 4) AS easy, SUM(answered_in) AS millis,
		COUNT(*) FILTER (WHERE state = 2 AND due_at - last_review_at < 21 * 86400000000) AS young, COUNT(*) FILTER (WHERE state = 2 AND due_at - last_review_at >= 21 * 86400000000) AS mature,
		COUNT(*) FILTER (WHERE state = 2 AND rating > 1) AS kept FROM reviews WHERE user_id = ? GROUP BY day, deck_id ORDER BY day, deck_id`, user).Scan(&counted).Error
	if err != nil {
		w.t.Fatal(err)
	}
	if len(kept) == 0 || !slices.Equal(kept, counted) {
		w.t.Fatalf("kept %v, counted %v", kept, counted)
	}
}
