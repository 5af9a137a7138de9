package models

import (
	"context"
	"time"
)

// refreshGrace is how long a refresh token's direct predecessor still serves: two
// tabs may refresh at once.
const refreshGrace = 10 * time.Second

// Refresh trades a refresh token for the next one. The direct predecessor gets
// the same successor again for 10 s; an older one has been stolen or lost, so the
// session ends, and its sockets with it.
func (a *Accounts) Refresh(ctx context.Context, token string, d Device) (SignIn, error) {
	shown, ok := parseRefreshToken(token)
	if !ok {
		return SignIn{}, theSessionEnded()
	}
	var in SignIn
	var stolen bool
	err := a.db.Write(ctx, func(tx *Tx) error {
		row, user, err := liveRow(tx.DB, shown.session, tx.Now())
		if err != nil {
			return err
		}
		current, ok := shown.leadsTo(row.Generation, row.RefreshHash, a.key)
		if !ok {
			return theSessionEnded()
		}
		switch age := row.Generation - shown.generation; {
		case age == 0:
			current = shown.next(a.key)
			row.Generation, row.RefreshHash, row.RotatedAt = current.generation, current.hash(), tx.Now()
			row.LastSeenAt, row.ExpiresAt = tx.Now(), tx.Now().Add(a.life)
			row.UserAgent, row.IP = d.agent(), d.IP
			if err := tx.Save(&row).Error; err != nil {
				return err
			}
		case age > 1 || tx.Now().Sub(row.RotatedAt) > refreshGrace:
			stolen = true
			return tx.Exec(`UPDATE sessions SET ended_at = ? WHERE id = ?`, tx.Now(), row.ID).Error
		}
		in = a.signIn(user, row, current)
		return nil
	})
	if err == nil && stolen {
		a.ended(shown.session)
		err = theSessionEnded()
	}
	if err != nil {
		return SignIn{}, err
	}
	return in, nil
}

// SessionOf is the session that a refresh token belongs to: to sign out with an
// access token that has expired meanwhile. It spends nothing.
func (a *Accounts) SessionOf(ctx context.Context, token string) (Identity, error) {
	shown, ok := parseRefreshToken(token)
	if !ok {
		return Identity{}, theSessionEnded()
	}
	row, user, err := liveRow(a.db.Read(ctx), shown.session, a.db.Now())
	if err != nil {
		return Identity{}, err
	}
	if _, ok := shown.leadsTo(row.Generation, row.RefreshHash, a.key); !ok {
		return Identity{}, theSessionEnded()
	}
	return a.signIn(user, row, shown).Identity, nil
}
