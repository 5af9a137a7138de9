package models

import "time"

// Audit is a line of who did what, written in the transaction of what was done.
type Audit struct {
	ID        int64
	ActorID   int64
	Action    string // "push.create", "user.update", …
	Target    string // "push:12", "user:5"
	Detail    string // a JSON object, without contents or secrets
	CreatedAt time.Time
}

func (Audit) TableName() string { return "audit" }

// Audit adds a line. detail is a JSON object without contents or secrets.
func (tx *Tx) Audit(actor int64, action, target string, detail any) error {
	encoded, err := encode(detail)
	if err != nil {
		return err
	}
	tx.batch.audits = append(tx.batch.audits, Audit{ActorID: actor, Action: action, Target: target, Detail: string(encoded), CreatedAt: tx.now})
	return nil
}
