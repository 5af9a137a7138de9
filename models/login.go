package models

import (
	"context"
)

// Login signs in with a name and a password. An unknown name, a disabled user and
// a wrong password are one answer, at one price.
func (a *Accounts) Login(ctx context.Context, name, password string, d Device) (SignIn, error) {
	row, err := a.rowByName(ctx, name)
	if err != nil {
		return SignIn{}, err
	}
	match, outdated, err := a.passwords.check(ctx, password, row.PasswordHash)
	if err != nil {
		return SignIn{}, err
	}
	if !match || row.ID == 0 || row.DisabledAt != nil {
		return SignIn{}, notThem()
	}
	if outdated {
		// The cost was changed since: this is the moment the password is at hand.
		if row.PasswordHash, err = a.rehash(ctx, row, password); err != nil {
			return SignIn{}, err
		}
	}
	return a.enter(ctx, row, d)
}

func notThem() *Error { return Errorf(InvalidCredentials, "the name or the password is wrong") }

// enter begins a session of a user whose password was right a moment ago.
func (a *Accounts) enter(ctx context.Context, row userRow, d Device) (in SignIn, err error) {
	var crowded []int64
	err = a.db.Write(ctx, func(tx *Tx) (err error) {
		// What changed while the hash was made counts: a password change has ended the
		// sessions of the old password, and this would be one.
		now, err := tx.userRow(row.ID)
		if ErrorCode(err) == NotFound || err == nil && (now.DisabledAt != nil || now.PasswordHash != row.PasswordHash) {
			return notThem()
		}
		if err != nil {
			return err
		}
		in, crowded, err = a.startSession(tx, now, d)
		return err
	})
	if err != nil {
		return SignIn{}, err
	}
	a.ended(crowded...)
	return in, nil
}

func (a *Accounts) rehash(ctx context.Context, row userRow, password string) (string, error) {
	hash, err := a.passwords.hash(ctx, password)
	if err != nil {
		return "", err
	}
	return hash, a.db.Write(ctx, func(tx *Tx) error {
		done := tx.Exec(`UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?`, hash, row.ID, row.PasswordHash)
		if done.Error == nil && done.RowsAffected == 0 {
			return notThem()
		}
		return done.Error
	})
}

// ChangePassword sets a user's new password and ends their other sessions.
func (a *Accounts) ChangePassword(ctx context.Context, user, session int64, current, new string) error {
	if err := checkPassword("new_password", new); err != nil {
		return err
	}
	var row userRow
	if err := a.db.Read(ctx).Where("id = ?", user).Take(&row).Error; err != nil {
		return err
	}
	match, _, err := a.passwords.check(ctx, current, row.PasswordHash)
	if err != nil {
		return err
	}
	if !match {
		return Errorf(WrongPassword, "the current password is wrong")
	}
	hash, err := a.passwords.hash(ctx, new)
	if err != nil {
		return err
	}
	var ended []int64
	err = a.db.Write(ctx, func(tx *Tx) error {
		done := tx.Exec(`UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?`, hash, user, row.PasswordHash)
		if done.Error == nil && done.RowsAffected == 0 {
			return Errorf(Conflict, "the password was changed elsewhere meanwhile")
		}
		if done.Error != nil {
			return done.Error
		}
		ended, err = tx.endSessions(user, session)
		return err
	})
	if err == nil {
		a.ended(ended...)
	}
	return err
}
