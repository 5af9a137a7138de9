package cmd

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"testing"
)

// fetch asks for a path with a body as it is, and gives the answer's.
func (c *client) fetch(t *testing.T, method, path, contentType string, body []byte) (status int, answer []byte) {
	t.Helper()
	r, err := http.NewRequest(method, c.base+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.access)
	r.Header.Set("Content-Type", contentType)
	resp, err := c.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, answer
}

// Files are bounded by the setting, and are in the backup.
func TestMediaIsBackedUp(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), "--media-per-user", "1")
	ann, _ := s.setUp(t)
	sound := append([]byte("RIFF\xff\xff\xff\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\xff\xff\xff\x00"), make([]byte, 600<<10)...)
	status, answer := ann.fetch(t, http.MethodPost, "/api/v1/media", "audio/wav", sound)
	var kept struct{ URL string }
	if err := json.Unmarshal(answer, &kept); status != http.StatusCreated || err != nil {
		t.Fatalf("%d %s", status, answer)
	}
	if status, answer := ann.fetch(t, http.MethodPost, "/api/v1/media", "audio/wav", append(sound, 1)); status != http.StatusConflict || !bytes.Contains(answer, []byte(`"limit_reached"`)) {
		t.Errorf("over the quota: %d %s", status, answer)
	}

	file := filepath.Join(t.TempDir(), "backup.db")
	if r := run(t, t.Context(), nil, "", "backup", file, "--data", s.data); r.code != exitOK {
		t.Fatalf("%+v", r)
	}
	s.stop()
	elsewhere := t.TempDir()
	if r := run(t, t.Context(), nil, "", "restore", file, "--data", elsewhere); r.code != exitOK {
		t.Fatalf("%+v", r)
	}
	s = serve(t, elsewhere)
	if status, got := s.as(t, "annie").fetch(t, http.MethodGet, kept.URL, "", nil); status != http.StatusOK || !bytes.Equal(got, sound) {
		t.Errorf("from the backup: %d, %d bytes", status, len(got))
	}
}
