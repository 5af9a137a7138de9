package prove

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// request asks for the log behind the device's cursor.
func (d *device) request(ctx context.Context, client *http.Client, accept string, query url.Values) (*http.Response, time.Duration, error) {
	epoch, cursor := d.place()
	query.Set("since", strconv.FormatInt(cursor, 10))
	if epoch != "" {
		query.Set("epoch", epoch)
	}
	for again := false; ; again = true {
		token, err := d.account.bearer(ctx, again)
		if err != nil {
			return nil, 0, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.account.base+"/api/v1/events?"+query.Encode(), nil)
		if err != nil {
			return nil, 0, err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Accept", accept)
		resp, err := client.Do(req)
		if err != nil || resp.StatusCode == http.StatusOK {
			return resp, 0, err
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusUnauthorized && !again {
			continue
		}
		if resp.StatusCode < 500 && resp.StatusCode != http.StatusTooManyRequests {
			d.host.violated(other, d, 0, "", "the log was refused: %s", resp.Status)
		}
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return nil, time.Duration(seconds) * time.Second, fmt.Errorf("the log was refused: %s", resp.Status)
	}
}

// readPolls follows the log by asking again and again.
func readPolls(ctx context.Context, d *device) (time.Duration, error) {
	client := d.client(silence)
	defer client.CloseIdleConnections()
	wait := "0" // the first is answered at once: then the device is back
	for {
		resp, after, err := d.request(ctx, client, "application/json", url.Values{"wait": {wait}})
		if err != nil {
			return after, err
		}
		if d.frozen(ctx) {
			_ = resp.Body.Close()
			return 0, errors.New("frozen")
		}
		var p page
		err = json.NewDecoder(resp.Body).Decode(&p)
		_ = resp.Body.Close()
		if err != nil {
			return 0, err
		}
		if p.Reset != nil {
			if err := d.reset(ctx, p.Reset.Epoch, p.Reset.Head, p.Reset.Reason); err != nil {
				return 0, err
			}
			wait = "0"
			continue
		}
		wait = "25"
		d.begins(p.Epoch)
		for i := range p.Events {
			d.take(&p.Events[i])
		}
		if _, cursor := d.place(); cursor >= p.Head {
			d.ready()
		}
	}
}

// readStream follows the log as server-sent events.
func readStream(ctx context.Context, d *device) (after time.Duration, err error) {
	client := d.client(0)
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watchdog := time.AfterFunc(silence, cancel)
	defer watchdog.Stop()
	resp, after, err := d.request(ctx, client, "text/event-stream", url.Values{})
	if err != nil {
		return after, err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	id, data := "", ""
	for lines.Scan() {
		watchdog.Reset(silence)
		if d.frozen(ctx) {
			return 0, errors.New("frozen")
		}
		line := lines.Text()
		if word, ok := strings.CutPrefix(line, "id: "); ok {
			id = word
			epoch, _, _ := strings.Cut(id, ":")
			if known, _ := d.place(); known == "" {
				d.begins(epoch)
			}
		}
		if strings.HasPrefix(line, ": ready") {
			d.ready()
		}
		if text, ok := strings.CutPrefix(line, "data: "); ok {
			data = text
		}
		if line != "" || data == "" {
			continue // an event counts once the empty line behind it has come
		}
		event := data
		data = ""
		var f frame
		if err := json.Unmarshal([]byte(event), &f); err != nil {
			d.host.violated(other, d, 0, "", "an event that is no JSON: %.100s", event)
			continue
		}
		switch m := f.control(); {
		case f.Seq > 0:
			if epoch, _ := d.place(); id != fmt.Sprintf("%s:%d", epoch, f.Seq) {
				d.host.violated(other, d, f.Seq, "", "the event has the id %q", id)
			}
			d.take(&f)
		case f.Name == "reset":
			if err := d.reset(ctx, m.Epoch, m.Head, m.Reason); err != nil {
				return 0, err
			}
		case f.Name == "bye":
			after = time.Duration(m.AfterMS) * time.Millisecond
		}
	}
	return after, lines.Err()
}
