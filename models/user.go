package models

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// User is an account as admins see it.
type User struct {
	ID        int64     `json:"id"`
	Username  string    `json:"username"`
	Role      string    `json:"role"`
	Disabled  bool      `json:"disabled"`
	CreatedAt time.Time `json:"created_at"`
}

// NewUser is what an account is made from.
type NewUser struct {
	Username string
	Password string
	Role     string // "" is RoleUser
}

// UserChange says what of an account is to change; nil leaves it.
type UserChange struct {
	Role     *string
	Disabled *bool
	Password *string
}

type userRow struct {
	ID           int64
	Username     string
	UsernameKey  string
	PasswordHash string
	Role         string
	Locale       string
	TimeZone     string
	Preferences  string
	CreatedAt    time.Time
	DisabledAt   *time.Time
}

func (userRow) TableName() string { return "users" }

func (r userRow) user() User {
	return User{ID: r.ID, Username: r.Username, Role: r.Role, Disabled: r.DisabledAt != nil, CreatedAt: r.CreatedAt}
}

// prepare checks what a new account is to be, and hashes its password.
func (a *Accounts) prepare(ctx context.Context, in NewUser) (userRow, error) {
	name, err := cleanUsername(in.Username)
	if err != nil {
		return userRow{}, err
	}
	if in.Role == "" {
		in.Role = RoleUser
	}
	if err := checkRole(in.Role); err != nil {
		return userRow{}, err
	}
	if err := checkPassword("password", in.Password); err != nil {
		return userRow{}, err
	}
	hash, err := a.passwords.hash(ctx, in.Password)
	return userRow{Username: name, UsernameKey: usernameKey(name), PasswordHash: hash, Role: in.Role,
		Locale: "en", TimeZone: "UTC", Preferences: "{}"}, err
}

func checkRole(role string) error {
	if role != RoleUser && role != RoleAdmin {
		return InvalidField("role", "must be %s or %s", RoleUser, RoleAdmin)
	}
	return nil
}

// addUser stores a prepared account with its log and the daily digest.
func (tx *Tx) addUser(row *userRow) error {
	row.CreatedAt = tx.Now()
	err := tx.Create(row).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return &Error{Code: Conflict, Message: "this name is taken", Fields: []Field{{Field: "username", Message: "is taken"}}, Err: err}
	}
	if err != nil {
		return err
	}
	if err := tx.OpenLog(row.ID); err != nil {
		return err
	}
	digest := defaultDigest(row.ID)
	digest.plan(tx.now, calendarOf(row.TimeZone).Zone)
	return tx.addReminder(&digest)
}

// CreateUser makes an account for somebody else. The actor is an admin, or 0 for
// who sits at the terminal.
func (a *Accounts) CreateUser(ctx context.Context, actor int64, in NewUser) (User, error) {
	row, err := a.prepare(ctx, in)
	if err != nil {
		return User{}, err
	}
	return Do(a.blind(ctx), a.db, func(tx *Tx) (User, error) {
		row := row
		if err := tx.addUser(&row); err != nil {
			return User{}, err
		}
		return row.user(), tx.Audit(actor, "user.create", target(row.ID), map[string]any{"username": row.Username, "role": row.Role})
	})
}

func target(user int64) string { return "user:" + strconv.FormatInt(user, 10) }

// ListUsers is a page of all users, by name; after is the cursor of the page
// before, and next that of the one behind, "" on the last.
func (a *Accounts) ListUsers(ctx context.Context, after string, limit int) (users []User, next string, err error) {
	var rows []userRow
	err = a.db.Read(ctx).Where("username_key > ?", after).Order("username_key").Limit(limit + 1).Find(&rows).Error
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].UsernameKey
	}
	users = make([]User, len(rows))
	for i, r := range rows {
		users[i] = r.user()
	}
	return users, next, err
}

// UserByName finds a user by name, in whatever case.
func (a *Accounts) UserByName(ctx context.Context, name string) (User, error) {
	row, err := a.rowByName(ctx, name)
	if err == nil && row.ID == 0 {
		err = Errorf(NotFound, "there is no such user")
	}
	return row.user(), err
}

// rowByName gives an empty row when nobody is called so.
func (a *Accounts) rowByName(ctx context.Context, name string) (row userRow, err error) {
	err = a.db.Read(ctx).Where("username_key = ?", usernameKey(name)).Limit(1).Find(&row).Error
	return row, err
}

// userRow is a user within a transaction.
func (tx *Tx) userRow(id int64) (row userRow, err error) {
	err = tx.Where("id = ?", id).Limit(1).Find(&row).Error
	if err == nil && row.ID == 0 {
		err = Errorf(NotFound, "there is no such user")
	}
	return row, err
}

// UpdateUser changes an account. Disabling ends the user's sessions and sockets; a
// new password ends the sessions but keep (the actor's own, when it is their
// account). The last admin who can sign in stays one.
func (a *Accounts) UpdateUser(ctx context.Context, actor, keep, id int64, change UserChange) (User, error) {
	if actor != id {
		keep = 0
	}
	changed := map[string]any{}
	var hash string
	if change.Role != nil {
		if err := checkRole(*change.Role); err != nil {
			return User{}, err
		}
		changed["role"] = *change.Role
	}
	if change.Disabled != nil {
		changed["disabled"] = *change.Disabled
	}
	if change.Password != nil {
		if err := checkPassword("password", *change.Password); err != nil {
			return User{}, err
		}
		var err error
		if hash, err = a.passwords.hash(ctx, *change.Password); err != nil {
			return User{}, err
		}
		changed["password"] = true
	}
	var row userRow
	var ended []int64
	err := a.db.Write(ctx, func(tx *Tx) (err error) {
		if row, err = tx.userRow(id); err != nil || len(changed) == 0 {
			return err
		}
		if change.Role != nil {
			row.Role = *change.Role
		}
		if hash != "" {
			row.PasswordHash = hash
		}
		if change.Disabled != nil && *change.Disabled != (row.DisabledAt != nil) {
			row.DisabledAt = nil
			if *change.Disabled {
				now := tx.Now()
				row.DisabledAt = &now
			}
		}
		if row.Role != RoleAdmin || row.DisabledAt != nil {
			if err := tx.anotherAdmin(id); err != nil {
				return err
			}
		}
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
		tx.batch.forgetName(id)
		switch {
		case row.DisabledAt != nil:
			ended, err = tx.endSessions(id, 0)
		case hash != "":
			ended, err = tx.endSessions(id, keep)
		}
		if err != nil {
			return err
		}
		return tx.Audit(actor, "user.update", target(id), changed)
	})
	if err != nil {
		return User{}, err
	}
	a.alive.dropUser(id)
	if row.DisabledAt != nil {
		// Before the sessions, so that the sockets close with the better reason.
		a.sockets.CloseUser(id)
	}
	a.ended(ended...)
	return row.user(), nil
}

// anotherAdmin refuses what would leave nobody to administer: a user who is not
// that last admin passes.
func (tx *Tx) anotherAdmin(id int64) error {
	var was, others int64
	err := tx.Raw(`SELECT COUNT(*) FILTER (WHERE id = ?), COUNT(*) FILTER (WHERE id <> ?) FROM users WHERE role = ? AND disabled_at IS NULL`,
		id, id, RoleAdmin).Row().Scan(&was, &others)
	if err == nil && was > 0 && others == 0 {
		err = Errorf(LastAdmin, "this is the last admin who can sign in: make another one first")
	}
	return err
}

// DeleteUser deletes an account with all that is its own: sessions, log, inbox,
// and the decks it owns, shared ones too, which their members learn from their
// logs. Decks of others lose a member.
func (a *Accounts) DeleteUser(ctx context.Context, actor, id int64) error {
	err := a.db.Write(ctx, func(tx *Tx) error {
		row, err := tx.userRow(id)
		if err != nil {
			return err
		}
		if err := tx.anotherAdmin(id); err != nil {
			return err
		}
		if err := tx.leaveDecks(id); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM idempotency WHERE sender = ?`, fmt.Sprintf("u:%d", id)).Error; err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM users WHERE id = ?`, id).Error; err != nil {
			return err
		}
		if err := tx.Audit(actor, "user.delete", target(id), map[string]any{"username": row.Username}); err != nil {
			return err
		}
		tx.batch.forget(id)
		return nil
	})
	if err != nil {
		return err
	}
	a.alive.dropUser(id)
	a.sockets.CloseUser(id)
	return nil
}
