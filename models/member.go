package models

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// maxMembers is how many may have a deck, its owner included: each change of the
// deck is an entry in the log of every one of them.
const maxMembers = 1000

// Member is somebody who has a deck.
type Member struct {
	User UserRef `json:"user"`
	Role string  `json:"role"`
}

// UserRef names a user to others.
type UserRef struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

type memberRow struct {
	DeckID    int64
	UserID    int64
	Role      string
	CreatedAt time.Time
}

func (memberRow) TableName() string { return "deck_members" }

func (tx *Tx) addMember(deck, user int64, role string) error {
	return tx.Create(&memberRow{DeckID: deck, UserID: user, Role: role, CreatedAt: tx.Now()}).Error
}

// members are the users who have a deck.
func (tx *Tx) members(deck int64) (users []int64, err error) {
	err = tx.Raw(`SELECT user_id FROM deck_members WHERE deck_id = ? ORDER BY user_id`, deck).Scan(&users).Error
	return users, err
}

// tellMembers adds an event to the log of everybody who has the deck.
func (tx *Tx) tellMembers(name string, message any, deck int64) error {
	users, err := tx.members(deck)
	if err != nil {
		return err
	}
	return tx.Append(name, message, users...)
}

// behindOwner is the cursor behind the owner, who comes first: no name begins with
// a dot, and letters and digits sort behind it.
const behindOwner = "."

// ListMembers is a page of who has a deck, for its members: the owner, then the
// others by name. after and next are cursors, "" for the first and the last page.
func (db *DB) ListMembers(ctx context.Context, user, deck int64, after string, limit int) (members []Member, next string, err error) {
	if err := db.checkMember(ctx, user, deck); err != nil {
		return nil, "", err
	}
	var rows []struct {
		ID          int64
		Username    string
		UsernameKey string
		Role        string
	}
	err = db.Read(ctx).Raw(`SELECT u.id, u.username, u.username_key, m.role FROM deck_members m JOIN users u ON u.id = m.user_id
		WHERE m.deck_id = ? AND EXISTS (SELECT 1 FROM deck_members me WHERE me.deck_id = m.deck_id AND me.user_id = ?)
		AND (? = '' OR (m.role <> 'owner' AND u.username_key > ?))
		ORDER BY m.role <> 'owner', u.username_key LIMIT ?`, deck, user, after, after, limit+1).Scan(&rows).Error
	if len(rows) > limit {
		rows = rows[:limit]
		if next = rows[limit-1].UsernameKey; rows[limit-1].Role == DeckOwner {
			next = behindOwner
		}
	}
	for _, r := range rows {
		members = append(members, Member{User: UserRef{ID: r.ID, Username: r.Username}, Role: r.Role})
	}
	return members, next, err
}

// PutMember shares a deck with a user, or changes their role in it. Only its owner
// may. Who gets it new is told by a notification; the members see the list change.
func (db *DB) PutMember(ctx context.Context, user, deck int64, username, role string) (m Member, err error) {
	if role != DeckEditor && role != DeckViewer {
		return m, InvalidField("role", "must be %s or %s", DeckViewer, DeckEditor)
	}
	err = db.Write(ctx, func(tx *Tx) error {
		a, err := tx.ownerOf(user, deck)
		if err != nil {
			return err
		}
		other, err := tx.userNamed(username)
		if err != nil {
			return err
		}
		m = Member{User: other, Role: role}
		had, err := tx.roleIn(deck, other.ID)
		switch {
		case err != nil:
			return err
		case had == DeckOwner:
			return Errorf(Conflict, "a deck's owner stays its owner")
		case had == role:
			return nil
		case had == "":
			return tx.share(a, m)
		}
		if err := tx.Exec(`UPDATE deck_members SET role = ? WHERE deck_id = ? AND user_id = ?`, role, deck, other.ID).Error; err != nil {
			return err
		}
		return tx.tellMembers("deck.updated", a.Deck.event(), deck)
	})
	return m, err
}

// share gives a deck to somebody who has not had it.
func (tx *Tx) share(a access, m Member) error {
	users, err := tx.members(a.Deck.ID)
	if err != nil {
		return err
	}
	if len(users) >= maxMembers {
		return Errorf(LimitReached, "%d users have this deck, and no more can", len(users))
	}
	if err := tx.addMember(a.Deck.ID, m.User.ID, m.Role); err != nil {
		return err
	}
	// Who comes back goes on where they were, and is called for it again.
	st, err := studyOf(tx.DB, m.User.ID, a.Deck.ID, tx.now)
	if err != nil {
		return err
	}
	if err := tx.settleDue(st); err != nil {
		return err
	}
	if err := tx.Append("deck.updated", a.Deck.event(), users...); err != nil {
		return err
	}
	if err := tx.Append("deck.created", a.Deck.event(), m.User.ID); err != nil {
		return err
	}
	return tx.Notify(sharedNotice(a, m.Role), m.User.ID)
}

// DeckShared is the data of a deck.shared.
type DeckShared struct {
	DeckID int64  `json:"deck_id"`
	Deck   string `json:"deck"`
	By     string `json:"by"`
	Role   string `json:"role"`
}

func sharedNotice(a access, role string) Notice {
	body := "You can study it."
	if role == DeckEditor {
		body = "You can study and edit it."
	}
	return Notice{
		Kind:  "deck.shared",
		Title: fmt.Sprintf("%s shared %s with you", a.Username, a.Deck.Name),
		Body:  body,
		Link:  deckLink(a.Deck.ID),
		Data:  DeckShared{DeckID: a.Deck.ID, Deck: a.Deck.Name, By: a.Username, Role: role},
	}
}

func deckLink(id int64) string { return fmt.Sprintf("/decks/%d", id) }

// RemoveMember takes a deck from a user: its owner may from anybody else, everybody
// else from themselves. For who is removed it is as if it was deleted.
func (db *DB) RemoveMember(ctx context.Context, user, deck int64, username string) error {
	return db.Write(ctx, func(tx *Tx) error {
		a, err := tx.memberOf(user, deck)
		if err != nil {
			return err
		}
		self := usernameKey(username) == usernameKey(a.Username)
		switch {
		case a.Role != DeckOwner && !self:
			return Errorf(Forbidden, "only the deck's owner may remove others")
		case a.Role == DeckOwner && self:
			return Errorf(Conflict, "the owner can't leave: delete the deck instead")
		}
		other := UserRef{ID: user}
		if !self {
			if other, err = tx.userNamed(username); err != nil {
				return err
			}
		}
		users, err := tx.members(deck)
		if err != nil {
			return err
		}
		at := slices.Index(users, other.ID)
		if at < 0 {
			return noUser("this user does not have the deck")
		}
		if err := tx.Exec(`DELETE FROM deck_members WHERE deck_id = ? AND user_id = ?`, deck, other.ID).Error; err != nil {
			return err
		}
		if err := tx.Append("deck.deleted", a.Deck.event(), other.ID); err != nil {
			return err
		}
		if err := tx.dropDue(deck, []int64{other.ID}); err != nil {
			return err
		}
		return tx.Append("deck.updated", a.Deck.event(), slices.Delete(users, at, at+1)...)
	})
}

// roleIn is what a user is in a deck, "" for a stranger to it.
func (tx *Tx) roleIn(deck, user int64) (role string, err error) {
	err = tx.Raw(`SELECT role FROM deck_members WHERE deck_id = ? AND user_id = ?`, deck, user).Scan(&role).Error
	return role, err
}

// userNamed finds a user by name, in whatever case.
func (tx *Tx) userNamed(name string) (u UserRef, err error) {
	err = tx.Raw(`SELECT id, username FROM users WHERE username_key = ?`, usernameKey(name)).Scan(&u).Error
	if err == nil && u.ID == 0 {
		err = noUser("there is no such user")
	}
	return u, err
}

// noUser is a not_found that tells by its field that the deck is there, and the
// user is not.
func noUser(message string) error {
	return &Error{Code: NotFound, Message: message, Fields: []Field{{Field: "username", Message: message}}}
}
