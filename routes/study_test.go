package routes

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// studied is the part of an answered card that the tables speak of.
type studied struct {
	Card struct {
		State        string
		DueAt        time.Time `json:"due_at"`
		LastReviewAt time.Time `json:"last_review_at"`
		Stability    float64
		Difficulty   float64
		Lapses       int
		Reps         int
		Intervals    map[string]int64
	}
	Review struct{ ID int64 }
	Counts struct{ New, Learning, Due, Total int }
}

// newCard adds a note to a new deck of the person's, and gives deck and card.
func (p *person) newCard() (deck, card string) {
	deck = fmt.Sprint(p.post("/api/v1/decks", `{"name":"d"}`).json("id"))
	return deck, fmt.Sprint(p.post("/api/v1/decks/"+deck+"/notes", `{"type":"basic","fields":{"Front":"q","Back":"a"}}`).json("cards.0.id"))
}

func (p *person) review(t *testing.T, card, body string) (s studied) {
	t.Helper()
	a := p.post("/api/v1/cards/"+card+"/reviews", body)
	if a.status != 201 {
		t.Fatalf("%s: %d %s", body, a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// The public numbers of FSRS-6: answers of default weights, each given when the card was due.
var fsrsTable = struct {
	start                 time.Time
	ratings, days         []int
	stability, difficulty []float64
}{
	time.Date(2022, 11, 29, 12, 30, 0, 0, time.UTC),
	[]int{3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3},
	[]int{0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21},
	[]float64{2.3065, 2.3065, 10.9710, 46.3169, 162.9998, 497.8766, 6.8904, 2.1546, 2.1546, 3.9831, 7.2363, 12.4830, 20.7704},
	[]float64{2.1181, 2.1112, 2.1043, 2.0975, 2.0906, 2.0837, 7.3832, 9.1251, 9.1112, 9.0973, 9.0835, 9.0696, 9.0558},
}

func (s studied) fits(t *testing.T, step int) {
	t.Helper()
	days := int(math.Round(s.Card.DueAt.Sub(s.Card.LastReviewAt).Hours() / 24))
	if days != fsrsTable.days[step] || math.Abs(s.Card.Stability-fsrsTable.stability[step]) > 1e-4 || math.Abs(s.Card.Difficulty-fsrsTable.difficulty[step]) > 1e-4 {
		t.Errorf("answer %d: %d days, %+v", step, days, s.Card)
	}
}

// Answers that come late bear the time at which they were given.
func TestTheTableByAnsweredAt(t *testing.T) {
	ann := newWorld(t).user("ann")
	_, card := ann.newCard()
	at := fsrsTable.start
	for i, rating := range fsrsTable.ratings {
		s := ann.review(t, card, fmt.Sprintf(`{"rating":%d,"answered_at":"%s"}`, rating, at.Format(time.RFC3339Nano)))
		s.fits(t, i)
		if !s.Card.LastReviewAt.Equal(at) {
			t.Errorf("answered at %v, stored %v", at, s.Card.LastReviewAt)
		}
		if at = s.Card.DueAt; at.After(ann.w.store.Clock.Now()) {
			ann.w.store.Clock.Add(at.Sub(ann.w.store.Clock.Now()))
		}
	}
}

// The same with a clock that moves; what the buttons say is what comes, with fuzz too.
func TestTheTableByTheClock(t *testing.T) {
	for _, fuzz := range []bool{false, true} {
		w := newWorld(t)
		w.store.Clock.Add(fsrsTable.start.Sub(w.store.Clock.Now()))
		ann := w.user("ann")
		deck, card := ann.newCard()
		if got := w.call(ann, "PATCH", "/api/v1/decks/"+deck+"/preset", fmt.Sprintf(`{"fuzz":%v}`, fuzz)); got.status != 200 {
			t.Fatal(got.status, got.body)
		}
		moved := 0
		for i, rating := range fsrsTable.ratings {
			ann = w.signIn("ann") // the last token is long over
			promised := ann.get("/api/v1/cards/" + card).json("intervals." + []string{"again", "hard", "good", "easy"}[rating-1]).(float64)
			s := ann.review(t, card, fmt.Sprintf(`{"rating":%d}`, rating))
			if got := s.Card.DueAt.Sub(s.Card.LastReviewAt).Seconds(); got != promised {
				t.Errorf("fuzz %v, answer %d: due after %v s, the button said %v", fuzz, i, got, promised)
			}
			if !fuzz {
				s.fits(t, i)
			} else if int(s.Card.DueAt.Sub(s.Card.LastReviewAt).Hours()/24) != fsrsTable.days[i] {
				moved++
			}
			w.store.Clock.Add(s.Card.DueAt.Sub(w.store.Clock.Now()))
		}
		if fuzz && moved == 0 {
			t.Error("fuzz moved nothing")
		}
	}
}

func TestTheFirstAnswers(t *testing.T) {
	for _, c := range []struct {
		before  string // ratings given when due
		rating  int
		s, d    float64
		state   string
		seconds int64
		lapses  int
	}{
		{"", 1, .212, 6.4133, "learning", 60, 0}, {"", 2, 1.2931, 5.11217, "learning", 330, 0},
		{"", 3, 2.3065, 2.11810, "learning", 600, 0}, {"", 4, 8.2956, 1, "review", 8 * 86400, 0},
		{"33", 1, .6077, 7.3922, "relearning", 600, 1}, {"33", 2, 7.5174, 4.7483, "review", 8 * 86400, 0},
		{"33", 3, 10.9710, 2.1043, "review", 11 * 86400, 0}, {"33", 4, 18.5343, 1, "review", 19 * 86400, 0},
	} {
		ann := newWorld(t).user("ann")
		_, card := ann.newCard()
		at := fsrsTable.start
		for _, r := range c.before {
			at = ann.review(t, card, fmt.Sprintf(`{"rating":%c,"answered_at":"%s"}`, r, at.Format(time.RFC3339Nano))).Card.DueAt
		}
		s := ann.review(t, card, fmt.Sprintf(`{"rating":%d,"answered_at":"%s"}`, c.rating, at.Format(time.RFC3339Nano)))
		if math.Abs(s.Card.Stability-c.s) > 1e-4 || math.Abs(s.Card.Difficulty-c.d) > 1e-4 || s.Card.State != c.state ||
			int64(s.Card.DueAt.Sub(at).Seconds()) != c.seconds || s.Card.Lapses != c.lapses || s.Card.Reps != len(c.before)+1 {
			t.Errorf("%s then %d: %+v", c.before, c.rating, s.Card)
		}
	}
}

// What can't be is said, with its field, and changes nothing.
func TestBadAnswersAndPresets(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	deck, card := ann.newCard()
	_, other := ann.newCard()
	_, stranger := bob.newCard()
	_, suspended := ann.newCard()
	if got := w.call(ann, "PATCH", "/api/v1/cards/"+suspended, `{"suspended":true}`); got.status != 200 || got.json("suspended") != true {
		t.Fatal(got.status, got.body)
	}
	first := ann.review(t, card, `{"rating":3,"key":"k"}`)
	ann.review(t, card, `{"rating":3}`)
	foreign := bob.review(t, stranger, `{"rating":3}`)
	future := w.store.Clock.Now().Add(time.Hour).Format(time.RFC3339)
	reviews := "/api/v1/cards/" + card + "/reviews"
	preset := "/api/v1/decks/" + deck + "/preset"
	nineteen := strings.TrimSuffix(strings.Repeat("1,", 19), ",")
	before := w.rows("reviews", "schedules", "study_days", "studies", "events")
	for _, c := range []struct {
		method, path, body string
		status             int
		code, field        string
	}{
		{"POST", reviews, `{"rating":0}`, 422, "validation_failed", "rating"},
		{"POST", reviews, `{"rating":5}`, 422, "validation_failed", "rating"},
		{"POST", reviews, `{"rating":-1}`, 422, "validation_failed", "rating"},
		{"POST", reviews, `{"rating":2.5}`, 422, "validation_failed", "rating"},
		{"POST", reviews, `{"rating":"3"}`, 422, "validation_failed", "rating"},
		{"POST", reviews, `{"rating":null}`, 422, "validation_failed", "rating"},
		{"POST", reviews, `{}`, 422, "validation_failed", "rating"},
		{"POST", reviews, `{"rating":3,"ease":2}`, 400, "unknown_field", "ease"},
		{"POST", reviews, `{"rating":3,"answered_at":"` + future + `"}`, 422, "validation_failed", "answered_at"},
		{"POST", reviews, `{"rating":3,"answered_at":"2020-01-01T00:00:00Z"}`, 422, "validation_failed", "answered_at"},
		{"POST", reviews, `{"rating":3,"answered_at":"1815-01-01T00:00:00Z"}`, 422, "validation_failed", "answered_at"},
		{"POST", reviews, `{"rating":3,"answered_at":"yesterday"}`, 422, "validation_failed", "answered_at"},
		{"POST", reviews, `{"rating":3,"answered_in_ms":-1}`, 422, "validation_failed", "answered_in_ms"},
		{"POST", reviews, `{"rating":3,"answered_in_ms":86400001}`, 422, "validation_failed", "answered_in_ms"},
		{"POST", reviews, `{"rating":3,"key":""}`, 422, "validation_failed", "key"},
		{"POST", reviews, `{"rating":3,"key":"` + strings.Repeat("k", 256) + `"}`, 422, "validation_failed", "key"},
		{"POST", reviews, `{"rating":3,"key":"a\u0000"}`, 422, "validation_failed", "key"},
		{"POST", "/api/v1/cards/" + other + "/reviews", `{"rating":3,"key":"k"}`, 422, "idempotency_conflict", "key"},
		{"POST", "/api/v1/cards/" + suspended + "/reviews", `{"rating":3}`, 409, "suspended", ""},
		{"POST", "/api/v1/cards/" + stranger + "/reviews", `{"rating":3}`, 404, "not_found", ""},
		{"POST", "/api/v1/cards/999/reviews", `{"rating":3}`, 404, "not_found", ""},
		{"POST", "/api/v1/cards/x/reviews", `{"rating":3}`, 404, "not_found", ""},
		{"GET", "/api/v1/cards/" + stranger + "/reviews", ``, 404, "not_found", ""},
		{"PATCH", "/api/v1/cards/" + stranger, `{"suspended":true}`, 404, "not_found", ""},
		{"PATCH", "/api/v1/cards/" + card, `{"flag":8}`, 422, "validation_failed", "flag"},
		{"PATCH", "/api/v1/cards/" + card, `{"flag":-1}`, 422, "validation_failed", "flag"},
		{"PATCH", "/api/v1/cards/" + card, `{"due_at":null}`, 400, "unknown_field", "due_at"},
		{"DELETE", fmt.Sprintf("/api/v1/reviews/%d", foreign.Review.ID), ``, 404, "not_found", ""},
		{"DELETE", fmt.Sprintf("/api/v1/reviews/%d", first.Review.ID), ``, 409, "not_last_review", ""},
		{"DELETE", "/api/v1/reviews/999", ``, 404, "not_found", ""},
		{"GET", "/api/v1/decks/" + deck + "/queue?limit=0", ``, 422, "validation_failed", "limit"},
		{"GET", "/api/v1/decks/999/queue", ``, 404, "not_found", ""},
		{"GET", "/api/v1/decks/999/preset", ``, 404, "not_found", ""},
		{"PATCH", "/api/v1/decks/999/preset", `{}`, 404, "not_found", ""},
		{"PATCH", preset, `{"weights":[` + nineteen + `,1]}`, 422, "validation_failed", "weights"},
		{"PATCH", preset, `{"weights":[]}`, 422, "validation_failed", "weights"},
		{"PATCH", preset, `{"weights":[` + strings.Replace(nineteen, "1", "null", 1) + `]}`, 422, "validation_failed", "weights.0"},
		{"PATCH", preset, `{"weights":[` + strings.Replace(nineteen, "1", "1e999", 1) + `]}`, 422, "validation_failed", "weights"},
		{"PATCH", preset, `{"weights":[` + strings.Replace(nineteen, "1", "NaN", 1) + `]}`, 400, "malformed", ""},
		{"PATCH", preset, `{"weights":[` + strings.Replace(nineteen, "1", "-1", 1) + `]}`, 422, "validation_failed", "weights"},
		{"PATCH", preset, `{"retention":0.69}`, 422, "validation_failed", "retention"},
		{"PATCH", preset, `{"retention":0.991}`, 422, "validation_failed", "retention"},
		{"PATCH", preset, `{"retention":90}`, 422, "validation_failed", "retention"},
		{"PATCH", preset, `{"steps":[0]}`, 422, "validation_failed", "steps"},
		{"PATCH", preset, `{"steps":[31536000]}`, 422, "validation_failed", "steps"},
		{"PATCH", preset, `{"steps":[9223372036854775807]}`, 422, "validation_failed", "steps"},
		{"PATCH", preset, `{"steps":[null]}`, 422, "validation_failed", "steps.0"},
		{"PATCH", preset, `{"relearning_steps":[-60]}`, 422, "validation_failed", "relearning_steps"},
		{"PATCH", preset, `{"relearning_steps":[1,2,3,4,5,6,7,8,9,10,11]}`, 422, "validation_failed", "relearning_steps"},
		{"PATCH", preset, `{"steps":"1m 10m"}`, 422, "validation_failed", "steps"},
		{"PATCH", preset, `{"new_per_day":-1}`, 422, "validation_failed", "new_per_day"},
		{"PATCH", preset, `{"new_per_day":10000}`, 422, "validation_failed", "new_per_day"},
		{"PATCH", preset, `{"reviews_per_day":10000}`, 422, "validation_failed", "reviews_per_day"},
		{"PATCH", preset, `{"maximum_interval":0}`, 422, "validation_failed", "maximum_interval"},
		{"PATCH", preset, `{"maximum_interval":36501}`, 422, "validation_failed", "maximum_interval"},
		{"PATCH", preset, `{"leech_threshold":100}`, 422, "validation_failed", "leech_threshold"},
		{"PATCH", preset, `{"leech_action":"burn"}`, 422, "validation_failed", "leech_action"},
		{"PATCH", preset, `{"ease":2.5}`, 400, "unknown_field", "ease"},
		{"PATCH", "/api/v1/me", `{"time_zone":"Mars/Olympus"}`, 422, "validation_failed", "time_zone"},
	} {
		got := w.call(ann, c.method, c.path, c.body)
		if field, _ := got.json("fields.0.field").(string); got.status != c.status || got.code() != c.code || field != c.field {
			t.Errorf("%s %s %s: %d %s", c.method, c.path, c.body, got.status, got.body)
		}
	}
	if after := w.rows("reviews", "schedules", "study_days", "studies", "events"); after != before {
		t.Errorf("%d rows before, %d after", before, after)
	}
}

// Two devices answer the same card: once, and both are told the same.
func TestOneCardOnTwoDevices(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	deck, card := ann.newCard()
	one := ann.review(t, card, `{"rating":3,"key":"k","answered_in_ms":4000}`)
	two := ann.review(t, card, `{"rating":1,"key":"k"}`)
	if one.Review.ID != two.Review.ID || !one.Card.DueAt.Equal(two.Card.DueAt) || two.Card.Reps != 1 || two.Counts != one.Counts {
		t.Errorf("%+v, then %+v", one, two)
	}
	queue := ann.get("/api/v1/decks/" + deck + "/queue")
	if queue.json("today.answers") != 1.0 || queue.json("today.millis") != 4000.0 || queue.json("counts.learning") != 1.0 || queue.json("counts.new") != 0.0 {
		t.Error(queue.body)
	}
	if got := w.call(ann, "DELETE", fmt.Sprintf("/api/v1/reviews/%d", one.Review.ID), ""); got.status != 204 {
		t.Fatal(got.status, got.body)
	}
	// What was undone never was: its key is free.
	if again := ann.review(t, card, `{"rating":4,"key":"k"}`); again.Card.State != "review" || again.Card.Reps != 1 {
		t.Errorf("%+v", again)
	}
}

// A card that keeps lapsing is a leech, and says so where its user looks.
func TestLeeches(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.user("ann"), w.user("bob")
	deck, card := ann.newCard()
	lapse := func(p *person, times int) (got answer) {
		at := fsrsTable.start
		at = p.review(t, card, fmt.Sprintf(`{"rating":4,"answered_at":"%s"}`, at.Format(time.RFC3339Nano))).Card.DueAt
		for range times {
			at = p.review(t, card, fmt.Sprintf(`{"rating":1,"answered_at":"%s"}`, at.Format(time.RFC3339Nano))).Card.DueAt
			at = p.review(t, card, fmt.Sprintf(`{"rating":4,"answered_at":"%s"}`, at.Format(time.RFC3339Nano))).Card.DueAt
		}
		return p.get("/api/v1/cards/" + card)
	}
	tags := func() string { return fmt.Sprint(ann.get("/api/v1/notes/" + card).json("note.tags")) }
	if got := lapse(ann, 7); got.json("leech") != false || got.json("lapses") != 7.0 || tags() != "[]" {
		t.Error(got.body, tags())
	}
	last := ann.review(t, card, `{"rating":1}`)
	if got := ann.get("/api/v1/cards/" + card); got.json("leech") != true || got.json("suspended") != false || tags() != "[leech]" {
		t.Error(got.body, tags())
	}
	if got := w.call(ann, "DELETE", fmt.Sprintf("/api/v1/reviews/%d", last.Review.ID), ""); got.status != 204 {
		t.Fatal(got.body)
	}
	if got := ann.get("/api/v1/cards/" + card); got.json("leech") != false || tags() != "[]" {
		t.Error(got.body, tags())
	}
	// In a shared deck the note's tags are everybody's: bob's leech is bob's alone.
	w.call(ann, "PUT", "/api/v1/decks/"+deck+"/members/bob", `{"role":"editor"}`)
	w.call(bob, "PATCH", "/api/v1/decks/"+deck+"/preset", `{"leech_threshold":2,"leech_action":"suspend"}`)
	if got := lapse(bob, 1); got.json("leech") != false {
		t.Error(got.body)
	}
	bob.review(t, card, `{"rating":1}`)
	if got := bob.get("/api/v1/cards/" + card); got.json("leech") != true || got.json("suspended") != true || tags() != "[]" {
		t.Error(got.body, tags())
	}
	if got := ann.get("/api/v1/cards/" + card); got.json("leech") != false || got.json("suspended") != false {
		t.Error(got.body)
	}
}

// A clock that is set back keeps nobody from studying.
func TestAnsweringWhenTheClockWasSetBack(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	_, card := ann.newCard()
	first := ann.review(t, card, `{"rating":3}`)
	w.store.Clock.Add(-time.Minute)
	ann = w.signIn("ann") // tokens of the future are refused
	second := ann.review(t, card, `{"rating":3}`)
	if !second.Card.LastReviewAt.Equal(first.Card.LastReviewAt) || second.Card.State != "review" {
		t.Errorf("%+v, then %+v", first.Card, second.Card)
	}
}
