package models

import (
	"slices"
	"strings"
)

// mediaIn are the files that a note's fields name, by their hashes, each once.
func mediaIn(n content) (hashes []string) {
	for _, text := range n.fields {
		for {
			_, rest, found := strings.Cut(text, mediaPath)
			if !found {
				break
			}
			if text = rest; len(text) > hashLength && text[hashLength] == '.' && isHash(text[:hashLength]) {
				hashes = append(hashes, text[:hashLength])
			}
		}
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// keepMedia notes that a note shows files: whoever has its deck may read them from now
// on, and they stay. Files that its writer may not read are left out: to name one is not
// to have it.
func (tx *Tx) keepMedia(user, note int64, hashes []string) error {
	if len(hashes) == 0 {
		return nil
	}
	// To change the rows is to lock them, on a store that locks rows: they can't be swept
	// away before the note is there.
	var ids []int64
	err := tx.Raw(`UPDATE media AS m SET loose_since = NULL WHERE m.hash IN ? AND `+readable+` RETURNING id`, hashes, user, user).Scan(&ids).Error
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.Exec(`INSERT INTO note_media (note_id, media_id) VALUES (?, ?) ON CONFLICT (note_id, media_id) DO NOTHING`, note, id).Error; err != nil {
			return err
		}
	}
	return nil
}

// dropMedia forgets what a note showed, but for these.
func (tx *Tx) dropMedia(note int64, but []string) error {
	if len(but) == 0 {
		return tx.Exec(`DELETE FROM note_media WHERE note_id = ?`, note).Error
	}
	return tx.Exec(`DELETE FROM note_media WHERE note_id = ? AND media_id NOT IN (SELECT id FROM media WHERE hash IN ?)`, note, but).Error
}
