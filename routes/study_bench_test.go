package routes

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"aoki/models/modelstest"
)

// BenchmarkStudyOverHTTP is what a user with 100,000 cards and a million answers waits
// for, from the request to the last byte of the answer: p50 and p99 in milliseconds.
func BenchmarkStudyOverHTTP(b *testing.B) {
	store, handler, user, token := benched(b)
	l := modelstest.FillLibrary(b, store.DB, user, 100_000, 1_000_000)
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)
	ask := func(method, path, body string, into any) error {
		r, err := http.NewRequest(method, server.URL+"/api/v1"+path, strings.NewReader(body))
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+token)
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err == nil && resp.StatusCode > 299 {
			err = fmt.Errorf("%s: %d %s", path, resp.StatusCode, text)
		}
		if err != nil || into == nil {
			return err
		}
		return json.Unmarshal(text, into)
	}
	deck := fmt.Sprintf("/decks/%d", l.Decks[0])
	var queue struct{ Items []struct{ ID int64 } }
	if err := ask("GET", deck+"/queue?limit=200", "", &queue); err != nil || len(queue.Items) == 0 {
		b.Fatal(len(queue.Items), err)
	}
	var last struct{ Review struct{ ID int64 } }
	n := 0
	for _, c := range []struct {
		name    string
		op, end func() error
	}{
		{"queue", func() error { return ask("GET", deck+"/queue", "", nil) }, nil},
		{"decks", func() error { return ask("GET", "/decks", "", nil) }, nil},
		{"statistics", func() error { return ask("GET", "/statistics", "", nil) }, nil},
		{"answer", func() error {
			n++
			return ask("POST", fmt.Sprintf("/cards/%d/reviews", queue.Items[n%len(queue.Items)].ID), `{"rating":3,"answered_in_ms":4000}`, &last)
		}, func() error { return ask("DELETE", fmt.Sprintf("/reviews/%d", last.Review.ID), "", nil) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			took := make([]time.Duration, b.N)
			b.ResetTimer()
			for i := range took {
				begin := time.Now()
				if err := c.op(); err != nil {
					b.Fatal(err)
				}
				took[i] = time.Since(begin)
				if c.end == nil {
					continue
				}
				b.StopTimer()
				if err := c.end(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			slices.Sort(took)
			for name, part := range map[string]float64{"p50-ms": .5, "p99-ms": .99} {
				b.ReportMetric(float64(took[int(part*float64(len(took)-1))].Microseconds())/1000, name)
			}
		})
	}
}
