package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

const (
	// maxPerUser bounds a user's sessions; the one not seen for longest goes first.
	maxPerUser = 500
	// rememberEnded is how long an ended session's row stays.
	rememberEnded = 24 * time.Hour

	maxUserAgent = 256
)

// Device is what is known of who signs in.
type Device struct {
	UserAgent string
	IP        string
}

// agent is the user agent as it is stored: short and valid.
func (d Device) agent() string {
	return strings.ToValidUTF8(d.UserAgent[:min(len(d.UserAgent), maxUserAgent)], "")
}

// Session is one of a user's devices.
type Session struct {
	ID         int64     `json:"id"`
	Current    bool      `json:"current"` // the one that asks
	UserAgent  string    `json:"user_agent"`
	IP         string    `json:"ip"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at"`
}

// SignIn is a session that began or goes on, and the token for its next refresh.
type SignIn struct {
	Identity
	RefreshToken string
	ExpiresAt    time.Time // of the refresh token
}

type sessionRow struct {
	ID          int64
	UserID      int64
	Generation  int64
	RefreshHash string
	RotatedAt   time.Time
	UserAgent   string
	IP          string
	CreatedAt   time.Time
	LastSeenAt  time.Time
	ExpiresAt   time.Time
	EndedAt     *time.Time
}

func (sessionRow) TableName() string { return "sessions" }

// theSessionEnded is the one answer to every session that is not alive.
func theSessionEnded() *Error { return Errorf(SessionEnded, "this session has ended: sign in again") }

// startSession signs a user in; ended are those that made room for it.
func (a *Accounts) startSession(tx *Tx, user userRow, d Device) (in SignIn, ended []int64, err error) {
	now := tx.Now()
	row := sessionRow{UserID: user.ID, RotatedAt: now, UserAgent: d.agent(), IP: d.IP,
		CreatedAt: now, LastSeenAt: now, ExpiresAt: now.Add(a.life)}
	if err := tx.Create(&row).Error; err != nil {
		return in, nil, err
	}
	token := newRefreshToken(row.ID) // its text has the id, hence after
	if err := tx.Model(&row).Update("refresh_hash", token.hash()).Error; err != nil {
		return in, nil, err
	}
	err = tx.Raw(`SELECT id FROM sessions WHERE user_id = ? AND ended_at IS NULL ORDER BY last_seen_at DESC, id DESC LIMIT 1000 OFFSET ?`,
		user.ID, maxPerUser).Scan(&ended).Error
	if err == nil && len(ended) > 0 {
		err = tx.Exec(`UPDATE sessions SET ended_at = ? WHERE id IN ?`, now, ended).Error
	}
	return a.signIn(user, row, token), ended, err
}

func (a *Accounts) signIn(user userRow, s sessionRow, token refreshToken) SignIn {
	return SignIn{Identity: Identity{UserID: user.ID, Username: user.Username, Role: user.Role, SessionID: s.ID},
		RefreshToken: token.String(), ExpiresAt: s.ExpiresAt}
}

// ListSessions is a page of the user's live sessions, last seen first; current is
// the one that asks. Cursors are as those of ListUsers.
func (a *Accounts) ListSessions(ctx context.Context, user, current int64, after string, limit int) (list []Session, next string, err error) {
	var rows []sessionRow
	err = a.db.Read(ctx).Where("user_id = ? AND ended_at IS NULL AND expires_at > ?", user, a.db.Now()).Find(&rows).Error
	if err != nil {
		return nil, "", err
	}
	// They are few, and when they were seen is in part not stored yet: sorted here.
	for i := range rows {
		rows[i].LastSeenAt = a.alive.lastSeen(rows[i].ID, rows[i].LastSeenAt)
	}
	slices.SortFunc(rows, func(x, y sessionRow) int { return cmp.Compare(y.cursor(), x.cursor()) })
	for _, r := range rows {
		if after != "" && r.cursor() >= after {
			continue
		}
		if len(list) == limit {
			return list, next, nil
		}
		list = append(list, Session{ID: r.ID, Current: r.ID == current, UserAgent: r.UserAgent, IP: r.IP, CreatedAt: r.CreatedAt, LastSeenAt: r.LastSeenAt})
		next = r.cursor()
	}
	return list, "", nil
}

// cursor sorts as the list does, newest last.
func (r sessionRow) cursor() string {
	return fmt.Sprintf("%020d.%020d", r.LastSeenAt.UnixMicro(), r.ID)
}

// liveRow is a session that is alive, with its user.
func liveRow(g *gorm.DB, session int64, now time.Time) (row sessionRow, user userRow, err error) {
	if err = g.Where("id = ?", session).Limit(1).Find(&row).Error; err != nil {
		return row, user, err
	}
	if row.ID == 0 || row.EndedAt != nil || !now.Before(row.ExpiresAt) {
		return row, user, theSessionEnded()
	}
	if err = g.Where("id = ?", row.UserID).Limit(1).Find(&user).Error; err != nil {
		return row, user, err
	}
	if user.ID == 0 || user.DisabledAt != nil {
		return row, user, theSessionEnded()
	}
	return row, user, nil
}

// EndSession signs one of the user's devices out and closes its sockets. Another
// user's session does not exist.
func (a *Accounts) EndSession(ctx context.Context, user, session int64) error {
	err := a.db.Write(ctx, func(tx *Tx) error {
		done := tx.Exec(`UPDATE sessions SET ended_at = ? WHERE id = ? AND user_id = ? AND ended_at IS NULL`, tx.Now(), session, user)
		if done.Error == nil && done.RowsAffected == 0 {
			return Errorf(NotFound, "there is no such session")
		}
		return done.Error
	})
	if err == nil {
		a.ended(session)
	}
	return err
}

// endSessions ends a user's sessions but one (0: all) and tells which they were.
func (tx *Tx) endSessions(user, but int64) (ids []int64, err error) {
	err = tx.Raw(`UPDATE sessions SET ended_at = ? WHERE user_id = ? AND id <> ? AND ended_at IS NULL RETURNING id`, tx.Now(), user, but).Scan(&ids).Error
	return ids, err
}

// ended lets the sessions go, after the commit.
func (a *Accounts) ended(sessions ...int64) {
	if len(sessions) == 0 {
		return
	}
	a.alive.drop(sessions...)
	for _, id := range sessions {
		a.sockets.CloseSession(id)
	}
}

// NoticeEnded closes the sockets of sessions that ended, and of users who were
// disabled, since a moment: it is how what another process did is noticed. It
// gives the moment for the next time.
func (a *Accounts) NoticeEnded(ctx context.Context, since time.Time) (time.Time, error) {
	now := a.db.Now()
	// A change is stored a little after the time it bears.
	from := since.Add(-2 * noticeEvery)
	var sessions, users []int64
	if err := a.db.Read(ctx).Raw(`SELECT id FROM users WHERE disabled_at >= ?`, from).Scan(&users).Error; err != nil {
		return since, err
	}
	if err := a.db.Read(ctx).Raw(`SELECT id FROM sessions WHERE ended_at >= ?`, from).Scan(&sessions).Error; err != nil {
		return since, err
	}
	for _, id := range users {
		a.alive.dropUser(id)
		a.sockets.CloseUser(id)
	}
	a.ended(sessions...)
	return now, nil
}

// ForgetSessions deletes sessions that have been over for a day.
func (a *Accounts) ForgetSessions(ctx context.Context) error {
	return a.db.Write(ctx, func(tx *Tx) error {
		long := tx.Now().Add(-rememberEnded)
		return tx.Exec(`DELETE FROM sessions WHERE ended_at < ? OR expires_at < ?`, long, long).Error
	})
}
