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

// auditRow is a line on its way into the store, which numbers it: nobody asks for the
// number, so nothing is to be read back.
type auditRow struct {
	ActorID   int64
	Action    string
	Target    string
	Detail    string
	CreatedAt time.Time
}

func (auditRow) TableName() string { return "audit" }

// Audit adds a line. detail is a JSON object without contents or secrets.
func (tx *Tx) Audit(actor int64, action, target string, detail any) error {
	encoded, err := encode(detail)
	if err != nil {
		return err
	}
	tx.batch.audits = append(tx.batch.audits, auditRow{ActorID: actor, Action: action, Target: target, Detail: string(encoded), CreatedAt: tx.now})
	return nil
}
