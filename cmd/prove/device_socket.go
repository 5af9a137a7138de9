package prove

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// readSocket follows the log over one socket.
func readSocket(ctx context.Context, d *device) (time.Duration, error) {
	ws, after, err := d.dialSocket(ctx)
	if err != nil {
		return after, err
	}
	defer ws.Close()
	stop := context.AfterFunc(ctx, func() { _ = ws.Close() })
	defer stop()
	acked := time.Now()
	for {
		_ = ws.SetReadDeadline(time.Now().Add(silence))
		_, text, err := ws.ReadMessage()
		if err != nil {
			var closed *websocket.CloseError
			if errors.As(err, &closed) && closed.Code >= 4500 {
				err = &closedForGood{closed.Code}
			}
			return after, err
		}
		if d.frozen(ctx) {
			return 0, errors.New("frozen")
		}
		var f frame
		if err := json.Unmarshal(text, &f); err != nil {
			d.host.violated(other, d, 0, "", "a frame that is no JSON: %.100s", text)
			continue
		}
		switch m := f.control(); {
		case f.Seq > 0:
			d.take(&f)
			if time.Since(acked) > time.Second { // as a client does: it feeds the delivery figures
				acked = time.Now()
				_ = ws.WriteJSON(map[string]any{"name": "ack", "message": map[string]any{"seq": f.Seq}})
			}
		case f.Name == "welcome":
			d.begins(m.Epoch)
		case f.Name == "reset":
			if err := d.reset(ctx, m.Epoch, m.Head, m.Reason); err != nil {
				return 0, err
			}
		case f.Name == "ready":
			d.ready()
		case f.Name == "bye":
			after = time.Duration(m.AfterMS) * time.Millisecond
		case f.Name == "error":
			d.host.violated(other, d, 0, "", "the server sent an error: %s", f.Message)
		}
	}
}

func (d *device) dialSocket(ctx context.Context) (*websocket.Conn, time.Duration, error) {
	dialer := &websocket.Dialer{HandshakeTimeout: 10 * time.Second, NetDialContext: d.dial}
	epoch, cursor := d.place()
	query := url.Values{"since": {strconv.FormatInt(cursor, 10)}}
	if epoch != "" {
		query.Set("epoch", epoch)
	}
	address := "ws" + strings.TrimPrefix(d.account.base, "http") + "/ws?" + query.Encode()
	for again := false; ; again = true {
		token, err := d.account.bearer(ctx, again)
		if err != nil {
			return nil, 0, err
		}
		ws, answer, err := dialer.DialContext(ctx, address, http.Header{"Authorization": {"Bearer " + token}})
		if err == nil {
			return ws, 0, nil
		}
		if answer == nil {
			return nil, 0, err
		}
		if answer.StatusCode == http.StatusUnauthorized && !again {
			continue
		}
		if answer.StatusCode < 500 && answer.StatusCode != http.StatusTooManyRequests {
			d.host.violated(other, d, 0, "", "the socket was refused: %s", answer.Status)
		}
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		return nil, time.Duration(seconds) * time.Second, fmt.Errorf("the socket was refused: %s", answer.Status)
	}
}
