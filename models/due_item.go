package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	kindDue = "cards.due"
	// digestGroup is the group of the item that speaks of several decks.
	digestGroup = "digest"
	// maxDigestDecks is how many decks a digest names.
	maxDigestDecks = 20
)

// dueGroup is the group of a deck's item: there is never more than one that is not
// recalled, the newest.
func dueGroup(deck int64) string { return fmt.Sprintf("due:%d", deck) }

// CardsDue is the data of the cards.due of one deck.
type CardsDue struct {
	DeckID int64  `json:"deck_id"`
	Deck   string `json:"deck"`
	Due    int64  `json:"due"`
	// Learning says that learning cards alone called, and are counted.
	Learning bool `json:"learning,omitempty"`
}

// Digest is the data of a cards.due over several decks.
type Digest struct {
	Due       int64        `json:"due"`
	DeckCount int          `json:"deck_count"`
	Decks     []DigestDeck `json:"decks"` // those with the most first, at most maxDigestDecks
}

// DigestDeck is a deck in a digest.
type DigestDeck struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Due  int64  `json:"due"`
}

// dueWords is what an item says, in English for programs: the web app has its own words.
type dueWords struct {
	title, body, link string
	data              any
}

func (d CardsDue) words() dueWords {
	return dueWords{title: cardsDue(d.Due) + " in " + d.Deck, link: deckLink(d.DeckID) + "/study", data: d}
}

func cardsDue(n int64) string {
	if n == 1 {
		return "1 card due"
	}
	return fmt.Sprintf("%d cards due", n)
}

// digestOf is the digest of the decks.
func digestOf(decks []DigestDeck) Digest {
	d := Digest{DeckCount: len(decks), Decks: slices.Clone(decks)}
	slices.SortStableFunc(d.Decks, func(a, b DigestDeck) int { return int(b.Due - a.Due) })
	for _, deck := range decks {
		d.Due += deck.Due
	}
	d.Decks = d.Decks[:min(len(decks), maxDigestDecks)]
	return d
}

// words of a digest that speaks of one deck alone are that deck's.
func (d Digest) words() dueWords {
	if d.DeckCount == 1 {
		return CardsDue{DeckID: d.Decks[0].ID, Deck: d.Decks[0].Name, Due: d.Due}.words()
	}
	names := make([]string, len(d.Decks))
	for i, deck := range d.Decks {
		names[i] = fmt.Sprintf("%s: %d", deck.Name, deck.Due)
	}
	if d.DeckCount > len(d.Decks) {
		names = append(names, "…")
	}
	return dueWords{title: fmt.Sprintf("%s in %d decks", cardsDue(d.Due), d.DeckCount), body: strings.Join(names, ", "), link: "/study", data: d}
}

// readDigest is the data of an item of the digest's group, which may have the form of a
// single deck's.
func readDigest(item *Notification) (d Digest, err error) {
	var one CardsDue
	if err := json.Unmarshal([]byte(item.Data), &one); err != nil {
		return d, err
	}
	if one.DeckID != 0 {
		return digestOf([]DigestDeck{{ID: one.DeckID, Name: one.Deck, Due: one.Due}}), nil
	}
	return d, json.Unmarshal([]byte(item.Data), &d)
}

// about reports whether a digest may speak of a deck: of many decks, it does not name all.
func (d Digest) about(deck int64) bool {
	return d.DeckCount > len(d.Decks) || slices.ContainsFunc(d.Decks, func(e DigestDeck) bool { return e.ID == deck })
}

// openDue are the items of due cards that are not recalled: few, with an index of their own.
const openDue = `kind = 'cards.due' AND recalled_at IS NULL`

// dueItem is the item of a group that is not recalled, nil when there is none.
func (tx *Tx) dueItem(user int64, group string) (*Notification, error) {
	if slices.ContainsFunc(tx.batch.items, func(n Notification) bool { return n.UserID == user && n.GroupKey == group }) {
		if err := tx.batch.flush(); err != nil {
			return nil, err
		}
	}
	var item Notification
	err := tx.Where("user_id = ? AND group_key = ? AND "+openDue, user, group).Limit(1).Find(&item).Error
	if err != nil || item.Seq == 0 {
		return nil, err
	}
	return &item, nil
}

// call puts what is due at the top of the inbox: into the group's item while that is
// open and young, else into a new one in its place.
func (tx *Tx) call(user int64, group string, had *Notification, say dueWords) error {
	if had != nil && had.ArchivedAt == nil && had.CreatedAt.After(tx.now.Add(-mergeWindow)) {
		return tx.reword(had, say, true)
	}
	if had != nil {
		if err := tx.Recall(user, had.Seq); err != nil {
			return err
		}
	}
	fresh, err := Notice{Kind: kindDue, GroupKey: group, Title: say.title, Body: say.body, Link: say.link, Data: say.data}.encode(tx.now)
	if err != nil {
		return err
	}
	if err := tx.batch.load([]int64{user}); err != nil {
		return err
	}
	tx.batch.add(user, fresh)
	return nil
}

// reword changes an item in place. With an alert it is as if it was new: unread, unseen,
// worth a toast; else nobody is disturbed, and what says the same already is left alone.
func (tx *Tx) reword(item *Notification, say dueWords, alert bool) error {
	data, err := encode(say.data)
	if err != nil {
		return err
	}
	if !alert && item.Data == string(data) {
		return nil
	}
	if err := tx.batch.load([]int64{item.UserID}); err != nil {
		return err
	}
	row := tx.batch.edit(item.UserID)
	if alert {
		row.Unread += one(item.ReadAt)
		row.Unseen += one(item.SeenAt)
		item.ReadAt, item.SeenAt = nil, nil
	}
	item.Title, item.Body, item.Link, item.Data, item.UpdatedAt = say.title, say.body, say.link, string(data), tx.now
	err = tx.Model(&Notification{}).Where("user_id = ? AND seq = ?", item.UserID, item.Seq).
		Select("title", "body", "link", "data", "updated_at", "read_at", "seen_at").Updates(*item).Error
	if err != nil {
		return err
	}
	payload, err := encode(struct {
		Notification Notification `json:"notification"`
		Alert        bool         `json:"alert,omitempty"`
	}{*item, alert})
	if err != nil {
		return err
	}
	tx.batch.append(item.UserID, "notification.updated", payload, &Counts{Unread: row.Unread, Unseen: row.Unseen}, tx.now)
	return nil
}

// one is 1 for a mark that was set: an item in the inbox counts again without it.
func one(mark *time.Time) int64 {
	if mark == nil {
		return 0
	}
	return 1
}
