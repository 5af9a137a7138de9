package models

import (
	"context"
	"encoding/json"
	"slices"
	"time"
	_ "time/tzdata" // zones are known also where the system has none
)

const maxPreferences = 8 << 10

// Locales that the web app speaks.
var locales = []string{"en", "zh-CN"}

// Profile is a user as they see themselves.
type Profile struct {
	ID          int64           `json:"id"`
	Username    string          `json:"username"`
	Role        string          `json:"role"`
	Locale      string          `json:"locale"`
	TimeZone    string          `json:"time_zone"`
	Preferences json.RawMessage `json:"preferences"`
	CreatedAt   time.Time       `json:"created_at"`
}

// ProfileChange says what of a profile is to change; nil leaves it. Preferences
// are merged by their top-level keys, and null takes one away.
type ProfileChange struct {
	Locale      *string
	TimeZone    *string
	Preferences map[string]json.RawMessage
}

func (r userRow) profile() Profile {
	return Profile{ID: r.ID, Username: r.Username, Role: r.Role, Locale: r.Locale, TimeZone: r.TimeZone,
		Preferences: json.RawMessage(r.Preferences), CreatedAt: r.CreatedAt}
}

// Profile is the user's own.
func (a *Accounts) Profile(ctx context.Context, user int64) (Profile, error) {
	var row userRow
	err := a.db.Read(ctx).Where("id = ?", user).Take(&row).Error
	return row.profile(), err
}

// UpdateProfile changes the user's own settings and tells their other devices.
func (a *Accounts) UpdateProfile(ctx context.Context, user int64, change ProfileChange) (Profile, error) {
	if change.Locale != nil && !slices.Contains(locales, *change.Locale) {
		return Profile{}, InvalidField("locale", "must be one of en, zh-CN")
	}
	if change.TimeZone != nil {
		if err := checkZone(*change.TimeZone); err != nil {
			return Profile{}, err
		}
	}
	var after Profile
	err := a.db.Write(ctx, func(tx *Tx) error {
		row, err := tx.userRow(user)
		if err != nil {
			return err
		}
		before := row
		if change.Locale != nil {
			row.Locale = *change.Locale
		}
		if change.TimeZone != nil {
			row.TimeZone = *change.TimeZone
		}
		if row.Preferences, err = mergePreferences(row.Preferences, change.Preferences); err != nil {
			return err
		}
		after = row.profile()
		if row == before {
			return nil
		}
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
		if err := tx.Append("me.updated", map[string]any{"user": after}, user); err != nil {
			return err
		}
		if err := tx.moveQuiet(before, row); err != nil || row.TimeZone == before.TimeZone {
			return err
		}
		if err := tx.replan(user, row.TimeZone); err != nil {
			return err
		}
		return tx.recountAllSoon(user)
	})
	return after, err
}

// checkZone takes the IANA names. "Local" and "" are Go's own words.
func checkZone(name string) error {
	_, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" || len(name) > 64 {
		return InvalidField("time_zone", "must be an IANA time zone such as Europe/Vienna")
	}
	return nil
}

func mergePreferences(old string, change map[string]json.RawMessage) (string, error) {
	if len(change) == 0 {
		return old, nil
	}
	merged := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(old), &merged); err != nil {
		return "", err
	}
	for key, value := range change {
		if string(value) == "null" {
			delete(merged, key)
		} else {
			merged[key] = value
		}
	}
	out, err := encode(merged)
	if ErrorCode(err) == Invalid || len(out) > maxPreferences {
		err = InvalidField("preferences", "must be at most %d bytes of JSON", maxPreferences)
	}
	return string(out), err
}
