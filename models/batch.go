package models

import (
	"maps"
	"slices"

	"gorm.io/gorm"
)

// batch gathers what the closures of one transaction add to logs and inboxes, so
// that a hundred changes cost three multi-row statements and not three hundred.
// It is the writer's alone.
//
// Rows wait in memory until flush; a query of a closure that must see them calls
// flush first. A closure that fails is undone here (mark, undo) as its savepoint, if it has one,
// is undone in the store.
type batch struct {
	db       *DB
	root     *gorm.DB
	rows     map[int64]*logRow // as they are now, loaded when first touched
	names    map[string]int64  // users who may sign in, by the keys of their names, as far as they are known
	dirty    map[int64]bool    // rows that differ from the store
	pushes   []pushRow
	events   []eventRow
	items    []Notification
	audits   []auditRow
	entries  []Entry  // for the bell, in log order
	ringAll  bool     // a push to everyone was added
	journal  []change // of the closure that runs
	newest   int64    // broadcast; read once a batch (readLast), -1 before
	lastPush int64    // read with it
	shared   bool     // by several callers
	lost     error    // a query of the batch's own failed: the transaction may be gone
}

func newBatch(db *DB, root *gorm.DB) *batch {
	return &batch{db: db, root: root, rows: map[int64]*logRow{}, names: map[string]int64{}, dirty: map[int64]bool{}, newest: -1, lastPush: -1}
}

// mark is a batch's state before a closure. The slices only grow and flush gives
// them a new backing array, so their headers are enough; rows are journaled as
// they change.
type mark struct {
	pushes   []pushRow
	events   []eventRow
	items    []Notification
	audits   []auditRow
	entries  int
	ringAll  bool
	newest   int64
	lastPush int64
}

// change is what undoes one change of a row: old is nil when the row came into
// memory then.
type change struct {
	user     int64
	old      *logRow
	wasDirty bool
}

func (b *batch) mark() mark {
	b.journal = b.journal[:0]
	return mark{
		pushes:   b.pushes,
		events:   b.events,
		items:    b.items,
		audits:   b.audits,
		entries:  len(b.entries),
		ringAll:  b.ringAll,
		newest:   b.newest,
		lastPush: b.lastPush,
	}
}

func (b *batch) undo(m mark) {
	b.pushes, b.events, b.items, b.audits, b.entries = m.pushes, m.events, m.items, m.audits, b.entries[:m.entries]
	b.ringAll, b.newest, b.lastPush = m.ringAll, m.newest, m.lastPush
	for _, c := range slices.Backward(b.journal) {
		if c.old == nil {
			delete(b.rows, c.user)
			delete(b.dirty, c.user)
			continue
		}
		*b.rows[c.user] = *c.old
		if c.wasDirty {
			b.dirty[c.user] = true
		} else {
			delete(b.dirty, c.user)
		}
	}
}

// edit gives a loaded row to be changed.
func (b *batch) edit(user int64) *logRow {
	row := b.rows[user]
	old := *row
	b.journal = append(b.journal, change{user: user, old: &old, wasDirty: b.dirty[user]})
	b.dirty[user] = true
	return row
}

// flush writes what was gathered into the transaction.
func (b *batch) flush() error {
	err := insertPushes.write(b.root, &b.pushes)
	if err == nil {
		err = insertEvents.write(b.root, &b.events)
	}
	if err == nil {
		err = insertItems.write(b.root, &b.items)
	}
	if err == nil {
		err = insertAudits.write(b.root, &b.audits)
	}
	if err != nil {
		return err
	}
	if len(b.dirty) == 0 {
		return nil
	}
	changed := make([]logRow, 0, len(b.dirty))
	for _, id := range slices.Sorted(maps.Keys(b.dirty)) {
		row := *b.rows[id]
		changed = append(changed, row)
		// A closure that fails after a flush takes the row's update back with it, also
		// when the change was an earlier closure's.
		b.journal = append(b.journal, change{user: id, old: &row, wasDirty: true})
	}
	b.dirty = map[int64]bool{}
	return updateLogs.write(b.root, &changed)
}

// load brings the users' rows into the batch, each with the pushes to everyone
// that it had not taken over yet. Unknown users are not_found.
func (b *batch) load(users []int64) error {
	var missing []int64
	for _, id := range users {
		if b.rows[id] == nil {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing) // locked in this order on stores that lock rows
	for chunk := range slices.Chunk(slices.Compact(missing), 500) {
		rows, err := b.readLogs(chunk)
		if err != nil {
			return err
		}
		if len(rows) != len(chunk) {
			return Errorf(NotFound, "there is no such user")
		}
		for _, r := range rows {
			b.rows[r.UserID] = &r
			b.journal = append(b.journal, change{user: r.UserID})
		}
		if err := b.takeOver(rows); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) readLogs(users []int64) (rows []logRow, err error) {
	err = b.aside(func() error {
		rows, err = readLogs(b.root, users)
		return err
	})
	return rows, err
}

// aside runs a query for the batch, not for the closure that happens to need it first.
// It makes no savepoint: when it fails, the whole batch does.
func (b *batch) aside(query func() error) error {
	if b.lost == nil {
		b.lost = b.db.lane.aside(query)
	}
	return b.lost // for good: a closure may look away from it and go on
}

// forget takes what waits for a user who was deleted back out: it would no longer
// find its user. It can't be undone, so it is a closure's last word.
func (b *batch) forget(user int64) {
	b.events = slices.DeleteFunc(slices.Clone(b.events), func(e eventRow) bool { return e.UserID == user })
	b.items = slices.DeleteFunc(slices.Clone(b.items), func(n Notification) bool { return n.UserID == user })
	delete(b.rows, user)
	delete(b.dirty, user)
	b.forgetName(user)
}
