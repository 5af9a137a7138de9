package models

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
)

// setupName is where the hash of the setup token is kept.
const setupName = "setup"

// SetupNeeded reports whether there is no user yet.
func (a *Accounts) SetupNeeded(ctx context.Context) (bool, error) {
	var any bool
	err := a.db.Read(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM users)`).Row().Scan(&any)
	return !any, err
}

// PrepareSetup makes a new one-time token for the first admin, which it gives
// this once: only its hash is kept. A token of an earlier start is void from
// then on. When there are users, it gives "".
func (a *Accounts) PrepareSetup(ctx context.Context) (token string, err error) {
	needed, err := a.SetupNeeded(ctx)
	if err != nil {
		return "", err
	}
	hash := ""
	if needed {
		token = rand.Text()
		hash = hashSetup(token)
	}
	return token, a.db.Write(ctx, func(tx *Tx) error { return setMeta(tx.DB, setupName, hash) })
}

func hashSetup(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Setup makes the first admin and signs them in. The token that PrepareSetup gave
// serves while there is no user, and for repeats under the same Idempotency-Key.
func (a *Accounts) Setup(ctx context.Context, token string, in NewUser, d Device) (SignIn, error) {
	// A repeat comes first: once there is a user, a restart makes the token void, and
	// who never heard the answer repeats just then.
	if _, done, err := Recall[User](a.blind(ctx), a.db); err != nil {
		return SignIn{}, err
	} else if done {
		return a.Login(ctx, in.Username, in.Password, d)
	}
	want, err := getMeta(a.db.Read(ctx), setupName)
	if err != nil {
		return SignIn{}, err
	}
	if want == "" {
		return SignIn{}, setupIsDone()
	}
	if subtle.ConstantTimeCompare([]byte(hashSetup(token)), []byte(want)) != 1 {
		return SignIn{}, Errorf(InvalidSetupToken, "this setup link is not valid: take the one that the server printed when it last started")
	}
	in.Role = RoleAdmin
	return a.join(ctx, in, d, func(tx *Tx) error {
		var any bool
		if err := tx.Raw(`SELECT EXISTS (SELECT 1 FROM users)`).Row().Scan(&any); err != nil {
			return err
		}
		if any {
			return setupIsDone()
		}
		return nil
	})
}

func setupIsDone() error { return Errorf(SetupDone, "this server has been set up already") }

// Register makes an account for who asks and signs them in.
func (a *Accounts) Register(ctx context.Context, in NewUser, d Device) (SignIn, error) {
	in.Role = RoleUser
	return a.join(ctx, in, d, func(*Tx) error { return nil })
}

// join makes an account, if may agrees, and signs in to it. What a repeat under
// the same Idempotency-Key gets is a session like anybody's who knows the name and
// the password: tokens are not kept.
func (a *Accounts) join(ctx context.Context, in NewUser, d Device, may func(tx *Tx) error) (SignIn, error) {
	row, err := a.prepare(ctx, in)
	if err != nil {
		return SignIn{}, err
	}
	fresh := false
	_, err = Do(a.blind(ctx), a.db, func(tx *Tx) (User, error) {
		if err := may(tx); err != nil {
			return User{}, err
		}
		fresh = true
		if err := tx.addUser(&row); err != nil {
			return User{}, err
		}
		return row.user(), tx.Audit(row.ID, "user.join", target(row.ID), map[string]any{"username": row.Username, "role": row.Role})
	})
	if err != nil {
		return SignIn{}, err
	}
	if !fresh {
		return a.Login(ctx, in.Username, in.Password, d)
	}
	return a.enter(ctx, row, d)
}
