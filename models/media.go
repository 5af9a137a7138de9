package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"gorm.io/gorm"

	"aoki/models/sniff"
)

const (
	// MaxPicture and MaxSound are how large a file may be, in bytes.
	MaxPicture = 10 << 20
	MaxSound   = 20 << 20
	// maxMedia is how many files a user may have brought.
	maxMedia = 100_000
	// mediaChunk is how much of a file is stored in one change: others wait for it.
	mediaChunk = 256 << 10
	// mediaPath is where the files are read; fields of notes name them by it.
	mediaPath = "/api/v1/media/"
)

// Media is a picture or a sound, named by what is in it.
type Media struct {
	Hash   string `json:"hash"`
	URL    string `json:"url"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	Width  int64  `json:"width,omitempty"`
	Height int64  `json:"height,omitempty"`
}

// The states of a row: what arrives has not all its chunks yet, what goes not all any
// more. Neither is there for anybody.
const (
	mediaArrives = iota
	mediaThere
	mediaGoes
)

type mediaRow struct {
	ID         int64
	Hash       string
	Type       string
	Ext        string
	Size       int64
	Width      int64
	Height     int64
	State      int64
	LooseSince *int64 // when it was first found that no note shows it, in microseconds
	CreatedAt  int64
}

func (mediaRow) TableName() string { return "media" }

func (r mediaRow) media() Media {
	return Media{Hash: r.Hash, URL: mediaPath + r.Hash + "." + r.Ext, Type: r.Type, Size: r.Size, Width: r.Width, Height: r.Height}
}

func noMedia() error { return Errorf(NotFound, "there is no such file") }

// AddMedia keeps a picture or a sound, which then belongs to what the user brought, and
// is readable to them. quota is how many bytes that may be in all. The same file again
// is the same answer, and isNew tells whether the user did not have it. data is not kept.
//
// It is stored in several changes, each of them small; what is cut off in between is
// seen by nobody, and goes with the next [DB.SweepMedia].
func (db *DB) AddMedia(ctx context.Context, user int64, data []byte, quota int64) (m Media, isNew bool, err error) {
	file, err := sniff.Check(data)
	if err != nil {
		return m, false, InvalidField("file", "%s", err.Error())
	}
	if most := mostOf(file); len(data) > most {
		return m, false, InvalidField("file", "is over %d MiB", most>>20)
	}
	sum := sha256.Sum256(data)
	row := mediaRow{
		Hash: hex.EncodeToString(sum[:]), Type: file.Type, Ext: file.Ext, Size: int64(len(data)),
		Width: int64(file.Width), Height: int64(file.Height),
	}
	claimed := false
	err = db.Write(ctx, func(tx *Tx) error {
		if claimed, isNew, err = tx.claimMedia(user, &row, quota); claimed || err != nil {
			return err
		}
		row.State, row.CreatedAt = mediaArrives, tx.Now().UnixMicro()
		return tx.Create(&row).Error
	})
	if err != nil || claimed {
		return row.media(), isNew, err
	}
	mine := row.ID
	if err = db.storeMedia(ctx, mine, data); err == nil {
		err = db.Write(ctx, func(tx *Tx) error {
			isNew, err = tx.settleMedia(user, mine, &row, quota)
			return err
		})
	}
	if err != nil || row.ID != mine {
		// Also when the request was given up: nothing of it may stay.
		rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if gone := db.removeMedia(rest, mine); gone != nil {
			db.log.Warn("what is left of an upload goes later", "err", fmt.Sprint(gone))
		}
	}
	return row.media(), isNew, err
}

// mostOf is how large such a file may be.
func mostOf(file sniff.File) int {
	if file.Image() {
		return MaxPicture
	}
	return MaxSound
}

// storeMedia writes a file's contents, each piece on its own.
func (db *DB) storeMedia(ctx context.Context, id int64, data []byte) error {
	for n := 0; n*mediaChunk < len(data); n++ {
		piece := data[n*mediaChunk : min(len(data), (n+1)*mediaChunk)]
		err := db.Write(ctx, func(tx *Tx) error {
			if err := tx.arriving(id); err != nil {
				return err
			}
			return tx.Exec(`INSERT INTO media_chunks (media_id, n, data) VALUES (?, ?, ?)`, id, n, piece).Error
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// arriving refuses to go on with a file that was swept away, because it took so long.
func (tx *Tx) arriving(id int64) error {
	var n int64
	err := tx.Raw(`SELECT COUNT(*) FROM media WHERE id = ? AND state = ?`, id, mediaArrives).Scan(&n).Error
	if err == nil && n == 0 {
		err = unavailable(nil)
	}
	return err
}

// settleMedia makes a file that has arrived be there; or, when the same has come
// another way meanwhile, lets the user have that one: row is it then.
func (tx *Tx) settleMedia(user, mine int64, row *mediaRow, quota int64) (isNew bool, err error) {
	claimed, isNew, err := tx.claimMedia(user, row, quota)
	if claimed || err != nil {
		return isNew, err
	}
	if err := tx.arriving(mine); err != nil {
		return false, err
	}
	if err := tx.Exec(`UPDATE media SET state = ? WHERE id = ?`, mediaThere, mine).Error; err != nil {
		return false, err
	}
	return true, tx.bring(user, mine, row.Size)
}

// claimMedia looks for a file that is there, by its hash, and lets the user have it. It
// refuses, also when it is not there, what is over the user's quota.
func (tx *Tx) claimMedia(user int64, row *mediaRow, quota int64) (claimed, isNew bool, err error) {
	var there mediaRow
	if err := tx.Raw(`SELECT * FROM media WHERE hash = ? AND state = ?`, row.Hash, mediaThere).Scan(&there).Error; err != nil {
		return false, false, err
	}
	var has int64
	if err := tx.Raw(`SELECT COUNT(*) FROM media_users WHERE user_id = ? AND media_id = ?`, user, there.ID).Scan(&has).Error; err != nil {
		return false, false, err
	}
	if has == 0 {
		if err := tx.roomForMedia(user, row.Size, quota); err != nil {
			return false, false, err
		}
	}
	if there.ID == 0 {
		return false, false, nil
	}
	*row = there
	// Its week begins anew: somebody is about to write it into a note.
	if err := tx.Exec(`UPDATE media SET loose_since = NULL WHERE id = ?`, there.ID).Error; err != nil {
		return false, false, err
	}
	if has > 0 {
		return true, false, nil
	}
	return true, true, tx.bring(user, there.ID, there.Size)
}

func (tx *Tx) bring(user, id, size int64) error {
	return tx.Exec(`INSERT INTO media_users (user_id, media_id, size, created_at) VALUES (?, ?, ?, ?)`, user, id, size, tx.Now().UnixMicro()).Error
}

// roomForMedia refuses what is over a user's quota.
func (tx *Tx) roomForMedia(user, size, quota int64) error {
	var files, bytes int64
	err := tx.Raw(`SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM media_users WHERE user_id = ?`, user).Row().Scan(&files, &bytes)
	switch {
	case err != nil:
		return err
	case files >= maxMedia:
		return Errorf(LimitReached, "you have %d files, and can't have more", files)
	case bytes+size > quota:
		return Errorf(LimitReached, "your files may have %d MiB in all, and this one is too much: what no card shows makes room after a week", quota>>20)
	}
	return nil
}

// readable is the condition on media m under which a user may read it: who brought it
// may, and who has a deck with a note that shows it. It takes the user's id twice.
const readable = `m.state = 1 AND (
	EXISTS (SELECT 1 FROM media_users u WHERE u.user_id = ? AND u.media_id = m.id)
	OR EXISTS (SELECT 1 FROM note_media s JOIN notes n ON n.id = s.note_id
		JOIN deck_members d ON d.deck_id = n.deck_id AND d.user_id = ? WHERE s.media_id = m.id))`

// mediaOf finds a file by its hash that the user may read.
func mediaOf(g *gorm.DB, user int64, hash string) (row mediaRow, err error) {
	err = g.Raw(`SELECT m.* FROM media m WHERE m.hash = ? AND `+readable, hash, user, user).Scan(&row).Error
	if err == nil && row.ID == 0 {
		err = noMedia()
	}
	return row, err
}
