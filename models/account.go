package models

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Codes of what the accounts refuse.
const (
	InvalidCredentials = "invalid_credentials" // wrong name or password
	WrongPassword      = "wrong_password"      // the current password, when changing it
	SessionEnded       = "session_ended"       // signed out, expired, disabled, or never there
	InvalidSetupToken  = "invalid_setup_token"
	SetupDone          = "setup_done"
	LastAdmin          = "last_admin"
)

// Roles of a user.
const (
	RoleUser  = "user"
	RoleAdmin = "admin"
)

// Sockets closes the sockets of those who may no longer have one. The hub
// happens to fit.
type Sockets interface {
	CloseSession(session int64)
	CloseUser(user int64)
}

// AccountOptions are what Accounts need from outside.
type AccountOptions struct {
	Key         []byte        // the server's secret; refresh tokens are made with one derived from it
	Cost        PasswordCost  // zero: DefaultPasswordCost
	RefreshLife time.Duration // how long a session lives after it was last refreshed; zero: 30 days
	Sockets     Sockets       // nil: there are none
}

// Accounts are the rules of users, passwords and sessions. Whatever ends a
// session ends its sockets and is seen by the next request: both are done here,
// so that no caller can forget them.
type Accounts struct {
	db        *DB
	passwords *passwords
	key       []byte
	life      time.Duration
	sockets   Sockets
	alive     *sessionCache
}

// NewAccounts makes the accounts of a store.
func NewAccounts(db *DB, o AccountOptions) (*Accounts, error) {
	key, err := hkdf.Key(sha256.New, o.Key, nil, "aoki refresh tokens", sha256.Size)
	if err != nil {
		return nil, err
	}
	if o.RefreshLife == 0 {
		o.RefreshLife = 30 * 24 * time.Hour
	}
	if o.Sockets == nil {
		o.Sockets = noSockets{}
	}
	return &Accounts{db: db, passwords: newPasswords(o.Cost), key: key, life: o.RefreshLife, sockets: o.Sockets, alive: newSessionCache()}, nil
}

// blind makes the Idempotency-Key in a context, if there is one, keep nothing of a
// body that has a password: a plain hash of it could be guessed at many times
// the speed of ours.
func (a *Accounts) blind(ctx context.Context) context.Context {
	key, ok := ctx.Value(keyContext{}).(Key)
	if !ok {
		return ctx
	}
	mac := hmac.New(sha256.New, a.key)
	mac.Write([]byte("idempotency " + key.Hash))
	key.Hash = hex.EncodeToString(mac.Sum(nil))
	return WithKey(ctx, key)
}

type noSockets struct{}

func (noSockets) CloseSession(int64) {}
func (noSockets) CloseUser(int64)    {}

const (
	// noticeEvery is how soon this process notices what another one (a command at
	// the terminal) did to accounts.
	noticeEvery = 5 * time.Second
	// forgetEvery is how often dead sessions are looked for.
	forgetEvery = time.Hour
)

// Run does the accounts' chores until the context ends: it stores when sessions
// were last seen, closes the sockets of sessions that another process ended, and
// forgets sessions that are long over. What was seen last is for the caller to
// store, with [Accounts.StoreSeen]: only it knows how long that may take.
func (a *Accounts) Run(ctx context.Context) {
	notice := time.NewTicker(noticeEvery)
	defer notice.Stop()
	forget := time.NewTicker(forgetEvery)
	defer forget.Stop()
	since := a.db.Now()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-forget.C:
			a.chore("forget sessions", a.ForgetSessions(ctx))
		case <-notice.C:
			since, err = a.NoticeEnded(ctx, since)
			a.chore("notice ended sessions", err)
			a.chore("store last seen", a.StoreSeen(ctx))
			a.alive.forgetStale(a.db.Now())
		}
	}
}

func (a *Accounts) chore(what string, err error) {
	if err != nil && ErrorCode(err) != Canceled {
		a.db.log.Warn("accounts: "+what, "error", err)
	}
}
